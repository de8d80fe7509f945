from __future__ import annotations

import email
import email.policy
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope

from briefs.deliver import MailServer, deliver, is_lasting, message_id
from briefs.render import Rendered
from index.ledger import Ledger
from market.clock import FixedClock
from market.records import Brief, Coverage
from tests.briefs.build import day

BRIEF = Brief(
    id="b1",
    subscriber_id="dana",
    subscriber_name="Dana Reyes",
    market_name="Upstate",
    week="2026-W47",
    starts_on="2026-11-16",
    ends_on="2026-11-22",
    sections=(),
    coverage=Coverage(),
    generated_at=day(7),
)
MAIL = Rendered(subject="Upstate, week 47: 1 build\n", html="<p>Größe → 12</p>", text="Größe → 12\n.\nend\n")
CLOCK = FixedClock(day(7))


class Box:
    """A real SMTP sink that refuses as it is told."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.answers: list[str] = []
        self.rcpt = ""

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls it so
        self, server: Any, session: Any, envelope: Envelope, address: str, options: Any
    ) -> str:
        if self.rcpt:
            return self.rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802
        if self.answers:
            return self.answers.pop(0)
        self.taken.append(envelope)
        return "250 taken"


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def server(box: Box) -> Iterator[MailServer]:
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield MailServer(port=controller.port, sender="Crowsnest <crow@example.com>", first_wait=0.0, timeout=5)
    controller.stop()


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    ledger.migrate()
    yield ledger
    ledger.close()


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def sent(ledger: Ledger, server: MailServer) -> Any:
    return deliver(BRIEF, MAIL, "dana@example.com", server=server, ledger=ledger, clock=CLOCK)


def test_a_brief_arrives_as_text_and_html_with_its_date_and_id(ledger: Ledger, server: Any, box: Box) -> None:
    delivery, issue = sent(ledger, server)
    assert issue is None
    assert (delivery.status, delivery.attempts, delivery.sent_at) == ("sent", 1, day(7))
    (taken,) = box.taken
    mail = email.message_from_bytes(taken.content, policy=email.policy.default)
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    plain, rich = mail.iter_parts()
    assert plain.get_content().replace("\r\n", "\n") == "Größe → 12\n.\nend\n"
    assert "Größe → 12" in rich.get_content()
    assert mail["Subject"] == "Upstate, week 47: 1 build"
    assert mail["Date"].datetime == day(7)
    assert mail["Message-ID"] == message_id("b1", "dana@example.com", server.sender)
    assert (taken.mail_from, taken.rcpt_tos) == ("crow@example.com", ["dana@example.com"])


def test_pictures_travel_with_the_html_and_are_named_by_it(
    ledger: Ledger, server: MailServer, box: Box
) -> None:
    png = b"\x89PNG picture"
    mail = replace(MAIL, mail_html='<img src="cid:chart-1">', pictures=(("chart-1", png),))
    deliver(BRIEF, mail, "dana@example.com", server=server, ledger=ledger, clock=CLOCK)
    (taken,) = box.taken
    parts = email.message_from_bytes(taken.content, policy=email.policy.default).iter_parts()
    plain, related = parts
    assert (plain.get_content_type(), related.get_content_type()) == ("text/plain", "multipart/related")
    html, picture = related.iter_parts()
    assert "cid:chart-1" in html.get_content()
    assert (picture["Content-ID"], picture.get_content()) == ("<chart-1>", png)


def test_nobody_gets_it_twice(ledger: Ledger, server: MailServer, box: Box) -> None:
    sent(ledger, server)
    assert sent(ledger, server) == (None, None)
    assert len(box.taken) == 1


def test_a_passing_trouble_is_tried_again(ledger: Ledger, server: MailServer, box: Box) -> None:
    box.answers = ["451 try later", "451 try later"]
    delivery, issue = sent(ledger, server)
    assert (delivery.status, delivery.attempts, issue) == ("sent", 3, None)
    assert len(box.taken) == 1


def test_a_refusal_is_recorded_and_not_tried_again(ledger: Ledger, server: MailServer, box: Box) -> None:
    box.rcpt = "550 no such mailbox"
    delivery, issue = sent(ledger, server)
    assert (delivery.status, delivery.attempts) == ("failed", 1)
    assert "550 no such mailbox" in delivery.error
    assert issue is not None
    assert issue.code == "mail-refused"
    assert [kept.status for kept in ledger.deliveries("b1")] == ["failed"]


def test_a_failed_delivery_can_be_sent_by_a_later_run(ledger: Ledger, server: MailServer, box: Box) -> None:
    box.rcpt = "550 no such mailbox"
    sent(ledger, server)
    box.rcpt = ""
    delivery, _ = sent(ledger, server)
    assert delivery.status == "sent"
    assert len(box.taken) == 1


def test_a_server_that_is_away_is_a_failed_delivery_after_all_tries(ledger: Ledger) -> None:
    away = MailServer(port=free_port(), first_wait=0.0, attempts=2, timeout=2)
    delivery, issue = sent(ledger, away)
    assert (delivery.status, delivery.attempts, issue.code) == ("failed", 2, "mail-not-sent")
    assert "cannot be reached" in issue.message


def test_starttls_that_the_server_lacks_sends_nothing(ledger: Ledger, server: MailServer, box: Box) -> None:
    delivery, issue = sent(ledger, server.model_copy(update={"tls": "starttls"}))
    assert (delivery.status, delivery.attempts, issue.code) == ("failed", 1, "mail-refused")
    assert box.taken == []


def test_user_and_secret_are_used_and_a_wrong_secret_never_shown(ledger: Ledger, box: Box) -> None:
    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=data.password == b"right", handled=False)

    controller = Controller(
        box, hostname="127.0.0.1", port=free_port(), authenticator=check, auth_require_tls=False,
        auth_required=True,
    )  # fmt: skip
    controller.start()
    try:
        wrong = MailServer(port=controller.port, user="crow", secret="wr0ng", first_wait=0.0)
        delivery, issue = sent(ledger, wrong)
        assert (delivery.status, issue.code) == ("failed", "mail-refused")
        assert "wr0ng" not in issue.model_dump_json()
        assert box.taken == []
        delivery, _ = sent(ledger, wrong.model_copy(update={"secret": "right"}))
        assert delivery.status == "sent"
    finally:
        controller.stop()


def test_a_connection_lost_after_the_text_leaves_the_claim_standing(ledger: Ledger) -> None:
    """The server may have taken the mail: it is neither tried again nor sent by a later run."""
    listener = socket.create_server(("127.0.0.1", 0))

    def talk() -> None:
        with listener, listener.accept()[0] as line, line.makefile("rwb", buffering=0) as wire:
            wire.write(b"220 here\r\n")
            for answer in (b"250 hello\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n"):
                wire.readline()
                wire.write(answer)
            while wire.readline() != b".\r\n":
                pass

    thread = threading.Thread(target=talk, daemon=True)
    thread.start()
    server = MailServer(port=listener.getsockname()[1], first_wait=0.0, timeout=5)
    delivery, issue = sent(ledger, server)
    thread.join(5)
    assert (delivery.status, delivery.attempts, issue.code) == ("claimed", 1, "mail-unsure")
    assert sent(ledger, server) == (None, None)


def test_a_plain_bug_is_not_retried() -> None:
    assert is_lasting(ValueError("a bug"))
