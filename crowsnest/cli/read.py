"""`crowsnest read` and `crowsnest labels`: the readers as filters, without settings, ledger or network."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crowsnest.cli.context import DONE, WITH_ERRORS, print_json
from market.errors import UsageError

if TYPE_CHECKING:
    from crawlers.readers import ReadResult
    from crawlers.readers.explain import Explainer
    from market.records import Article, Capture, Issue, Offer, Source
    from market.records.capture import ReaderName

MAX_BYTES = 200_000_000
"""A larger file, or one that unpacks to more, is cut here, and an issue says so."""

_KINDS = ("article", "offers", "labels")


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""

    @app.command("read")
    def read(
        files: Annotated[
            list[str],
            typer.Argument(help="Pages and files: .html, .html.gz, .pdf, .csv, .xlsx; - for standard input."),
        ],
        url: Annotated[str, typer.Option(help="Where the page came from; default: what the page says.")] = "",
        company: Annotated[
            str, typer.Option(help="Company id of the offers; default: the page's own name.")
        ] = "",
        kind: Annotated[str, typer.Option(help="article, offers or labels; default: what the page is.")] = "",
        explain: Annotated[
            bool, typer.Option(help="Add where each slot was read, and what was not.")
        ] = False,
        json_lines: Annotated[bool, typer.Option("--json", help="JSON lines; always so.")] = True,
    ) -> None:
        """Read captured pages: one JSON line a file, an article or a list of offers.

        Example: crowsnest read --explain plans.html news.html.gz
        """
        if kind and kind not in _KINDS:
            raise UsageError("kind-unknown", f"--kind {kind}: no such kind; take one of {', '.join(_KINDS)}")
        if url and len(files) > 1:
            raise UsageError("url-for-many", "--url names one page; give one file with it")
        failed = False
        for name in files:
            body, truncated = read_bytes(name)
            line, bad = read_line(
                name, body, url=url, company=company, kind=kind, explain=explain, truncated=truncated
            )
            print_json(line)
            failed = failed or bad
        raise typer.Exit(WITH_ERRORS if failed else DONE)

    @app.command("labels")
    def labels(
        file: Annotated[
            str,
            typer.Argument(help="A broadband label file (CSV, TSV, XLSX, JSON, HTML); - for standard input."),
        ],
        company: Annotated[
            str, typer.Option(help="Company id of the offers; default: by the provider's name.")
        ] = "",
        json_lines: Annotated[bool, typer.Option("--json", help="JSON lines; always so.")] = True,
    ) -> None:
        """Read a broadband label file: one Offer a line, then a line with issues and the count of rows.

        Example: crowsnest labels labels.xlsx --company acme > offers.jsonl
        """
        body, truncated = read_bytes(file)
        result = run_reader("labels", file, body, url="", company=company, truncated=truncated)
        for record in result.records:
            print_json(record)
        print_json(
            {"issues": [issue_json(issue) for issue in result.issues], "counts": result.reading.counts}
        )
        raise typer.Exit(WITH_ERRORS if result.reading.outcome == "failed" else DONE)


def read_bytes(name: str) -> tuple[bytes, bool]:
    """Return a file's bytes, unpacked when they are gzip, and whether they were cut at MAX_BYTES.

    Raises UsageError when the file cannot be read or is no whole gzip file.
    """
    import gzip
    import io
    import zlib

    try:
        if name == "-":
            raw = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            with Path(name).open("rb") as handle:
                raw = handle.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError("file-unreadable", f"{name}: {error.strerror}; give the path of a page") from None
    if raw[:2] == b"\x1f\x8b":
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(raw)) as packed:
                raw = packed.read(MAX_BYTES + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise UsageError(
                "file-unreadable", f"{name}: broken gzip file ({error}); fetch it again"
            ) from None
    return raw[:MAX_BYTES], len(raw) > MAX_BYTES


def run_reader(
    reader: ReaderName, name: str, body: bytes, *, url: str, company: str, truncated: bool = False
) -> ReadResult:
    """Run one reader on a file as if it had been captured now."""
    from crawlers.readers import read_capture
    from market.clock import SystemClock

    now = SystemClock().now()
    capture, source = _frame(reader, name, body, url, company, now, truncated)
    return read_capture(capture, body, source, now)


def _frame(
    reader: ReaderName, name: str, body: bytes, url: str, company: str, now: datetime, truncated: bool
) -> tuple[Capture, Source]:
    from market.ids import digest, sha256_hex
    from market.records import Capture, Source

    where = url or (Path(name).resolve().as_uri() if name != "-" else "stdin:")
    sha256 = sha256_hex(body)
    capture = Capture(
        id="c" + digest("file", sha256),
        source_id="file",
        run_id="",
        url=where,
        final_url=where,
        fetched_at=now,
        status=200,
        sha256=sha256,
        warc_file="",
        warc_offset=0,
        changed=True,
        reader=reader,
        truncated=truncated,
    )
    kind = "labels" if reader == "labels" else "page"
    return capture, Source(id="file", kind=kind, url=where, company=company or None)


def read_line(
    name: str, body: bytes, *, url: str, company: str, kind: str, explain: bool, truncated: bool = False
) -> tuple[dict[str, Any], bool]:
    """Return the line for one file and whether reading it failed."""
    from crawlers.readers.kind import kind_of, url_of

    chosen: dict[str, ReaderName] = {"article": "article", "offers": "offers", "labels": "labels"}
    reader: ReaderName = chosen[kind] if kind else kind_of(body, name)
    where = url or (url_of(body) if reader != "labels" else "")
    result = run_reader(reader, name, body, url=where, company=company, truncated=truncated)
    line: dict[str, Any] = {"file": name, "kind": reader}
    if reader == "article":
        line.update(_article_json(result.records[0] if result.records else None))
    else:
        line["offers"] = [offer.model_dump(mode="json") for offer in result.records]
    if result.issues:
        line["issues"] = [issue_json(issue) for issue in result.issues]
    if explain:
        told = _explainer(reader, name, body, where, company, truncated)
        line["explain"] = [step for record in result.records for step in explain_record(record, told)]
        line["counts"] = result.reading.counts
    return line, result.reading.outcome == "failed"


def _article_json(article: Article | Offer | None) -> dict[str, Any]:
    names = (
        "title",
        "text",
        "published_at",
        "date_from",
        "author",
        "language",
        "publisher",
        "url",
        "text_sha256",
    )
    if article is None:
        return {**dict.fromkeys(names), "title": "", "text": ""}
    dumped = article.model_dump(mode="json")
    return {name: dumped[name] for name in names} | {"published_day_only": dumped["published_day_only"]}


def _explainer(
    reader: ReaderName, name: str, body: bytes, url: str, company: str, truncated: bool
) -> Explainer:
    """Return what explains the offers of a file that was read as if it had been captured now."""
    from crawlers.readers.explain import Explainer
    from market.clock import SystemClock

    now = SystemClock().now()
    capture, source = _frame(reader, name, body, url, company, now, truncated)
    return Explainer(capture, body, source, now)


def explain_record(record: Article | Offer, told: Explainer) -> list[dict[str, Any]]:
    """Return, for each slot of a record, the words it was read from, where they stand and by which rule."""
    from market.records import Offer

    if isinstance(record, Offer):
        return list(told.offer(record))
    return [
        {
            "slot": "published_at",
            "value": record.published_at.isoformat() if record.published_at else None,
            "words": record.published_raw,
            "rule": record.date_from,
        }
    ]


def issue_json(issue: Issue) -> dict[str, Any]:
    """Return what a reader of the output needs of an issue."""
    return {"code": issue.code, "level": issue.level, "message": issue.message, "data": issue.data}
