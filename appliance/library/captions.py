"""Captions as people meet them: which is shown, what they think of it, and that they want another look.

A hidden caption is as good as none: nobody is shown it, and search knows neither its words nor its vector.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from appliance.accounts.viewer import Child, Guest, Viewer
from appliance.errors import AdultNeeded, NotFound
from appliance.library import document
from appliance.library.access import visible_assets
from appliance.library.assets import PERSON_LOOKS
from appliance.library.browsing import SHOWN
from appliance.store import audit, queue
from appliance.store.db import Reader, Writer

Verdict = Literal["new", "accepted", "hidden"]
Seen = tuple[int, int]
"""An asset's id and its caption's `made_at`: a verdict is on the words that were seen, not on those that came meanwhile."""

MOST_COUNTED = 2000  # a page that a person goes through need not know more
_TO_JUDGE = f"caption.verdict = 'new' AND caption.look_again = 0 AND asset.described_by IS NULL AND {SHOWN}"
_HIDDEN = f"caption.verdict = 'hidden' AND {SHOWN}"


@dataclass(frozen=True, slots=True)
class Caption:
    """One caption; times in milliseconds since 1970 UTC. `look_again`: somebody wants other words, which are not there yet."""

    asset_id: int
    words: str
    model: str
    made_at: int
    verdict: Verdict
    look_again: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How many captions stand where, of the assets that a viewer browses; each is counted up to MOST_COUNTED + 1."""

    new: int
    accepted: int
    hidden: int


_COLUMNS = "caption.asset_id, caption.words, caption.model, caption.made_at, caption.verdict, caption.look_again"


def of_asset(reader: Reader, viewer: Viewer, asset_id: int) -> Caption | None:
    """Return the caption of an asset, hidden or not; raises NotFound when `viewer` may not see the asset."""
    _visible(reader, viewer, asset_id)
    sql = f"SELECT {_COLUMNS} FROM caption WHERE asset_id=? ORDER BY made_at DESC, model LIMIT 1"
    row = reader.first(sql, (asset_id,))
    return Caption(*row) if row else None


def unjudged(reader: Reader, viewer: Viewer, before: Seen | None, limit: int) -> list[Caption]:
    """Return up to `limit` captions that nobody has judged, newest first, that come after `before`.

    What a person has described needs no verdict: these words win anyway.
    """
    return _listed(reader, viewer, _TO_JUDGE, before, limit)


def hidden(reader: Reader, viewer: Viewer, before: Seen | None, limit: int) -> list[Caption]:
    """Return up to `limit` captions that somebody has hidden, as `unjudged` does, for those who may show them again.

    Raises NotFound for a guest, AdultNeeded for a child."""
    _may_judge(viewer)
    return _listed(reader, viewer, _HIDDEN, before, limit)


def _listed(reader: Reader, viewer: Viewer, condition: str, before: Seen | None, limit: int) -> list[Caption]:
    asset_id, made_at = before or (0, 0)
    after = "AND (caption.made_at, caption.asset_id) < (:made_at, :asset_id)" if before else ""
    return reader.rows(
        Caption,
        f"""SELECT {_COLUMNS} FROM caption JOIN asset ON asset.id = caption.asset_id
            WHERE {condition} AND {visible_assets(viewer)} {after}
            ORDER BY caption.made_at DESC, caption.asset_id DESC LIMIT :limit""",
        {"made_at": made_at, "asset_id": asset_id, "limit": limit},
    )


def counts(reader: Reader, viewer: Viewer) -> Counts:
    """Return how many captions wait for a verdict, and how many have got which."""
    conditions = (_TO_JUDGE, f"caption.verdict = 'accepted' AND {SHOWN}", _HIDDEN)
    return Counts(*(_count(reader, f"{condition} AND {visible_assets(viewer)}") for condition in conditions))


def _count(reader: Reader, condition: str) -> int:
    among = f"SELECT 1 FROM caption JOIN asset ON asset.id = caption.asset_id WHERE {condition} LIMIT ?"
    return int(reader.value(f"SELECT count(*) FROM ({among})", (MOST_COUNTED + 1,)))


def judge(writer: Writer, viewer: Viewer, seen: Sequence[Seen], verdict: Verdict, now: int) -> int:
    """Set the verdict on the captions that were `seen`, unless they have changed meanwhile; return on how many.

    Hiding takes the words out of search in the same transaction. Raises NotFound for a guest, AdultNeeded for a child.
    """
    _may_judge(viewer)
    rows: list[tuple[int, str]] = writer.rows(
        lambda asset_id, former: (asset_id, former),
        f"""SELECT asset_id, verdict FROM caption WHERE (asset_id, made_at) IN (SELECT value->>0, value->>1 FROM json_each(:seen))
              AND asset_id IN (SELECT value->>0 FROM json_each(:seen))
              AND EXISTS (SELECT 1 FROM asset WHERE asset.id = caption.asset_id AND {visible_assets(viewer)})""",
        {"seen": json.dumps(seen)},
    )
    by, at = (None, None) if verdict == "new" else (_user(viewer), now)
    writer.many(
        "UPDATE caption SET verdict=?, judged_by=(SELECT id FROM user WHERE id=?), judged_at=? WHERE asset_id=?",
        [(verdict, by, at, asset_id) for asset_id, _ in rows],
    )
    for asset_id, former in rows:
        if (former == "hidden") != (verdict == "hidden"):
            _turn(writer, asset_id, hidden=verdict == "hidden")
    if rows:
        audit.record(
            writer, now=now, user_id=_user(viewer), action=f"caption.{verdict}", subjects=[asset_id for asset_id, _ in rows]
        )
    return len(rows)


