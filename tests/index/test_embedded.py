"""What only the embedded engine has to promise: its files, its lock, its recovery."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from index import embedded
from index.embedded import TantivyEngine
from index.local_disk import refuse_network
from index.parse import parse
from index.port import MAX_WINDOW
from index.query import Everything
from market.errors import QueryError, UnavailableError
from tests.index.conftest import fill
from tests.index.corpus import DOCUMENTS

ROOT = Path(__file__).resolve().parents[2]

_WRITER = """
import sys, time
from pathlib import Path
from index.embedded import TantivyEngine
from tests.index.corpus import DOCUMENTS
engine = TantivyEngine(Path(sys.argv[1]), threads=1)
with engine.writer() as writer:
    for round in range(5):
        writer.put([d.model_copy(update={"id": f"{d.id}-{round}"}) for d in DOCUMENTS])
        writer.commit()
    writer.put([d.model_copy(update={"id": f"{d.id}-lost"}) for d in DOCUMENTS])
    print("writing", flush=True)
    time.sleep(60)
"""


def _segments(folder: Path) -> set[str]:
    return {path.name[:32] for path in folder.iterdir() if len(path.name.split(".")[0]) == 32}


def test_a_killed_writer_keeps_its_commits_frees_its_lock_and_leaves_no_orphans(tmp_path: Path) -> None:
    engine = TantivyEngine(tmp_path, threads=1)
    with engine.rebuild() as (generation, _):
        pass
    command = [sys.executable, "-c", _WRITER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"writing\n"
        with pytest.raises(UnavailableError, match="another process is writing"), engine.writer():
            pass
        assert engine.count() == 5 * len(DOCUMENTS)
        os.kill(writer.pid, signal.SIGKILL)
    with engine.writer() as again:
        again.put(DOCUMENTS[:1])
    assert engine.count() == 5 * len(DOCUMENTS) + 1
    folder = tmp_path / generation
    named = {
        part["segment_id"].replace("-", "")
        for part in json.loads((folder / "meta.json").read_text())["segments"]
    }
    assert _segments(folder) == named


def test_a_searcher_sees_what_another_opened_engine_commits(tmp_path: Path) -> None:
    reader, writer = TantivyEngine(tmp_path, threads=1), TantivyEngine(tmp_path, threads=1)
    fill(writer)
    assert reader.count() == len(DOCUMENTS)
    with writer.writer() as session:
        session.remove([DOCUMENTS[0].id])
    assert reader.count() == len(DOCUMENTS) - 1
    with writer.rebuild() as (_, session):
        session.put(DOCUMENTS[:3])
    assert reader.count() == 3


def test_an_index_of_another_schema_is_not_in_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = fill(TantivyEngine(tmp_path, threads=1))
    monkeypatch.setattr(embedded, "SCHEMA", embedded.SCHEMA + 1)
    newer = TantivyEngine(tmp_path, threads=1)
    assert newer.generation() is None
    with pytest.raises(UnavailableError, match="crowsnest index"):
        newer.count()
    assert engine.count() == len(DOCUMENTS)


def test_what_an_interrupted_rebuild_left_is_cleared_away(tmp_path: Path) -> None:
    engine = TantivyEngine(tmp_path, threads=1)
    (tmp_path / "halfdone").mkdir()
    (tmp_path / "halfdone" / "schema.json").write_text("{}")
    with engine.rebuild() as (generation, _):
        pass
    assert {path.name for path in tmp_path.iterdir()} == {"CURRENT", "writer.lock", generation}


def test_a_damaged_index_is_named_with_what_to_do(tmp_path: Path) -> None:
    engine = fill(TantivyEngine(tmp_path, threads=1))
    (tmp_path / str(engine.generation()) / "meta.json").write_text("{")
    with pytest.raises(UnavailableError, match="crowsnest reindex") as raised:
        TantivyEngine(tmp_path).search(Everything())
    assert raised.value.code == "index-broken"


def test_a_folder_without_an_index_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError) as raised:
        TantivyEngine(tmp_path).search(Everything())
    assert raised.value.code == "index-missing"


def test_hits_beyond_the_window_are_refused(tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="narrow the query"):
        TantivyEngine(tmp_path).search(parse("crew"), offset=MAX_WINDOW, limit=1)


@pytest.mark.parametrize(("kind", "refused"), [("nfs4", True), ("fuse.sshfs", True), ("ext4", False)])
def test_a_network_file_system_is_refused(tmp_path: Path, kind: str, refused: bool) -> None:
    share = tmp_path / "a share"
    share.mkdir()
    table = tmp_path / "mounts"
    point = str(share).replace(" ", r"\040")
    table.write_text(f"/dev/vda1 / ext4 rw 0 0\nserver:/x {point} {kind} rw 0 0\n")
    if refused:
        with pytest.raises(UnavailableError, match="network file system"):
            refuse_network(share / "data" / "index", table)
    else:
        refuse_network(share / "data" / "index", table)
    refuse_network(tmp_path, table)
