"""The client of the vision process: captions and answers about one picture, and forms of what was left unread of a sentence, over a
unix socket of this machine."""

import select
import socket
import time
from collections.abc import Generator, Sequence
from contextlib import closing, suppress
from pathlib import Path

from appliance.adapters.rgb import Rgb
from appliance.adapters.vision_protocol import (
    LONGEST_FACT,
    LONGEST_LINE,
    LONGEST_QUESTION,
    LONGEST_SIDE,
    MOST_FACTS,
    Answer,
    Cause,
    Done,
    Field,
    Filled,
    Operation,
    Piece,
    Refusal,
    Request,
    Status,
    Verdict,
    answer_of,
    line_of,
    short_address,
)
from appliance.errors import (
    CaptionUnusable,
    DecoderCrashed,
    DecoderFailed,
    MantelError,
    ModelWrong,
    VisionUnavailable,
    WrongUsage,
)

VisionStatus = Status
VisionVerdict = Verdict
CAPTION_SECONDS = 300.0  # a small machine takes half a minute, and others may be before us
ANSWER_SECONDS = 120.0
FILL_SECONDS = 60.0  # a caption may be before us
STATUS_SECONDS = 5.0


class VisionClient:
    """Holds no connection; any thread may use it. Every call raises VisionUnavailable when nobody answers on the socket."""

    def __init__(self, socket: Path) -> None:
        self._path = socket

    def status(self) -> VisionStatus:
        """Return which model serves, whether it is loaded now, and whether it is only the sample."""
        with closing(self._converse(Request(Operation.STATUS), b"", STATUS_SECONDS)) as answers:
            for answer in answers:
                if isinstance(answer, Status):
                    return answer
        raise VisionUnavailable(reason="it did not tell its status")

    def gpu_missing(self) -> bool | None:
        """Return whether layers were meant for a GPU that llama.cpp does not find; None when nobody answers."""
        try:
            return self.status().gpu_missing
        except MantelError:
            return None

    def model_version(self) -> str:
        """Return what a caption's version is made of: it changes when another model, or another prompt, is installed."""
        return self.status().version

    def caption(self, picture: Rgb, *, prompt: int = 0, timeout: float = CAPTION_SECONDS) -> str:
        """Return one sentence about `picture`; another `prompt` gives other words, if the model has another.

        Raises CaptionUnusable when the model said nothing sensible, twice; DecoderCrashed when the process died over it;
        VisionUnavailable after `timeout` seconds.
        """
        request = Request(Operation.CAPTION, picture.width, picture.height, prompt=prompt)
        return "".join(self._pieces(request, picture, timeout))

    def ask(
        self,
        picture: Rgb,
        question: str,
        facts: Sequence[str] = (),
        *,
        timeout: float = ANSWER_SECONDS,
        pulse: float = ANSWER_SECONDS,
    ) -> Generator[str, None, None]:
        """Stream the answer to `question` about `picture`; closing the iterator stops the model. The answer is hostile input.

        `facts`: what is known of the picture, the most telling first; the model is told as many as have room. Whenever nothing
        has come for `pulse` seconds "" is yielded, so that whoever draws the answer can see whether somebody still reads it.
        """
        return self._pieces(_question(Operation.ASK, picture, question, facts), picture, timeout, pulse)

    def check(self, picture: Rgb, question: str, facts: Sequence[str] = (), *, timeout: float = CAPTION_SECONDS) -> Verdict:
        """Ask for a yes or a no; comes after people's questions and before captions. Raises as `caption` does."""
        request = _question(Operation.CHECK, picture, question, facts)
        with closing(self._converse(request, picture.pixels, timeout)) as answers:
            for answer in answers:
                if isinstance(answer, Verdict):
                    return answer
        raise VisionUnavailable(reason="it broke off")

    def fill(
        self, left: str, fields: Sequence[Field], *, sentence: str = "", names: Sequence[str] = (), pulse: float = FILL_SECONDS
    ) -> Generator[dict[Field, str] | None, None, None]:
        """Have the text model fill in `fields` for what was `left` unread of `sentence`; `names` are those that it may give.

        Yields None for each `pulse` of silence and then the values, once, which are hostile input; closing the iterator stops the
        model. Raises as `caption` does.
        """
        bounded = tuple(name[:LONGEST_FACT] for name in names[:MOST_FACTS])
        request = Request(Operation.FILL, question=left, facts=bounded, sentence=sentence, fields=tuple(fields))
        with closing(self._converse(request, b"", FILL_SECONDS, pulse)) as answers:  # closing hangs up, which cancels
            for answer in answers:
                if isinstance(answer, Filled):
                    yield answer.values
                    return
                yield None
        raise VisionUnavailable(reason="it broke off")

    def open_ahead(self, picture: Rgb) -> None:
        """Let `picture` be read before anybody asks about it. Returns as soon as that is arranged; the next call replaces it."""
        request = Request(Operation.OPEN, picture.width, picture.height)
        with closing(self._converse(request, picture.pixels, STATUS_SECONDS)) as said:
            next(said)

    def _pieces(self, request: Request, picture: Rgb, timeout: float, pulse: float = ANSWER_SECONDS) -> Generator[str, None, None]:
        if max(picture.width, picture.height) > LONGEST_SIDE:
            raise WrongUsage(what=f"A picture for the vision model has at most {LONGEST_SIDE} pixels a side.")
        with closing(self._converse(request, picture.pixels, timeout, pulse)) as answers:  # closing hangs up, which cancels
            for answer in answers:
                if answer is None:
                    yield ""
                elif isinstance(answer, Piece):
                    yield answer.text
                elif isinstance(answer, Done):
                    return
        raise VisionUnavailable(reason="it broke off")

    def _converse(
        self, request: Request, pixels: bytes, timeout: float, pulse: float = ANSWER_SECONDS
    ) -> Generator[Answer | None, None, None]:
        """Send one request and yield what comes back, None for each `pulse` of silence; a refusal becomes its error."""
        deadline = time.monotonic() + timeout
        with self._connected() as connection:
            connection.settimeout(timeout)
            with suppress(OSError):  # it may hang up before it has everything; then it has said why
                connection.sendall(line_of(request) + pixels)
            heard = bytearray()
            while True:
                answer = _next(connection, heard, min(pulse, max(0.01, deadline - time.monotonic())))
                if isinstance(answer, Refusal):
                    raise _error(answer)
                if answer is None and time.monotonic() >= deadline:
                    raise VisionUnavailable(reason=f"no answer within {timeout:.0f} seconds")
                yield answer
                if isinstance(answer, Done | Status):
                    return

    def _connected(self) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(STATUS_SECONDS)
        try:
            with short_address(self._path) as address:
                connection.connect(address)
        except (OSError, ValueError) as error:
            connection.close()
            raise VisionUnavailable(reason="it is not running") from error
        return connection


