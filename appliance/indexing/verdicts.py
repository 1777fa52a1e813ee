"""What an exception means for the work that raised it, and the sentence that a person reads."""

import sys
import traceback
from dataclasses import dataclass
from pathlib import Path

from appliance.errors import (
    CaptionUnusable,
    DecoderCrashed,
    DecoderFailed,
    FileRefused,
    MantelError,
    ModelMissing,
    ModelWrong,
    NoRoom,
    PeopleOff,
    ToolFailed,
    ToolMissing,
    VaultDamaged,
    VisionUnavailable,
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an exception means for a job: `away` = not its fault, try later; `final` = repeating won't help."""

    reason: str
    final: bool = False
    away: bool = False


def judge(error: Exception, what: str, number: int) -> Verdict:
    """Say what `error` means for number `number` of `what`. What nobody expected is logged, by its kind and place only: its
    text may be personal."""
    match error:
        case FileRefused():
            return Verdict(str(error.facts["reason"]), final=True)
        case ModelMissing() | ModelWrong() | ToolMissing() | ToolFailed() | VisionUnavailable() | NoRoom():
            return Verdict(str(error), away=True)
        case PeopleOff() | VaultDamaged():
            return Verdict(str(error), away=True)
        case DecoderCrashed():
            return Verdict(str(error))
        case DecoderFailed() | CaptionUnusable():
            return Verdict(str(error), final=True)
        case MantelError():
            return Verdict(str(error))
        case FileNotFoundError():
            return Verdict("The original is not there any more; “mantel verify” says more.", final=True)
    places = " ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__))
    sys.stderr.write(f"mantel worker: {what} of {number} failed unexpectedly: {type(error).__name__} at {places}\n")
    return Verdict(f"Something unexpected went wrong ({type(error).__name__}); the original is safe.")
