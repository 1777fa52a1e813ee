"""One short message to the webhook or mail server whose address the owner typed: posted or mailed once, nothing followed.

Certificates are verified as the system's list of authorities says. What the other side answers is read up to a bound, and of it
the number alone is told: its words are anybody's.
"""

import http.client
import ipaddress
import re
import secrets
import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from appliance.errors import TellingFailed, WrongUsage

SECONDS = 20.0
LARGEST_ANSWER = 64 * 1024
LONGEST = 2000  # characters of an address or a secret
LONGEST_BOX = 60
PRIVATE = tuple(
    ipaddress.ip_network(each)
    for each in (
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "::1/128",
        "fc00::/7",
        "fe80::/10",
    )
)

_VISIBLE = re.compile(r"[!-~]*")
_SECRET = re.compile(r"[ -~]*")
_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}|[0-9A-Fa-f:.]{2,45}")
_MAILBOX = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*")


@dataclass(frozen=True, slots=True)
class Target:
    """Where messages go, as the owner typed it. A webhook has `url` and perhaps `authorization` (the whole value of that header);
    mail the rest, with `port` 0 for the usual one. `box`: what the owner calls this box, or nothing."""

    kind: Literal["webhook", "mail"]
    box: str = ""
    url: str = field(default="", repr=False)
    authorization: str = field(default="", repr=False)
    server: str = ""
    port: int = 0
    tls: Literal["starttls", "implicit"] = "starttls"
    sender: str = ""
    recipient: str = ""
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    @property
    def where(self) -> str:
        """What may be shown and kept anywhere: no path, since that of a webhook often is the secret itself."""
        if self.kind == "mail":
            return f"{self.recipient} through {self.server}"
        parts = urlsplit(self.url)
        return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)


@dataclass(frozen=True, slots=True)
class Message:
    """All that is ever sent. `at`: milliseconds since 1970 UTC."""

    sentence: str
    colour: Literal["green", "amber", "red"]
    at: int


def check(target: Target) -> None:
    """Raises WrongUsage when `target` cannot be meant or is not safe to use."""
    if len(target.box) > LONGEST_BOX or not target.box.isprintable():
        raise WrongUsage(what=f"The name of the box has up to {LONGEST_BOX} letters, without line breaks.")
    if target.kind == "webhook":
        _check_webhook(target)
    else:
        _check_mail(target)


def _check_webhook(target: Target) -> None:
    try:
        parts = urlsplit(target.url)
        port_is_one = parts.port is None or parts.port > 0
    except ValueError:
        raise WrongUsage(what="That is not the address of a webhook: it is one such as https://host/path.") from None
    if (
        not _VISIBLE.fullmatch(target.url)
        or len(target.url) > LONGEST
        or not port_is_one
        or not _HOST.fullmatch(parts.hostname or "")
    ):
        raise WrongUsage(what="That is not the address of a webhook: it is one such as https://host/path.")
    if parts.username is not None or parts.fragment:
        raise WrongUsage(what="A user, a password and a # have no place in a webhook's address: give a secret as its own field.")
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_private(parts.hostname or "")):
        what = "A webhook is reached by https. Only inside the house http will do, at a number such as http://192.168.1.20/path."
        raise WrongUsage(what=what)
    if not _SECRET.fullmatch(target.authorization) or len(target.authorization) > LONGEST:
        raise WrongUsage(what="The secret of a webhook has letters, digits and signs of one line only.")


def _check_mail(target: Target) -> None:
    if not _HOST.fullmatch(target.server) or not 0 <= target.port <= 65_535:
        raise WrongUsage(what="That is not a mail server: give its name, such as mail.example, and a port up to 65535.")
    for address in (target.sender, target.recipient):
        if not _MAILBOX.fullmatch(address):
            raise WrongUsage(what="Both mail addresses are needed, each one such as olive@mail.example.")
    if not all(_SECRET.fullmatch(one) and len(one) <= LONGEST for one in (target.user, target.password)):
        raise WrongUsage(what="User and password of a mail server have plain letters, digits and signs of one line only.")
    if bool(target.user) != bool(target.password):
        raise WrongUsage(what="A mail server that asks who writes needs both the user and the password.")


