"""The demo's mailbox: a real SMTP server on loopback that keeps each message as an .eml file."""

from __future__ import annotations

import socket
from email import message_from_bytes, policy
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from aiosmtpd.controller import Controller

from market.ids import digest, slug

if TYPE_CHECKING:
    from aiosmtpd.smtp import SMTP, Envelope, Session


class _Keeper:
    """Writes what arrives; the file's name is made of its recipient and subject, so a repeat is seen."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.kept: list[Path] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content: Any = envelope.content or b""
        message = message_from_bytes(content, policy=policy.default)
        name = slug(f"{message['Subject']} {' '.join(envelope.rcpt_tos)}")[:80]
        path = self.folder / f"{name}-{digest(message['Message-ID'])[:6]}.eml"
        path.write_bytes(content)
        self.kept.append(path)
        return "250 Message kept"


class Mailbox:
    """Context manager: the server listens on a free port of 127.0.0.1 while the block runs."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._keeper = _Keeper(folder)
        self._controller = Controller(self._keeper, hostname="127.0.0.1", port=_free_port())

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._controller.port)

    @property
    def kept(self) -> tuple[Path, ...]:
        """The messages that arrived in this block, in order."""
        return tuple(self._keeper.kept)

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._controller.stop(no_assert=True)


def _free_port() -> int:
    """Return a port that is free now; the controller needs to know it before it listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
