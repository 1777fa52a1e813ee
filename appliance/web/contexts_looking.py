"""What photo/_look.html and its parts are given."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LookedView:
    """A question about one picture with its answer, or with the address that streams it."""

    question: str
    answer: str
    answer_from: str


@dataclass(frozen=True, slots=True)
class LookView:
    """The box “Ask about this picture”; `model` is empty when none is installed."""

    ready: bool
    model: str
    sample: bool
    longest: int
    looked: LookedView | None
