"""Sending a brief: one multipart mail to one reader, claimed in the ledger before it leaves, never twice."""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Literal, Protocol

from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_exponential

from briefs.render import Rendered
from market.clock import Clock
from market.ids import digest
from market.records import Brief, Delivery, Issue
from market.records.base import Record


class MailServer(Record):
    """How mail leaves. The secret comes from the environment, never from the settings file."""

    host: str = "127.0.0.1"
    port: int = 25
    tls: Literal["none", "starttls", "tls"] = "none"
    user: str | None = None
    secret: str | None = None
    sender: str = "crowsnest@localhost"
    timeout: float = 30.0
    """Seconds for each step of the conversation."""
    attempts: int = 3
    """Tries within one run, for troubles that may pass."""
    first_wait: float = 1.0
    """Seconds before the second try; doubled before each further one."""


class Deliveries(Protocol):
    """Where deliveries are claimed; the ledger is one."""

    def claim_delivery(self, delivery: Delivery) -> bool:
        """Claim a delivery; False when it is claimed or sent already."""
        ...

    def finish_delivery(self, delivery: Delivery) -> None:
        """Keep how a claimed delivery ended."""
        ...


def message_id(brief_id: str, recipient: str, sender: str) -> str:
    """Return the Message-ID of one brief to one reader; always the same, so that a repeat shows."""
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    return f"<{brief_id}.{digest('mail', recipient.lower())}@{domain}>"


def compose(brief: Brief, rendered: Rendered, recipient: str, sender: str, clock: Clock) -> EmailMessage:
    """Return the mail: plain text first, HTML as its alternative."""
    mail = EmailMessage()
    mail["Subject"] = " ".join(rendered.subject.split())
    mail["From"] = sender
    mail["To"] = recipient
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = message_id(brief.id, recipient, sender)
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = "en"
    mail.set_content(rendered.text)
    mail.add_alternative(rendered.mail_html or rendered.html, subtype="html")
    html = mail.get_body(("html",))
    for name, png in rendered.pictures:
        if isinstance(html, EmailMessage):
            html.add_related(
                png, "image", "png", cid=f"<{name}>", filename=f"{name}.png", disposition="inline"
            )
    return mail


def deliver(
    brief: Brief, rendered: Rendered, recipient: str, *, server: MailServer, ledger: Deliveries, clock: Clock
) -> tuple[Delivery | None, Issue | None]:
    """Send a brief to one reader, unless it has been claimed or sent before: then (None, None).

    The claim is in the ledger before the first byte leaves. A trouble that may pass is tried again; what
    remains is kept as a failed delivery, which a later run may claim anew, and returned as an issue. Where
    the mail may have been taken, the claim stands.
    """
    mail = compose(brief, rendered, recipient, server.sender, clock)
    delivery = Delivery(
        brief_id=brief.id, recipient=recipient, message_id=mail["Message-ID"], status="claimed"
    )
    if not ledger.claim_delivery(delivery):
        return None, None
    tries = 0

    def once() -> None:
        nonlocal tries
        tries += 1
        send(mail, server)

    try:
        _patiently(server)(once)
    except (smtplib.SMTPException, OSError) as error:
        why = explain(error, server)
        # Without certainty the claim stands: a brief that may have arrived is never sent again by itself.
        unsure = isinstance(error, UncertainError)
        status = "claimed" if unsure else "failed"
        failed = delivery.model_copy(update={"status": status, "attempts": tries, "error": why})
        ledger.finish_delivery(failed)
        end = "may not have arrived; ask the reader" if unsure else "was not sent"
        return failed, Issue(
            stage="deliver",
            code="mail-unsure" if unsure else "mail-refused" if is_lasting(error) else "mail-not-sent",
            message=f"the brief of {brief.week} for {recipient} {end}: {why}",
            data={"brief": brief.id, "recipient": recipient, "tries": tries},
            at=clock.now(),
        )
    sent = delivery.model_copy(update={"status": "sent", "attempts": tries, "sent_at": clock.now()})
    ledger.finish_delivery(sent)
    return sent, None


def _patiently(server: MailServer) -> Callable[[Callable[[], None]], None]:
    return Retrying(
        retry=retry_if_exception(lambda error: not is_lasting(error)),
        stop=stop_after_attempt(server.attempts),
        wait=wait_exponential(multiplier=server.first_wait, max=60),
        reraise=True,
    )


class UncertainError(OSError):
    """The connection broke after the text had gone out: the server may have taken the mail."""


def send(mail: EmailMessage, server: MailServer) -> None:
    """Hand one mail to the server. Raises smtplib.SMTPException or OSError."""
    context = ssl.create_default_context()
    if server.tls == "tls":
        client: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=server.timeout, context=context
        )
    else:
        client = smtplib.SMTP(server.host, server.port, timeout=server.timeout)
    try:
        if server.tls == "starttls":
            client.starttls(context=context)
        if server.user is not None:
            client.login(server.user, server.secret or "")
        _hand_over(client, mail)
        # The mail is taken; how the server says goodbye must not make it look unsent.
        with contextlib.suppress(smtplib.SMTPException, OSError):
            client.quit()
    finally:
        client.close()


def _hand_over(client: smtplib.SMTP, mail: EmailMessage) -> None:
    """Speak MAIL, RCPT and DATA one by one, to know whether the text had gone out when something broke."""
    sender, recipient = parseaddr(mail["From"])[1], parseaddr(mail["To"])[1]
    client.ehlo_or_helo_if_needed()
    code, words = client.mail(sender)
    if code != 250:
        raise smtplib.SMTPSenderRefused(code, words, sender)
    code, words = client.rcpt(recipient)
    if code not in (250, 251):
        raise smtplib.SMTPRecipientsRefused({recipient: (code, words)})
    try:
        code, words = client.data(mail.as_bytes(policy=SMTP))
    except (smtplib.SMTPServerDisconnected, OSError) as error:
        raise UncertainError(str(error) or type(error).__name__) from error
    if code != 250:
        raise smtplib.SMTPDataError(code, words)


def is_lasting(error: BaseException) -> bool:
    """Say whether trying again is useless or harmful: a refusal for good, wrong settings, or no certainty."""
    if isinstance(error, UncertainError | smtplib.SMTPNotSupportedError | ssl.SSLError):
        return True
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code >= 500
    return not isinstance(error, OSError)


def explain(error: BaseException, server: MailServer) -> str:
    """Return what went wrong and what to look at, in one line and without the secret."""
    where = f"{server.host}:{server.port}"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answers = ", ".join(f"{code} {_words(text)}" for code, text in error.recipients.values())
        return f"{where} refused the address ({answers})"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"{where} refused the user or its secret ({error.smtp_code}); see [mail] user and the secret"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return f"{where} does not offer what [mail] asks for: {error}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{where} answered {error.smtp_code} {_words(error.smtp_error)}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate of {where} is not trusted: {error.verify_message}"
    return f"{where} cannot be reached or broke off: {error or type(error).__name__}"


def _words(text: bytes | str) -> str:
    shown = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return " ".join(shown.split())