def _question(operation: Operation, picture: Rgb, question: str, facts: Sequence[str]) -> Request:
    if not question.strip() or len(question) > LONGEST_QUESTION:
        raise WrongUsage(what=f"A question about a picture has 1 to {LONGEST_QUESTION} characters.")
    bounded = tuple(fact[:LONGEST_FACT] for fact in facts[:MOST_FACTS])
    return Request(operation, picture.width, picture.height, question, facts=bounded)


def _next(connection: socket.socket, heard: bytearray, seconds: float) -> Answer | None:
    """Return the next line's answer, or None when it has not come within `seconds`; `heard` keeps what came behind it."""
    ends = time.monotonic() + seconds
    waiting = select.poll()
    waiting.register(connection, select.POLLIN)
    try:
        while (end := heard.find(b"\n")) < 0:
            if len(heard) > LONGEST_LINE:
                raise ValueError("the line is too long")
            if not waiting.poll(max(0.0, ends - time.monotonic()) * 1000):
                return None
            arrived = connection.recv(LONGEST_LINE)
            if not arrived:
                raise ConnectionError
            heard += arrived
        line = bytes(heard[:end])
        del heard[: end + 1]
        return answer_of(line)
    except ConnectionError:
        raise DecoderCrashed(reason="the vision process ended in the middle of it") from None
    except ValueError as error:
        raise VisionUnavailable(reason=f"it answered what nobody understands: {error}") from error


def _error(refusal: Refusal) -> MantelError:
    match refusal.cause:
        case Cause.UNUSABLE:
            return CaptionUnusable(reason=refusal.reason)
        case Cause.MODEL_WRONG:
            return ModelWrong(model="The vision model", reason=refusal.reason)
        case Cause.BUSY | Cause.AWAY:
            return VisionUnavailable(reason=refusal.reason)
        case Cause.TOO_LONG | Cause.NOT_UNDERSTOOD:
            return WrongUsage(what=f"The vision process refused this: {refusal.reason}.")
        case Cause.FAILED:
            return DecoderFailed(reason=refusal.reason)
