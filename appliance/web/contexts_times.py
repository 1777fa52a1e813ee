"""What the page for fixing times is given, like contexts.py."""

from dataclasses import dataclass

from appliance.web.contexts import TileView


@dataclass(frozen=True, slots=True)
class FixFields:
    """What stands in the form. `how` is shift, zone or set; `moves`: the clock moves to the zone as well."""

    how: str
    later: bool
    days: int
    hours: int
    minutes: int
    zone: str
    moves: bool
    moment: str


@dataclass(frozen=True, slots=True)
class FixLine:
    """One photo: its time before and after; `why` says why there is none after."""

    tile: TileView
    before: str
    after: str
    why: str


@dataclass(frozen=True, slots=True)
class FixPage:
    """`change` is what the button will do, empty while nothing is chosen; `problem` says what is wrong with what was typed."""

    selection: int
    count: str
    one: bool
    fields: FixFields
    change: str
    does: str
    passed_over: str
    problem: str
    lines: tuple[FixLine, ...]
    rest: str
