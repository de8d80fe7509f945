"""Builds and starts a real Elasticsearch node on a free port of 127.0.0.1.

    with running() as url: ...

Needs Maven and a JDK of 17 or newer. The jars and the compiled node are kept in .build/elasticsearch of the
repository; the data goes to a temporary folder. The node ends when the process that started it ends, however
that happens: it reads its standard input until it closes.
"""

from __future__ import annotations

import fcntl
import hashlib
import re
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).parent
BUILD = HERE.parents[1] / ".build" / "elasticsearch"
SOURCES = (HERE / "pom.xml", HERE / "EsNode.java", HERE / "AnalysisModule.java")
START_SECONDS = 120


class MissingError(Exception):
    """What the server needs and this machine lacks."""


def missing() -> str | None:
    """Return why no server can be started here, or None when it can."""
    absent = [tool for tool in ("mvn", "java", "javac", "jar") if shutil.which(tool) is None]
    if absent:
        return f"needs {', '.join(absent)} (Debian: apt-get install maven default-jdk-headless)"
    told = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', told)
    if found is None or int(found[1]) < 17:
        return f"needs a JDK of 17 or newer; java -version says {told.splitlines()[:1]}"
    return None


def build() -> Path:
    """Return the folder with the built server; builds it when its sources changed. Raises MissingError."""
    reason = missing()
    if reason is not None:
        raise MissingError(reason)
    stamp = hashlib.sha256(b"\0".join(source.read_bytes() for source in SOURCES)).hexdigest()[:16]
    BUILD.mkdir(parents=True, exist_ok=True)
    with (BUILD / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = BUILD / stamp
        if not made.is_dir():
            with tempfile.TemporaryDirectory(dir=BUILD, prefix="draft-") as draft:
                _build_into(Path(draft) / "server")
                (Path(draft) / "server").rename(made)
        return made


def _build_into(folder: Path) -> None:
    jars = folder / "jars"
    modules = folder / "home" / "modules"
    for path in (jars, folder / "node", folder / "module", folder / "home" / "config"):
        path.mkdir(parents=True)
    goal = ["dependency:copy-dependencies", f"-DoutputDirectory={jars}"]
    _run(["mvn", "-q", "-B", "-f", str(HERE / "pom.xml"), *goal])
    transport = modules / "transport-netty4"
    transport.mkdir(parents=True)
    for jar in sorted(jars.glob("*netty*.jar")):
        jar.rename(transport / jar.name)
    _run(["javac", "-cp", f"{jars}/*", "-d", str(folder / "node"), str(HERE / "EsNode.java")])
    _run(["javac", "-cp", f"{jars}/*", "-d", str(folder / "module"), str(HERE / "AnalysisModule.java")])
    analysis = modules / "analysis-common"
    analysis.mkdir()
    _run(["jar", "cf", str(analysis / "analysis.jar"), "-C", str(folder / "module"), "."])
    version = re.search(r"<elasticsearch.version>([^<]+)<", (HERE / "pom.xml").read_text(encoding="utf-8"))
    if version is None:
        raise ValueError("pom.xml names no elasticsearch.version")
    _describe(transport, "org.elasticsearch.transport.netty4.Netty4Plugin", version[1])
    _describe(analysis, "crowsnest.AnalysisModule", version[1])


def _describe(module: Path, classname: str, version: str) -> None:
    values = {
        "name": module.name,
        "description": module.name,
        "classname": classname,
        "version": version,
        "elasticsearch.version": version,
        "java.version": "17",
    }
    lines = [f"{key}={value}" for key, value in values.items()]
    (module / "plugin-descriptor.properties").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise MissingError(f"{command[0]} failed: {(done.stdout + done.stderr).strip()[-2000:]}")


@contextmanager
def running(heap: str = "512m") -> Iterator[str]:
    """Give the URL of a fresh, empty node; it is gone afterwards. Raises MissingError."""
    built = build()
    with tempfile.TemporaryDirectory(prefix="crowsnest-es-", ignore_cleanup_errors=True) as data:
        port = _free_port()
        log = Path(data) / "output.log"
        command = [
            "java",
            f"-Xms{heap}",
            f"-Xmx{heap}",
            "-cp",
            f"{built / 'node'}:{built / 'jars'}/*",
            "EsNode",
        ]
        with (
            log.open("wb") as output,
            subprocess.Popen(
                [*command, str(built / "home"), data, str(port)],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
            ) as node,
        ):
            try:
                url = f"http://127.0.0.1:{port}"
                _wait(url, node, log)
                yield url
            finally:
                if node.stdin is not None:
                    node.stdin.close()
                try:
                    node.wait(timeout=10)
                except subprocess.TimeoutExpired:
                    node.kill()


def _wait(url: str, node: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if node.poll() is not None:
            break
        try:
            health = f"{url}/_cluster/health?wait_for_status=yellow&timeout=10s"
            with urllib.request.urlopen(health, timeout=15) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    tail = log.read_text(encoding="utf-8", errors="replace")[-2000:]
    raise MissingError(f"Elasticsearch did not start: {tail}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
