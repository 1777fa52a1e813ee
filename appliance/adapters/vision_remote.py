"""Vision on another machine: an OpenAI-compatible server of llama.cpp, asked over TLS at the address that the owner typed.

The certificate is the owner's too: exactly that one is accepted, before a byte of a picture is sent. Nothing is followed
elsewhere. What comes back is bounded and as hostile as any model's words.
"""

import base64
import http.client
import math
import socket
import ssl
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from appliance.adapters import vision_models
from appliance.adapters.rgb import Rgb
from appliance.adapters.vision_engine import Stopped, TooLong
from appliance.adapters.vision_models import VisionModel
from appliance.adapters.vision_protocol import ANSWER_TOKENS, LONGEST_LINE, Reuse, picture_key
from appliance.adapters.vision_source import Away, Looker
from appliance.errors import WrongUsage

CONNECT_SECONDS = 10.0
SILENT_SECONDS = 120.0
LOOK_SECONDS = 0.1
NAME_SECONDS = 30.0  # for which the name of the model there is believed
LONGEST_NAME = 80
LONGEST_PROMPT = 6000  # characters; how much room the model there has nobody tells
SPELLINGS = 20  # of the next token, as many as these servers tell


def checked(address: str, certificate: str) -> tuple[str, bytes]:
    """Return the address and the certificate (DER). Raises WrongUsage for settings that cannot be used."""
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.hostname or parts.username or parts.query:
        raise WrongUsage(what="The setting vision_address is an address such as https://192.168.1.20:8443.")
    try:
        return address.rstrip("/"), ssl.PEM_cert_to_DER_cert(Path(certificate).read_text(encoding="ascii"))
    except (OSError, ValueError) as error:
        what = f"The setting vision_certificate names no certificate in PEM: {certificate or 'it is empty'}."
        raise WrongUsage(what=what) from error


class Remote:
    """The source of one machine; asks it for its model's name now and then."""

    gpu_missing = False  # that machine's own affair

    def __init__(self, address: str, certificate: bytes) -> None:
        self._address, self._certificate = address, certificate
        self._model: VisionModel | None = None
        self._asked = 0.0

    def model(self) -> VisionModel:
        """Raises Away."""
        if self._model is None or time.monotonic() - self._asked > NAME_SECONDS:
            self._model = None
            with self._asking("GET", "/v1/models", None, lambda: False) as answer:
                found = _decoded(answer.read(LONGEST_LINE), _Models)
            name = found.data[0].id if found.data else "unnamed"
            self._model = vision_models.elsewhere(_plain(name))
            self._asked = time.monotonic()
        return self._model

    def load(self) -> Looker:
        return RemoteLooker(self)

    @contextmanager
    def _asking(self, method: str, path: str, body: bytes | None, stop: Callable[[], bool]) -> Iterator[http.client.HTTPResponse]:
        """Ask and give the answer; hang up as soon as `stop` says so. Raises Away, Stopped, TooLong."""
        try:
            with closing(self._connected()) as connection, _hung_up_when(stop, connection) as stopped:
                headers = {"Content-Type": "application/json"} if body else {}
                connection.request(method, urlsplit(self._address).path + path, body=body, headers=headers)
                answer = connection.getresponse()
                if answer.status == http.client.BAD_REQUEST and b"context" in answer.read(LONGEST_LINE):
                    raise TooLong
                if answer.status != http.client.OK:
                    raise Away(f"the vision machine answered {answer.status}")
                yield answer
        except (OSError, http.client.HTTPException, ValueError) as error:
            if stop():
                raise Stopped from None
            raise Away(f"the vision machine broke off ({_reason(error)})") from error
        if stopped.is_set():
            raise Stopped

    def _connected(self) -> http.client.HTTPSConnection:
        """Connect, and go no further unless the other side holds the key of the owner's certificate."""
        parts = urlsplit(self._address)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False  # the very certificate is compared, whatever name stands in it
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        context.load_verify_locations(cadata=self._certificate)
        connection = http.client.HTTPSConnection(parts.hostname or "", parts.port, timeout=CONNECT_SECONDS, context=context)
        try:
            connection.connect()
            if connection.sock.getpeercert(binary_form=True) != self._certificate:
                raise Away("the vision machine shows another certificate than the one in vision_certificate")
            connection.sock.settimeout(SILENT_SECONDS)
        except ssl.SSLCertVerificationError as error:
            connection.close()
            reason = "the vision machine shows another certificate than the one in vision_certificate"
            raise Away(f"{reason} ({error.verify_message})") from error
        except OSError as error:
            connection.close()
            raise Away(f"the vision machine cannot be reached ({_reason(error)})") from error
        except Away:
            connection.close()
            raise
        return connection