def _is_private(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return any(address in network for network in PRIVATE if network.version == address.version)


def send(target: Target, message: Message) -> None:
    """Returns when the other side said that it has the message. Raises TellingFailed."""
    try:
        if target.kind == "webhook":
            _post(target, message)
        else:
            _mail(target, message)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise TellingFailed(reason=_reason(error)) from None  # what it wraps may hold the other side's words


def _reason(error: Exception) -> str:
    """A clause of ours; smtplib's errors are OSErrors too."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({error.verify_message})"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"the mail server refused the user and password ({error.smtp_code})"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"the mail server answered {error.smtp_code}"
    for kind, words in _REASONS:
        if isinstance(error, kind):
            return words
    return f"it cannot be reached ({(isinstance(error, OSError) and error.strerror) or type(error).__name__})"


_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (ssl.SSLError, "no encrypted connection came about"),
    (smtplib.SMTPNotSupportedError, "the mail server offers no STARTTLS, or no login that Mantel knows"),
    (smtplib.SMTPRecipientsRefused, "the mail server refused the address that the message goes to"),
    (TimeoutError, f"it did not answer within {SECONDS:.0f} seconds"),
    (smtplib.SMTPException, "it broke off, was too slow, or is no such server"),
    (http.client.HTTPException, "it broke off, or is no such server"),
    (ValueError, "it is no such server"),
)


def _post(target: Target, message: Message) -> None:
    parts = urlsplit(target.url)
    connection = _connection(parts.scheme, parts.hostname or "", parts.port)
    content = {"text": message.sentence, "colour": message.colour, "at": _moment(message.at).isoformat()}
    content |= {"box": target.box} if target.box else {}
    headers = {"Content-Type": "application/json"}
    headers |= {"Authorization": target.authorization} if target.authorization else {}
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    with closing(connection):
        connection.connect()
        with _cut_off(connection) as cut:
            try:
                connection.request("POST", path, body=msgspec.json.encode(content), headers=headers)
                status = connection.getresponse().status
            except (OSError, http.client.HTTPException):
                if cut.is_set():
                    raise TimeoutError from None
                raise
    if 300 <= status < 400:
        raise TellingFailed(reason=f"it sends on to another address ({status}), and nothing is followed")
    if not 200 <= status < 300:
        raise TellingFailed(reason=f"it answered {status}")


def _connection(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    if scheme == "http":
        return http.client.HTTPConnection(host, port, timeout=SECONDS)
    return http.client.HTTPSConnection(host, port, timeout=SECONDS, context=ssl.create_default_context())


@contextmanager
def _cut_off(connection: http.client.HTTPConnection) -> Iterator[threading.Event]:
    """Hang up after SECONDS, whatever drips in; the event tells that it was so."""
    cut = threading.Event()

    def hang_up() -> None:
        cut.set()
        with suppress(OSError):  # it has closed by itself
            connection.sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(SECONDS, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield cut
    finally:
        timer.cancel()
        timer.join()


def _mail(target: Target, message: Message) -> None:
    deadline = time.monotonic() + SECONDS
    context = ssl.create_default_context()
    smtp: smtplib.SMTP
    if target.tls == "implicit":
        smtp = _SmtpInTls(deadline, target.server, target.port or 465, context)
    else:
        smtp = _Smtp(deadline, target.server, target.port or 587)
    with closing(smtp):
        if target.tls == "starttls":
            smtp.starttls(context=context)
        if target.user:
            smtp.login(target.user, target.password)
        smtp.sendmail(target.sender, [target.recipient], _letter(target, message).as_bytes(policy=policy.SMTP))
        with suppress(smtplib.SMTPException, OSError):  # it has the message: how it says goodbye matters to nobody
            smtp.quit()


def _letter(target: Target, message: Message) -> EmailMessage:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = target.sender, target.recipient, message.sentence
    letter["Date"] = format_datetime(_moment(message.at))
    letter["Message-ID"] = f"<{secrets.token_hex(16)}@{target.sender.partition('@')[2]}>"
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday note answers it
    lines = [f"{message.sentence}.", f"Colour: {message.colour}", f"Time: {_moment(message.at):%Y-%m-%d %H:%M} UTC"]
    letter.set_content("\n".join([*lines, *([f"Box: {target.box}"] if target.box else [])]) + "\n")
    return letter


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds // 1000, UTC)


class _Replies:
    """The lines that a mail server sends: at most LARGEST_ANSWER bytes, and none after `deadline` (of time.monotonic)."""

    def __init__(self, sock: socket.socket, deadline: float) -> None:
        self._sock, self._deadline = sock, deadline
        self._left, self._held = LARGEST_ANSWER, b""

    def readline(self, most: int) -> bytes:
        while b"\n" not in self._held and len(self._held) < most:
            self._sock.settimeout(max(0.001, self._deadline - time.monotonic()))
            came = self._sock.recv(min(4096, self._left))
            if not came:
                break  # it hung up, or said more than anybody needs
            self._left -= len(came)
            self._held += came
        end = min(self._held.find(b"\n") + 1 or len(self._held), most)
        line, self._held = self._held[:end], self._held[end:]
        return line

    def close(self) -> None:
        """smtplib closes what it reads from; the socket it closes itself."""


class _Smtp(smtplib.SMTP):
    """As smtplib's, but that its server cannot keep it for ever. It names itself by no name: those of a box may tell something."""

    def __init__(self, deadline: float, host: str, port: int) -> None:
        self._deadline = deadline
        super().__init__(host, port, local_hostname="[127.0.0.1]", timeout=SECONDS)

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self.file = _Replies(self.sock, self._deadline)
        return super().getreply()


class _SmtpInTls(_Smtp, smtplib.SMTP_SSL):
    """The same inside TLS from the first byte."""

    def __init__(self, deadline: float, host: str, port: int, context: ssl.SSLContext) -> None:
        self._deadline = deadline
        smtplib.SMTP_SSL.__init__(self, host, port, local_hostname="[127.0.0.1]", timeout=SECONDS, context=context)
