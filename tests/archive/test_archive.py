from __future__ import annotations

import gzip
import subprocess
import sys
import zlib
from datetime import UTC, datetime
from pathlib import Path

import brotli
import pytest
from backports import zstd
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.content import decode
from archive.reader import Archive
from archive.recovery import recover
from archive.response import Place, Response, Tags
from archive.writer import WarcWriter
from market.clock import FixedClock
from market.errors import UnavailableError
from market.records import Link

NOON = datetime(2026, 11, 2, 12, 0, 0, 250000, tzinfo=UTC)
CLOCK = FixedClock(NOON)
HINT = Link(
    source_id="harbor-news", url="https://harbor.example/a", title='“Größer”, \n "x" 😀 \\', seen_at=NOON
)


def response(body: bytes = b"<p>Harbor</p>", **fields: object) -> Response:
    values: dict[str, object] = {
        "url": "https://harbor.example/a",
        "status": 200,
        "headers": ((b"Content-Type", b"text/html; charset=utf-8"),),
        "body": body,
        "at": NOON,
        "tags": Tags(
            source_id="harbor-news",
            run_id="run1",
            asked_url="https://harbor.example/old",
            reader="article",
            hint=HINT,
        ),
    }
    return Response.model_validate(values | fields)


def written(folder: Path, *responses: Response, complete: bool = True) -> list[Place]:
    writer = WarcWriter(folder, "run1", CLOCK, agent="Crowsnest/test")
    places = [writer.write(each) for each in responses]
    writer.close(complete=complete)
    return places


def test_a_response_comes_back_as_it_was(tmp_path: Path) -> None:
    told = response(cut_by="length")
    place = written(tmp_path, response(b"first"), told)[1]
    assert Archive(tmp_path).record(place.file, place.offset) == told


@pytest.mark.parametrize(
    "hint_title", ["plain", "a\r\nWARC-Type: warcinfo", "\u2028", "tab\there", "é ü ñ", "\U0001f600"]
)
def test_a_hint_survives_whatever_its_title(tmp_path: Path, hint_title: str) -> None:
    hint = HINT.model_copy(update={"title": hint_title})
    told = response(tags=response().tags.model_copy(update={"hint": hint}))
    place = written(tmp_path, told)[0]
    assert Archive(tmp_path).record(place.file, place.offset).tags.hint == hint


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=300), st.text(max_size=60))
def test_any_body_and_header_come_back(
    tmp_path_factory: pytest.TempPathFactory, body: bytes, text: str
) -> None:
    value = (
        text.encode("utf-8", "replace").replace(b"\r", b" ").replace(b"\n", b" ").replace(b"\0", b" ").strip()
    )
    folder = tmp_path_factory.mktemp("any")
    place = written(folder, response(body, headers=((b"Content-Type", b"text/html"), (b"X-Odd", value))))[0]
    assert Archive(folder).record(place.file, place.offset).body == body