def judged_at(reader: Reader, viewer: Viewer, at: int) -> list[tuple[Seen, Verdict]]:
    """Return what `viewer` judged at the moment `at` and has not been judged otherwise since."""
    return reader.rows(
        lambda asset_id, made_at, verdict: ((asset_id, made_at), verdict),
        "SELECT asset_id, made_at, verdict FROM caption WHERE judged_by=? AND judged_at=? ORDER BY asset_id",
        (_user(viewer), at),
    )


def look_again(writer: Writer, viewer: Viewer, asset_id: int, now: int) -> bool:
    """Let the model say it in other words, soon; these then replace the caption. False when there is no caption to replace."""
    _may_judge(viewer)
    _visible(writer, viewer, asset_id)
    if not writer.run("UPDATE caption SET look_again=1 WHERE asset_id=?", (asset_id,)):
        return False
    queue.again(writer, asset_id, "caption", priority=PERSON_LOOKS)
    audit.record(writer, now=now, user_id=_user(viewer), action="caption.look_again", subjects=[asset_id])
    return True


def leave_be(writer: Writer, viewer: Viewer, asset_id: int) -> None:
    """Take `look_again` back: the caption stays, also when the model is at it right now."""
    _may_judge(viewer)
    _visible(writer, viewer, asset_id)
    if writer.run("UPDATE caption SET look_again=0 WHERE asset_id=? AND look_again=1", (asset_id,)):
        queue.settle(writer, asset_id, "caption")


def first_prompt(reader: Reader, asset_id: int, model: str) -> int:
    """Return which of the caption prompts of `model` comes first: the one after the last when somebody wants other words."""
    sql = "SELECT prompt + look_again FROM caption WHERE asset_id=? AND model=?"
    return int(reader.value(sql, (asset_id, model), 0))


def keep(writer: Writer, asset_id: int, model: str, words: str, now: int) -> None:
    """Replace an asset's caption. The same words keep their verdict; others are judged anew."""
    prompt = first_prompt(writer, asset_id, model)
    judged = writer.first("SELECT verdict, judged_by, judged_at FROM caption WHERE asset_id=? AND words=?", (asset_id, words))
    writer.run("DELETE FROM caption WHERE asset_id=?", (asset_id,))
    writer.run(
        "INSERT INTO caption(asset_id, model, words, made_at, prompt, verdict, judged_by, judged_at) VALUES(?,?,?,?,?,?,?,?)",
        (asset_id, model, words, now, prompt, *(judged or ("new", None, None))),
    )
    document.seen(writer, asset_id, None if judged and judged[0] == "hidden" else document.kind_in(words))


def give_up_looking(writer: Writer, asset_id: int) -> None:
    """The model found no other words: the caption stays as it was."""
    writer.run("UPDATE caption SET look_again=0 WHERE asset_id=?", (asset_id,))


def may_judge(viewer: Viewer) -> bool:
    """Owner and members; what a child or a guest finds here stays as it is."""
    return not isinstance(viewer, Child | Guest)


def _may_judge(viewer: Viewer) -> None:
    if isinstance(viewer, Guest):
        raise NotFound
    if not may_judge(viewer):
        raise AdultNeeded


def _user(viewer: Viewer) -> int | None:
    return None if isinstance(viewer, Guest) else viewer.user_id


def _visible(reader: Reader, viewer: Viewer, asset_id: int) -> tuple[Any, ...]:
    return reader.one(f"SELECT 1 FROM asset WHERE asset.id=? AND {visible_assets(viewer)}", (asset_id,))


def _turn(writer: Writer, asset_id: int, *, hidden: bool) -> None:
    """Embed anew; what is hidden is gone from search before this transaction ends, the asset's other words come back at once.
    What kind of document it is goes with it."""
    words = "" if hidden else writer.value("SELECT words FROM caption WHERE asset_id=? ORDER BY made_at DESC LIMIT 1", (asset_id,))
    document.seen(writer, asset_id, document.kind_in(str(words or "")))
    if hidden:
        writer.run("DELETE FROM embedding WHERE asset_id=? AND source='caption'", (asset_id,))
        writer.run("DELETE FROM words WHERE rowid=?", (asset_id,))
    queue.again(writer, asset_id, "embedding", priority=PERSON_LOOKS)
