"""What kind of document an asset is: said by rules or a model, corrected by a person, whose word stays."""

import re
from dataclasses import dataclass
from typing import Literal, cast, get_args

from appliance.accounts.viewer import Guest, Viewer
from appliance.errors import NotFound, WrongUsage
from appliance.library.access import visible_assets
from appliance.store import audit
from appliance.store.db import Reader, Writer

Kind = Literal["receipt", "identity", "whiteboard", "screenshot", "handwriting", "page"]
KINDS: tuple[Kind, ...] = get_args(Kind)
NAMES: dict[str, str] = {
    "receipt": "a receipt",
    "identity": "an identity document",
    "whiteboard": "a whiteboard",
    "screenshot": "a screenshot",
    "handwriting": "handwriting",
    "page": "a printed page",
}
NONE, RULES = "none", "rules"
ALIKE: tuple[Kind, ...] = ("handwriting", "page", "whiteboard")
"""Kinds that the rules tell apart only by how surely they are read: here a caption knows better. Of others they are sure."""
FAR = 8  # words of a caption: what it is about stands among the first
_IN_CAPTIONS: dict[Kind, str] = {
    "handwriting": r"hand-?written|handwriting",
    "receipt": r"receipt",
    "identity": r"passport|(?:id|identity) card|driver.?s licen[cs]e|driving licen[cs]e",
    "whiteboard": r"white ?board|flip ?chart",
    "screenshot": r"screenshot",
}
_SOMEBODY = re.compile(
    r"\b(?:people|person|man|men|woman|women|boys?|girls?|child|children|kids?|he|she|they|somebody|someone|hands?|holding|with|beside"
    r"|near|next|behind)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Document:
    """`kind` is None when a person said that it is no document; `reason` is what the rules went by."""

    kind: Kind | None
    decided_by: Literal["rules", "model", "person"]
    reason: str
    by_rules: Kind | None

    @property
    def choice(self) -> str:
        """What a person would choose to have it as it is: a kind, NONE, or RULES."""
        return RULES if self.decided_by != "person" else self.kind or NONE


def of(reader: Reader, asset_id: int) -> Document | None:
    """Return what kind of document the asset is, None when nobody says that it is one."""
    row = reader.first("SELECT kind, decided_by, reason, by_rules FROM document WHERE asset_id=?", (asset_id,))
    return Document(*row) if row else None


def kind_in(caption: str) -> Kind | None:
    """Return what kind of document a model's caption is about: “A handwritten note …”, not “A man with a receipt”."""
    beginning = " ".join(caption.split()[:FAR])
    for kind, pattern in _IN_CAPTIONS.items():
        named = re.search(rf"\b(?:{pattern})s?\b", beginning, re.IGNORECASE)
        if named and not _SOMEBODY.search(beginning[: named.start()]):
            return kind
    return None


def seen(writer: Writer, asset_id: int, kind: Kind | None) -> None:
    """Keep what the model's caption says, unless a person or rules that are sure decided; None takes back what it said before."""
    known = of(writer, asset_id)
    if known is not None and (known.decided_by == "person" or known.by_rules not in (None, *ALIKE)):
        return
    if kind is not None:
        writer.run(
            """INSERT INTO document(asset_id, kind, decided_by) VALUES(?,?,'model')
               ON CONFLICT(asset_id) DO UPDATE SET kind=excluded.kind, decided_by='model'""",
            (asset_id, kind),
        )
    elif known is not None and known.decided_by == "model":
        _leave_to_rules(writer, asset_id)


def found(writer: Writer, asset_id: int, kind: Kind | None, reason: str) -> None:
    """Keep what the rules say; what a person decided stays beside it, and what a model did unless the rules are sure."""
    sure = kind not in (None, *ALIKE)
    writer.run("DELETE FROM document WHERE asset_id=? AND (decided_by='rules' OR (? AND decided_by='model'))", (asset_id, sure))
    if kind is None:
        writer.run("UPDATE document SET by_rules=NULL WHERE asset_id=?", (asset_id,))
        return
    writer.run(
        """INSERT INTO document(asset_id, kind, decided_by, reason, by_rules) VALUES(?1,?2,'rules',?3,?2)
           ON CONFLICT(asset_id) DO UPDATE SET by_rules=excluded.by_rules, reason=excluded.reason""",
        (asset_id, kind, reason),
    )


def choose(writer: Writer, viewer: Viewer, asset_id: int, choice: str, now: int) -> str:
    """Let a person say what it is: a kind, NONE, or RULES to leave it to the rules. Return what would undo it.

    Raises NotFound, or WrongUsage for any other choice."""
    if isinstance(viewer, Guest):
        raise NotFound
    writer.one(f"SELECT 1 FROM asset WHERE asset.id=? AND {visible_assets(viewer)}", (asset_id,))
    if choice not in (*KINDS, NONE, RULES):
        raise WrongUsage(what=f"A document is one of {', '.join(KINDS)}, or none.")
    before = of(writer, asset_id)
    if choice == RULES:
        _leave_to_rules(writer, asset_id)
    else:
        kind = None if choice == NONE else cast("Kind", choice)
        writer.run(
            """INSERT INTO document(asset_id, kind, decided_by) VALUES(?,?,'person')
               ON CONFLICT(asset_id) DO UPDATE SET kind=excluded.kind, decided_by='person'""",
            (asset_id, kind),
        )
    audit.record(writer, now=now, user_id=viewer.user_id, action="asset.document", subjects=[asset_id])
    return before.choice if before else RULES


def _leave_to_rules(writer: Writer, asset_id: int) -> None:
    writer.run("UPDATE document SET kind=by_rules, decided_by='rules' WHERE asset_id=? AND by_rules IS NOT NULL", (asset_id,))
    writer.run("DELETE FROM document WHERE asset_id=? AND by_rules IS NULL", (asset_id,))