@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_warcio_agrees_with_the_file(tmp_path: Path, encoding: str) -> None:
    body = gzip.compress(b"<p>x</p>") if encoding else b"<p>x</p>"
    headers = (
        (b"Content-Type", b"text/html"),
        (b"Content-Encoding", encoding.encode()),
        (b"Transfer-Encoding", b"chunked"),
    )
    place = written(tmp_path, *(response(body, headers=headers) for _ in range(3)))[0]
    tool = Path(sys.executable).with_name("warcio")
    checked = subprocess.run(
        [tool, "check", "-v", tmp_path / place.file], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout
    assert "failed" not in checked.stdout
    assert "no digest" not in checked.stdout
    listed = subprocess.run(
        [tool, "index", tmp_path / place.file], capture_output=True, text=True, check=True
    )
    assert listed.stdout.count('"warc-type": "response"') == 3


def test_files_roll_and_never_overwrite(tmp_path: Path) -> None:
    first = written(tmp_path, response())[0]
    writer = WarcWriter(tmp_path, "run1", CLOCK, roll_bytes=10)
    places = [writer.write(response()) for _ in range(2)]
    writer.close(complete=True)
    assert [place.file for place in [first, *places]] == [
        "crowsnest-run1-00001.warc.gz",
        "crowsnest-run1-00002.warc.gz",
        "crowsnest-run1-00003.warc.gz",
    ]


def test_a_record_can_be_read_while_its_run_goes_on(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path, "run1", CLOCK)
    place = writer.write(response())
    assert Archive(tmp_path).body(place.file, place.offset) == b"<p>Harbor</p>"
    writer.close(complete=True)


def test_a_run_without_answers_leaves_no_file(tmp_path: Path) -> None:
    written(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("file", "offset"),
    [("crowsnest-none-00001.warc.gz", 0), ("../secret", 0), ("crowsnest-run1-00001.warc.gz", 7)],
)
def test_what_is_not_there_is_a_clear_error(tmp_path: Path, file: str, offset: int) -> None:
    written(tmp_path, response())
    with pytest.raises(UnavailableError):
        Archive(tmp_path).record(file, offset)


@settings(max_examples=40, deadline=None)
@given(cut=st.integers(min_value=1, max_value=10_000))
def test_a_torn_file_is_cut_to_whole_records(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    folder = tmp_path_factory.mktemp("torn")
    bodies = [bytes([number]) * 50 for number in range(5)]
    places = written(folder, *(response(body) for body in bodies), complete=False)
    path = next(folder.glob("*.open"))
    data = path.read_bytes()
    kept = len(data) - min(cut, len(data) - 1)
    path.write_bytes(data[:kept])
    torn = recover(folder)
    ends = [place.offset for place in places[1:]] + [len(data)]
    whole = [body for body, end in zip(bodies, ends, strict=True) if end <= kept]
    found = [got.body for file in torn for _, got in file.responses()]
    assert found == whole
    assert recover(folder) == [file.model_copy(update={"cut_bytes": 0}) for file in torn]
    for file in torn:
        file.settle()
    assert recover(folder) == []


def test_bytes_of_rubbish_after_a_whole_record_are_cut(tmp_path: Path) -> None:
    written(tmp_path, response(), complete=False)
    path = next(tmp_path.glob("*.open"))
    path.write_bytes(path.read_bytes() + b"\0" * 4096)
    (torn,) = recover(tmp_path)
    assert torn.cut_bytes == 4096
    assert [got.body for _, got in torn.responses()] == [b"<p>Harbor</p>"]


def test_a_file_still_being_written_is_left_alone(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path, "run1", CLOCK)
    writer.write(response())
    assert recover(tmp_path) == []
    writer.close(complete=True)


BODY = b"Fiber to the home. " * 500
# Without a time in its header: two test processes must name the same cases.
GZIPPED = gzip.compress(BODY, mtime=0)


def by_coding(value: object) -> str:
    """A case's name: its coding; bytes would differ from one library version to the next."""
    return value if isinstance(value, str) else "body"


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", GZIPPED),
        ("x-gzip", gzip.compress(BODY[:100]) + gzip.compress(BODY[100:])),
        ("deflate", zlib.compress(BODY)),
        ("deflate", zlib.compress(BODY)[2:-4]),
        ("br", brotli.compress(BODY)),
        ("zstd", zstd.compress(BODY)),
        ("gzip, br", brotli.compress(GZIPPED)),
        ("identity", BODY),
        ("", BODY),
        ("GZIP", GZIPPED + b"\0\0\0"),
        ("gzip", BODY),
        ("br", BODY),
    ],
    ids=by_coding,
)
def test_content_codings_are_undone(coding: str, packed: bytes) -> None:
    decoded = decode(packed, coding)
    assert decoded.body == BODY


@pytest.mark.parametrize("pack", [gzip.compress, brotli.compress, zstd.compress])
@pytest.mark.parametrize("limit", [1, 100_000])
def test_no_more_than_the_limit_is_unpacked(pack: object, limit: int) -> None:
    coding = {gzip.compress: "gzip", brotli.compress: "br", zstd.compress: "zstd"}[pack]
    decoded = decode(pack(bytes(3_000_000)), coding, limit)
    assert (len(decoded.body), decoded.problem) == (limit, "too-large")


@pytest.mark.parametrize(
    ("coding", "packed"),
    [("gzip", GZIPPED), ("br", brotli.compress(BODY)), ("zstd", zstd.compress(BODY))],
    ids=by_coding,
)
def test_a_stream_cut_short_gives_what_it_holds(coding: str, packed: bytes) -> None:
    decoded = decode(packed[: len(packed) * 2 // 3], coding)
    assert decoded.problem == "broken"
    assert BODY.startswith(decoded.body)


@settings(max_examples=40, deadline=None)
@given(
    st.binary(max_size=200), st.sampled_from(["gzip", "deflate", "br", "zstd", "gzip, gzip", "rot13", ","])
)
def test_decoding_never_raises(data: bytes, coding: str) -> None:
    decode(data, coding, 1000)
