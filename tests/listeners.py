"""A webhook and a mail server on loopback, real ones, that remember what they were told; and a certificate for both."""

import ipaddress
import json
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def make_certificate(folder: Path) -> Path:
    """Return a PEM file with a key and the certificate of 127.0.0.1, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a machine of a test")])
    now = datetime.now(UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=2)).add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(key, hashes.SHA256())
    )  # fmt: skip
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = folder / "machine.pem"
    file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + key.private_bytes(*form))
    return file


def _context(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@dataclass
class Hook:
    """`heard`: (path, headers, document) of each request; `status` and `headers` are what it answers; `drips`: it never
    ends a line."""

    port: int = 0
    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    drips: bool = False
    heard: list[tuple[str, dict[str, str], dict[str, Any]]] = field(default_factory=list)

    @property
    def said(self) -> list[str]:
        return [document["text"] for _, _, document in self.heard]


@contextmanager
def webhook(certificate: Path | None = None) -> Iterator[Hook]:
    hook, ended = Hook(), threading.Event()

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            document = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            hook.heard.append((self.path, dict(self.headers), document))
            while hook.drips and not ended.wait(0.05):
                try:
                    self.wfile.write(b"x")
                except OSError:
                    return
            self.send_response(hook.status)
            for name, value in hook.headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing on the console of the tests."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        if certificate:
            server.socket = _context(certificate).wrap_socket(server.socket, server_side=True)
        hook.port = server.server_address[1]
        with _served(server, ended):
            yield hook


@dataclass
class Post:
    """A mail server. `letters` it took, `bare_lines` if one had a line that ended otherwise than RFC 5321 says;
    `talked`: each line that it was sent; `refuses`: a command → what it says to it instead; `greets`: what it says first."""

    port: int = 0
    offers_tls: bool = True
    greets: bytes = b"220 here\r\n"
    refuses: dict[str, bytes] = field(default_factory=dict)
    letters: list[EmailMessage] = field(default_factory=list)
    bare_lines: bool = False
    talked: list[str] = field(default_factory=list)


@contextmanager
def mail_server(certificate: Path, *, tls: bool = False) -> Iterator[Post]:
    """`tls`: from the first byte."""
    post, ended = Post(), threading.Event()

    class Talk(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            try:
                if tls:
                    self._encrypt()
                else:
                    self._stream = self.request.makefile("rb")
                self.request.sendall(post.greets)
                while line := self._stream.readline():
                    post.talked.append(line.decode().strip())
                    self._answer(line.decode().upper().split()[0])
            except OSError:
                pass  # the client does not trust us, or has hung up

        def _encrypt(self) -> None:
            self.request = _context(certificate).wrap_socket(self.request, server_side=True)
            self._stream = self.request.makefile("rb")

        def _answer(self, command: str) -> None:
            if command in post.refuses:
                self.request.sendall(post.refuses[command])
                return
            offers = b"250-here\r\n250-STARTTLS\r\n" if post.offers_tls else b"250-here\r\n"
            self.request.sendall(
                {"EHLO": offers + b"250 AUTH PLAIN\r\n", "STARTTLS": b"220 go\r\n", "AUTH": b"235 in\r\n", "DATA": b"354 say\r\n",
                 "QUIT": b"221 bye\r\n"}.get(command, b"250 ok\r\n")
            )  # fmt: skip
            if command == "STARTTLS":
                self._encrypt()
            if command == "DATA":
                content = b"".join(iter(self._stream.readline, b".\r\n"))
                post.bare_lines |= content.count(b"\n") != content.count(b"\r\n")
                post.letters.append(message_from_bytes(content, policy=policy.default))
                self.request.sendall(b"250 taken\r\n")

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Talk) as server:
        post.port = server.server_address[1]
        with _served(server, ended):
            yield post


@contextmanager
def _served(server: socketserver.BaseServer, ended: threading.Event) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        server.shutdown()
        thread.join()
