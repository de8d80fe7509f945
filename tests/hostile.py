"""A web of our own on loopback that answers anything, down to single bytes on the socket."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import TracebackType

_TLS_HANDSHAKE = b"\x16\x03"

Answer = Callable[[socket.socket, "Asked"], None]


@dataclass
class Asked:
    """One request as it came in."""

    path: str
    headers: dict[str, str]


def http(
    body: bytes = b"",
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    *,
    length: int | None = None,
) -> bytes:
    """Return a whole answer; `length` lies about the body's length."""
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body) if length is None else length}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def reset(sock: socket.socket) -> None:
    """Break the connection off with a TCP reset."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


@dataclass
class Web:
    """Paths and what they answer; unknown paths answer 404. Use it as a context manager."""

    host: str = "127.0.0.1"
    asked: list[Asked] = field(default_factory=list)
    sent: int = 0
    """Body bytes that `endless` has sent."""

    def __post_init__(self) -> None:
        self._answers: dict[str, list[Answer]] = {}
        self._listener = socket.create_server((self.host, 0), backlog=64)
        self.port = self._listener.getsockname()[1]
        self._closed = threading.Event()

    def __enter__(self) -> Web:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closed.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def url(self, path: str = "/") -> str:
        return f"http://{self.host}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    def page(
        self,
        path: str,
        body: bytes | str = b"<html><body><p>Fiber for all.</p></body></html>",
        status: int = 200,
        etag: str | None = None,
        modified: str | None = None,
        **headers: str,
    ) -> None:
        """Serve a page; with `etag` or `modified` a matching conditional request gets a 304."""
        data = body.encode() if isinstance(body, str) else body
        sent = {"Content-Type": "text/html; charset=utf-8"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        if etag:
            sent["ETag"] = etag
        if modified:
            sent["Last-Modified"] = modified

        def answer(sock: socket.socket, asked: Asked) -> None:
            same = (etag and asked.headers.get("if-none-match") == etag) or (
                modified and asked.headers.get("if-modified-since") == modified
            )
            sock.sendall(http(b"", 304) if same else http(data, status, sent))

        self.answer(path, answer)

    def answer(self, path: str, *answers: Answer | bytes) -> None:
        """Serve raw bytes or whatever a function does to the socket; the last answer repeats."""

        def raw(data: bytes) -> Answer:
            return lambda sock, asked: sock.sendall(data)

        self._answers[path] = [raw(each) if isinstance(each, bytes) else each for each in answers]

    def feed(self, path: str, *items: str, **kwargs: str) -> None:
        """Serve an RSS feed of `items`, each the inside of an <item>."""
        kwargs.setdefault("Content_Type", "application/rss+xml")
        self.page(path, rss(*items), **kwargs)

    def endless(self, sock: socket.socket, asked: Asked) -> None:
        """Send a page of 200 MB for as long as somebody listens."""
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 200000000\r\n\r\n")
        block = b"<p>more and more</p>" * 3277
        while self.sent < 200_000_000:
            sock.sendall(block)
            self.sent += len(block)

    def drip(self, sock: socket.socket, asked: Asked) -> None:
        """Send one byte now and then, for ever."""
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n")
        while not self._closed.wait(0.05):
            sock.sendall(b"x")

    def silence(self, sock: socket.socket, asked: Asked) -> None:
        """Say nothing and hold the line."""
        self._closed.wait(30)

    def _accept(self) -> None:
        while not self._closed.is_set():
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError), sock:
            for asked in _requests(sock):
                self.asked.append(asked)
                answers = self._answers.get(asked.path)
                if not answers:
                    sock.sendall(http(b"nothing here", 404))
                    continue
                answer = answers.pop(0) if len(answers) > 1 else answers[0]
                answer(sock, asked)


def _requests(sock: socket.socket) -> Iterator[Asked]:
    buffer = b""
    while True:
        while b"\r\n\r\n" not in buffer:
            data = sock.recv(65536)
            if not data:
                return
            buffer += data
            if buffer.startswith(_TLS_HANDSHAKE):
                sock.sendall(http(b"this is no TLS server", 400))
                return
        head, _, buffer = buffer.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        yield Asked(path=first.split(" ")[1], headers=headers)


def rss(*items: str) -> str:
    """Return an RSS 2.0 document."""
    inside = "".join(f"<item>{item}</item>" for item in items)
    start = '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>News</title>'
    return f"{start}{inside}</channel></rss>"


def after(seconds: float, then: bytes) -> Answer:
    """Answer after a while."""

    def answer(sock: socket.socket, asked: Asked) -> None:
        time.sleep(seconds)
        sock.sendall(then)

    return answer
