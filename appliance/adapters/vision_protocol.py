"""What is said on the vision socket, and how much of it: both sides read their bounds here.

One connection carries one request: a JSON line, then, unless it is "status" or "fill", exactly `width × height × 3` bytes of RGB.
The answer is JSON lines: any number of Piece (for "check" one Verdict, for "fill" one Filled), then one Done or one Refusal;
"status" is answered with one Status, and "open" with a Done as soon as it is in the queue. Closing the connection cancels the
others.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, Literal

import msgspec

from appliance.adapters.rgb import Rgb

LONGEST_SIDE = 2048
LONGEST_LINE = 64 * 1024
LONGEST_QUESTION = 1000
MOST_FACTS = 40
LONGEST_FACT = 300
ANSWER_CHARACTERS = 400
ANSWER_TOKENS = 128
FILL_TOKENS = 128
LONGEST_VALUE = 40  # characters of one field that the text model fills in


class Operation(StrEnum):
    STATUS = "status"
    CAPTION = "caption"
    ASK = "ask"
    CHECK = "check"
    OPEN = "open"
    FILL = "fill"


Field = Literal["when", "where", "camera", "album", "see"]
"""What a text model may fill in; vision_text.grammar_of makes the form of those that a request asks for."""


class Cause(StrEnum):
    """Why a request got no answer; the client turns each into an error for people."""

    NOT_UNDERSTOOD = "not understood"
    BUSY = "busy"
    TOO_LONG = "too long"
    MODEL_WRONG = "model wrong"
    UNUSABLE = "unusable"
    FAILED = "failed"
    AWAY = "away"


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`question` is empty unless the operation is "ask", "check" or "fill"; width and height are 0 for "status" and "fill".

    `prompt` says which of the model's caption prompts is tried first, counted round; the other is tried when it gives nonsense.
    The model answers the same to the same words, so another number is how to get another caption.

    `facts` are what is known of the picture, the most telling first: as many as fit are put before the question.

    For "fill", `question` is what was left unread of `sentence`, `facts` are names that this library has, and `fields` the form.
    """

    operation: Operation
    width: int = 0
    height: int = 0
    question: str = ""
    prompt: int = 0
    facts: tuple[str, ...] = ()
    sentence: str = ""
    fields: tuple[Field, ...] = ()

    def fault(self) -> str | None:
        """Return what is wrong with the request's numbers, or None."""
        if self.operation is Operation.STATUS:
            return None
        if len(self.facts) > MOST_FACTS or any(len(fact) > LONGEST_FACT for fact in self.facts):
            return f"there are at most {MOST_FACTS} facts of at most {LONGEST_FACT} characters"
        if self.operation is Operation.FILL:
            return self._fault_of_form()
        if self.sentence or self.fields:
            return "only a form has a sentence and fields"
        if not (1 <= self.width <= LONGEST_SIDE and 1 <= self.height <= LONGEST_SIDE):
            return f"a picture's sides are 1 to {LONGEST_SIDE} pixels"
        asks = self.operation in (Operation.ASK, Operation.CHECK)
        if asks != bool(self.question.strip()) or len(self.question) > LONGEST_QUESTION:
            return f"a question has 1 to {LONGEST_QUESTION} characters, and a caption has none"
        if self.prompt < 0 or (self.prompt and self.operation is not Operation.CAPTION):
            return "only a caption has a prompt, whose number is not below 0"
        return None

    def _fault_of_form(self) -> str | None:
        if not self.question.strip() or max(len(self.question), len(self.sentence)) > LONGEST_QUESTION:
            return f"what is left of a sentence has 1 to {LONGEST_QUESTION} characters"
        if not self.fields or len(set(self.fields)) < len(self.fields):
            return "a form has fields, each once"
        return "a form has no picture" if self.width or self.height or self.prompt else None


class Reuse(StrEnum):
    """What was still there of the picture: nothing, its embeddings (no second encoding), or the open prefix (only the words
    had to be read)."""

    NOTHING = "nothing"
    EMBEDDINGS = "embeddings"
    PREFIX = "prefix"


class Piece(msgspec.Struct, frozen=True, tag="piece"):
    text: str


class Verdict(msgspec.Struct, frozen=True, tag="verdict"):
    """`says` is "yes", "no" or "unsure"; `yes` and `no` are the probabilities that the answer begins so (0 to 1)."""

    says: Literal["yes", "no", "unsure"]
    yes: float
    no: float


class Filled(msgspec.Struct, frozen=True, tag="filled"):
    """What a text model filled in, by field; hostile input, as everything that a model says."""

    values: dict[Field, str]


class Done(msgspec.Struct, frozen=True, tag="done"):
    reused: Reuse


class Refusal(msgspec.Struct, frozen=True, tag="refusal"):
    cause: Cause
    reason: str


class Status(msgspec.Struct, frozen=True, tag="status"):
    """`version` changes with the model's files or prompts; `waiting` counts requests that wait for their turn; `busy`: one is
    being answered; `gpu_missing`: vision_gpu_layers asks for a GPU that llama.cpp does not find."""

    model: str
    version: str
    loaded: bool
    sample: bool
    waiting: int
    busy: bool
    gpu_missing: bool


Answer = Piece | Verdict | Filled | Done | Refusal | Status
_ANSWERS = msgspec.json.Decoder(Answer)
_REQUESTS = msgspec.json.Decoder(Request)


def picture_key(picture: Rgb) -> bytes:
    """The same for the same pixels in the same shape, and for no others (32 bytes)."""
    size = f"{picture.width}x{picture.height} ".encode()
    return hashlib.blake2b(size + picture.pixels, digest_size=32).digest()


def line_of(message: Request | Answer) -> bytes:
    return msgspec.json.encode(message) + b"\n"


def read_request(stream: BinaryIO) -> Request:
    """Raises ValueError for a line that is too long, cut off, or not a request."""
    return _REQUESTS.decode(_line(stream))


def read_answer(stream: BinaryIO) -> Answer:
    """Raises EOFError when the other side is gone, ValueError for a line that is not an answer."""
    return answer_of(_line(stream))


def answer_of(line: bytes) -> Answer:
    """Raises ValueError for a line that is not an answer."""
    answer: Answer = _ANSWERS.decode(line)
    return answer


def _line(stream: BinaryIO) -> bytes:
    line = stream.readline(LONGEST_LINE + 1)
    if not line:
        raise EOFError
    if len(line) > LONGEST_LINE or not line.endswith(b"\n"):
        raise ValueError("the line is too long or cut off")
    return line


@contextmanager
def short_address(path: Path) -> Iterator[str]:
    """Lend a short name for a socket's path: bind and connect take at most 107 bytes, a home may lie deeper."""
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