class RemoteLooker:
    """Looks through another machine; that one keeps what it keeps of a picture."""

    def __init__(self, remote: Remote) -> None:
        self._remote = remote
        self._key = b""
        self._picture = ""

    def open(self, picture: Rgb, stop: Callable[[], bool]) -> Reuse:
        key = picture_key(picture)
        if key != self._key:
            self._picture = "data:image/png;base64," + base64.b64encode(png(picture)).decode()
            self._key = key
        if stop():
            raise Stopped
        return Reuse.NOTHING

    def fits(self, prompt: str, tokens: int) -> bool:
        return len(prompt) < LONGEST_PROMPT

    def weigh(self, prompt: str, choices: Sequence[Sequence[str]], stop: Callable[[], bool]) -> list[float]:
        """As the engine weighs, from the probabilities that the server tells of its first token."""
        more = {"max_tokens": 1, "logprobs": True, "top_logprobs": SPELLINGS}
        with self._asked(prompt, more, stop) as answer:
            said = _decoded(answer.read(LONGEST_LINE), _Whole)
        if not said.choices or said.choices[0].logprobs is None or not said.choices[0].logprobs.content:
            raise ValueError("the vision machine tells no probabilities, which a yes or no needs")
        told = said.choices[0].logprobs.content[0].top_logprobs
        return [sum(math.exp(one.logprob) for one in told if one.token in spellings) for spellings in choices]

    def answer(self, prompt: str, stop: Callable[[], bool]) -> Iterator[str]:
        with self._asked(prompt, {"max_tokens": ANSWER_TOKENS, "stream": True}, stop) as answer:
            while line := answer.readline(LONGEST_LINE):
                if not line.startswith(b"data:") or (event := line[5:].strip()) == b"[DONE]":
                    continue
                for choice in _decoded(event, _Part).choices:
                    if choice.delta.content:
                        yield choice.delta.content

    def close(self) -> None:
        self._key, self._picture = b"", ""

    @contextmanager
    def _asked(self, prompt: str, more: dict[str, Any], stop: Callable[[], bool]) -> Iterator[http.client.HTTPResponse]:
        content = [{"type": "image_url", "image_url": {"url": self._picture}}, {"type": "text", "text": prompt.strip()}]
        body = {"messages": [{"role": "user", "content": content}], "temperature": 0.0, **more}
        with self._remote._asking("POST", "/v1/chat/completions", msgspec.json.encode(body), stop) as answer:
            yield answer


class _Named(msgspec.Struct, frozen=True):
    id: str


class _Models(msgspec.Struct, frozen=True):
    data: list[_Named] = []


class _Delta(msgspec.Struct, frozen=True):
    content: str | None = None


class _Choice(msgspec.Struct, frozen=True):
    delta: _Delta = _Delta()


class _Part(msgspec.Struct, frozen=True):
    choices: list[_Choice] = []


class _Probability(msgspec.Struct, frozen=True):
    token: str
    logprob: float


class _Token(msgspec.Struct, frozen=True):
    top_logprobs: list[_Probability] = []


class _Probabilities(msgspec.Struct, frozen=True):
    content: list[_Token] | None = None


class _WholeChoice(msgspec.Struct, frozen=True):
    logprobs: _Probabilities | None = None


class _Whole(msgspec.Struct, frozen=True):
    choices: list[_WholeChoice] = []


def _decoded(content: bytes, kind: Any) -> Any:
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.MsgspecError as error:
        raise Away("the vision machine answered what nobody understands") from error


@contextmanager
def _hung_up_when(stop: Callable[[], bool], connection: http.client.HTTPSConnection) -> Iterator[threading.Event]:
    """Ask `stop` again and again while the block waits for the other side; a read ends as soon as the connection is shut."""
    stopped, ended = threading.Event(), threading.Event()

    def look() -> None:
        while not ended.wait(LOOK_SECONDS):
            if stop():
                stopped.set()
                with suppress(OSError):  # it has closed by itself
                    connection.sock.shutdown(socket.SHUT_RDWR)
                return

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield stopped
    finally:
        ended.set()
        thread.join()


def png(picture: Rgb) -> bytes:
    """The picture as a PNG file (W3C PNG, third edition): nothing is decoded here, so that no decoder is needed."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    width = picture.width * 3
    rows = b"".join(b"\0" + picture.pixels[at : at + width] for at in range(0, len(picture.pixels), width))
    head = struct.pack(">IIBBBBB", picture.width, picture.height, 8, 2, 0, 0, 0)
    parts = (chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(rows, 1)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _plain(name: str) -> str:
    """What the other machine calls its model, often a path, as a short name."""
    short = "".join(letter for letter in name.replace("\\", "/").rpartition("/")[2] if letter.isprintable())
    return short[:LONGEST_NAME] or "unnamed"


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) and error.strerror else str(error)) or type(error).__name__
