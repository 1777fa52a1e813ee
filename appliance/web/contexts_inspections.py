"""What the templates of inspections are given."""

from dataclasses import dataclass

from appliance.web.contexts import TileView


@dataclass(frozen=True, slots=True)
class InspectionLine:
    id: int
    thing: str
    summary: str
    state: str
    picture: str
    since: str


@dataclass(frozen=True, slots=True)
class InspectionsPage:
    lines: tuple[InspectionLine, ...]
    lacks_model: bool


@dataclass(frozen=True, slots=True)
class InspectionPage:
    """`yes` and `unsure` are what was found behind the position that was asked for, `last` the position of the last that was
    looked at; `unseen` is shown when nobody can look: what its words alone say."""

    id: int
    question: str
    thing: str
    state: str
    picture: str
    running: bool
    stopped: bool
    may_look: bool
    all: int
    looked: int
    summary: str
    left: str
    last: int
    yes: tuple[TileView, ...]
    unsure: tuple[TileView, ...]
    unseen: tuple[TileView, ...]
    results: int
    certain: int
