"""The client of the vision process: captions and answers about one picture, over a unix socket of this machine."""

import socket
import time
from collections.abc import Generator
from contextlib import closing, suppress
from pathlib import Path
from typing import BinaryIO

from appliance.adapters.rgb import Rgb
from appliance.adapters.vision_protocol import (
    LONGEST_QUESTION,
    LONGEST_SIDE,
    Answer,
    Cause,
    Done,
    Operation,
    Piece,
    Refusal,
    Request,
    Status,
    line_of,
    read_answer,
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
CAPTION_SECONDS = 300.0  # a small machine takes half a minute, and others may be before us
ANSWER_SECONDS = 120.0
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

    def ask(self, picture: Rgb, question: str, *, timeout: float = ANSWER_SECONDS) -> Generator[str, None, None]:
        """Stream the answer to `question` about `picture`; closing the iterator stops the model. The answer is hostile input."""
        if not question.strip() or len(question) > LONGEST_QUESTION:
            raise WrongUsage(what=f"A question about a picture has 1 to {LONGEST_QUESTION} characters.")
        request = Request(Operation.ASK, picture.width, picture.height, question)
        return self._pieces(request, picture, timeout)

    def _pieces(self, request: Request, picture: Rgb, timeout: float) -> Generator[str, None, None]:
        if max(picture.width, picture.height) > LONGEST_SIDE:
            raise WrongUsage(what=f"A picture for the vision model has at most {LONGEST_SIDE} pixels a side.")
        with closing(self._converse(request, picture.pixels, timeout)) as answers:  # closing hangs up, which cancels
            for answer in answers:
                if isinstance(answer, Piece):
                    yield answer.text
                elif isinstance(answer, Done):
                    return
        raise VisionUnavailable(reason="it broke off")

    def _converse(self, request: Request, pixels: bytes, timeout: float) -> Generator[Answer, None, None]:
        """Send one request and yield what comes back; a refusal becomes its error."""
        deadline = time.monotonic() + timeout
        with self._connected() as connection:
            connection.settimeout(timeout)
            with suppress(OSError):  # it may hang up before it has everything; then it has said why
                connection.sendall(line_of(request) + pixels)
            with connection.makefile("rb") as stream:
                while True:
                    connection.settimeout(max(0.01, deadline - time.monotonic()))
                    answer = _next(stream, timeout)
                    if isinstance(answer, Refusal):
                        raise _error(answer)
                    yield answer
                    if not isinstance(answer, Piece):
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


def _next(stream: BinaryIO, timeout: float) -> Answer:
    try:
        return read_answer(stream)
    except TimeoutError:
        raise VisionUnavailable(reason=f"no answer within {timeout:.0f} seconds") from None
    except (EOFError, ConnectionError):
        raise DecoderCrashed(reason="the vision process ended in the middle of it") from None
    except ValueError as error:
        raise VisionUnavailable(reason=f"it answered what nobody understands: {error}") from error


def _error(refusal: Refusal) -> MantelError:
    match refusal.cause:
        case Cause.UNUSABLE:
            return CaptionUnusable(reason=refusal.reason)
        case Cause.MODEL_WRONG:
            return ModelWrong(model="The vision model", reason=refusal.reason)
        case Cause.BUSY:
            return VisionUnavailable(reason=refusal.reason)
        case Cause.TOO_LONG | Cause.NOT_UNDERSTOOD:
            return WrongUsage(what=f"The vision process refused this: {refusal.reason}.")
        case Cause.FAILED:
            return DecoderFailed(reason=refusal.reason)
