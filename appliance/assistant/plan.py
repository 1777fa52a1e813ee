"""What a person wants of the box with a sentence: a search, or something about what was found, one picture, or the box itself."""

from dataclasses import dataclass, field, replace
from typing import Any, Literal

import msgspec

from appliance.search.filters import Query

Kind = Literal["search", "back", "look", "check", "act", "box"]
ActKind = Literal["album", "tag", "favourite", "unfavourite", "hide", "unhide", "share", "map", "time", "restore"]
Topic = Literal[
    "photos", "indexing", "room", "left", "backup", "shares", "delete", "ask first"
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Act:
    """Something to be done with what was found; `name` is that of the album or tag, empty when the person gave none."""

    kind: ActKind
    name: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """`query` is what is searched for and shown. `follows`: the sentence changes the turn before it.

    `compares`: the values that `query` joins by OR are to be counted against each other. `note` is a sentence of Mantel's own that
    comes first. `nameless`: understood while People was locked, and somebody's name may be in it. `asset` and `question` belong to
    `look`, `thing` to `check`, `act` to `act`, `topic` to `box`.
    """

    kind: Kind = "search"
    query: Query = field(default_factory=Query)
    follows: bool = False
    compares: bool = False
    note: str = ""
    nameless: bool = False
    act: Act | None = None
    topic: Topic | None = None
    asset: int | None = None
    question: str = ""
    thing: str = ""


_PLAIN = Plan()
_APART = ("query", "follows")


def as_json(plan: Plan) -> str | None:
    """What a turn keeps of `plan` beside its query; None when it is a search and nothing else."""
    parts: dict[str, Any] = msgspec.to_builtins(plan)
    plain = msgspec.to_builtins(_PLAIN)
    kept = {name: value for name, value in parts.items() if name not in _APART and value != plain[name]}
    return msgspec.json.encode(kept).decode() if kept else None


def from_json(text: str | None, query: Query, *, follows: bool) -> Plan:
    """The Plan that `as_json` kept; of a kind that an older Mantel knew and this one does not, the search alone."""
    try:
        kept = msgspec.json.decode(text, type=Plan) if text else _PLAIN
    except msgspec.ValidationError:
        kept = _PLAIN
    return replace(kept, query=query, follows=follows)
