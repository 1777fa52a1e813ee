"""What Mantel offers to do with what was found: proposed as a row, done after a person's click, undone after another.

Nothing here is ever started by words that stand in a picture: a proposal is made of a person's own sentence alone."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from appliance.accounts.viewer import Child, Family, Owner
from appliance.assistant.plan import Act, ActKind
from appliance.errors import AdultNeeded, NotFound, WrongUsage
from appliance.library import albums, fix_time, selections
from appliance.library.access import visible_assets
from appliance.store import audit
from appliance.store.db import Reader, Writer

MOST = 5_000  # assets of one action
LONGEST_TAG = 80
FOR_THE_OWNER: frozenset[ActKind] = frozenset({"unhide", "restore"})
NOT_FOR_CHILDREN: frozenset[ActKind] = frozenset({"hide", "unhide", "share", "time"})
NOT_FOR_THEM = {
    "hide": "Hiding photos is not for children's accounts; ask a grown-up.",
    "share": "Sharing photos is not for children's accounts; ask a grown-up.",
    "time": "Fixing times is not for children's accounts; ask a grown-up.",
}
AUDIT = {
    "album": "album.filled", "tag": "asset.tagged", "favourite": "asset.favoured", "unfavourite": "asset.unfavoured",
    "hide": "asset.hidden", "unhide": "asset.unhidden", "time": "asset.timed",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Action:
    """A proposal and what became of it; `assets` is how many it names, `changed` how many it changed, None until it was done."""

    id: int
    kind: ActKind
    name: str
    assets: int
    changed: int | None
    album: int | None
    undone: bool


def may(viewer: Family, act: Act) -> bool:
    """Hiding takes a photo out of everybody's sight, and only the owner brings it back, also from a backup: no child does that, nor
    shares, nor changes when a photo was taken for everybody."""
    if act.kind in FOR_THE_OWNER:
        return isinstance(viewer, Owner)
    return not (isinstance(viewer, Child) and act.kind in NOT_FOR_CHILDREN)


def most(kind: ActKind) -> int:
    """How many assets one action may have: looking at them on a map changes nothing."""
    return selections.MOST if kind == "map" else MOST


def refused(viewer: Family, act: Act, total: int) -> str:
    """Why `act` is not proposed for `total` assets, in a sentence; empty when it is."""
    if not may(viewer, act):
        return NOT_FOR_THEM.get(act.kind, "Only the owner can do that.")
    return f"That is more than {most(act.kind):,} at once. Ask for fewer first." if total > most(act.kind) else ""


def propose(
    writer: Writer, viewer: Family, act: Act, assets: Sequence[int], *, conversation: int | None, turn: int | None, now: int
) -> int | None:
    """Write down what could be done with exactly `assets`; return its id. None when there is nothing to do it with, too much
    (more than `most`), or it is not for `viewer`. Without a conversation somebody chose them in a grid."""
    if not assets or len(assets) > most(act.kind) or not may(viewer, act):
        return None
    sql = """INSERT INTO action(user_id, conversation_id, turn, kind, name, assets, proposed_at) VALUES(?,?,?,?,?,?,?)"""
    ids = json.dumps([int(asset_id) for asset_id in assets])
    return writer.insert(sql, (viewer.user_id, conversation, turn, act.kind, act.name, ids, now))


def of_turn(reader: Reader, viewer: Family, conversation: int, turn: int) -> list[Action]:
    """Return what was proposed at a turn of `viewer`'s."""
    sql = f"{_ACTIONS} WHERE conversation_id=? AND turn=? AND user_id=? ORDER BY id"
    return [_action(*row) for row in reader.all(sql, (conversation, turn, viewer.user_id))]


def get(reader: Reader, viewer: Family, action: int) -> Action:
    """Raises NotFound when there is no such action of `viewer`'s."""
    return _action(*reader.one(f"{_ACTIONS} WHERE id=? AND user_id=?", (action, viewer.user_id)))


def place(reader: Reader, action: int) -> tuple[int | None, int | None]:
    """The conversation and the turn that an action was proposed at; None when they were deleted."""
    conversation, turn = reader.one("SELECT conversation_id, turn FROM action WHERE id=?", (action,))
    return conversation, turn


def assets_of(reader: Reader, viewer: Family, action: int) -> tuple[int, ...]:
    """Return what an action of `viewer`'s is about, as far as they see it; raises NotFound."""
    (ids,) = reader.one("SELECT assets FROM action WHERE id=? AND user_id=?", (action, viewer.user_id))
    return selections.visible(reader, viewer, ids)


_ACTIONS = "SELECT id, kind, name, json_array_length(assets), before, undone_at IS NOT NULL FROM action"


def do(writer: Writer, viewer: Family, action: int, *, name: str, now: int) -> Action:
    """Do what was proposed, with those of its assets that `viewer` still sees; doing it twice does it once.

    `name` is what the person left in the field for the album's title or the tag. Raises NotFound, WrongUsage.
    """
    found = get(writer, viewer, action)
    if not may(viewer, Act(found.kind)):
        raise AdultNeeded
    if found.changed is not None and not found.undone:
        return found
    ids = json.loads(writer.value("SELECT assets FROM action WHERE id=?", (action,)))
    before = _DO[found.kind](writer, viewer, ids, name.strip() or found.name, now)
    kept = before.pop("name", found.name)
    sql = "UPDATE action SET at=?, before=?, name=?, undone_at=NULL WHERE id=?"
    writer.run(sql, (now, json.dumps(before), kept, action))
    audit.record(writer, now=now, user_id=viewer.user_id, action=AUDIT[found.kind], subjects=before["assets"])
    return get(writer, viewer, action)


def undo(writer: Writer, viewer: Family, action: int, *, now: int) -> Action:
    """Put back what the action changed, and no more than that; raises NotFound when there is nothing to undo."""
    found = get(writer, viewer, action)
    if found.changed is None or found.undone:
        raise NotFound
    before = json.loads(writer.value("SELECT before FROM action WHERE id=?", (action,)))
    _UNDO[found.kind](writer, before, found.name)
    writer.run("UPDATE action SET undone_at=? WHERE id=?", (now, action))
    audit.record(writer, now=now, user_id=viewer.user_id, action=f"{AUDIT[found.kind]}.undone", subjects=before["assets"])
    return get(writer, viewer, action)


def _action(number: int, kind: ActKind, name: str, assets: int, before: str | None, undone: int) -> Action:
    kept = json.loads(before) if before else {}
    changed = len(kept["assets"]) if kept else None
    return Action(number, kind, name, assets, changed, kept.get("album"), bool(undone))


def _fill_album(writer: Writer, viewer: Family, assets: Sequence[int], name: str, now: int) -> dict[str, Any]:
    """Into the album of that title when there is one; else into a new one."""
    title = albums.tidy_title(name)
    album = albums.titled(writer, viewer, title) or albums.make(writer, viewer, title, now=now)
    return {"album": album, "assets": albums.put(writer, viewer, album, assets, now=now), "name": title}


def _tag(writer: Writer, viewer: Family, assets: Sequence[int], name: str, now: int) -> dict[str, Any]:
    tag = " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())
    if not tag or len(tag) > LONGEST_TAG:
        raise WrongUsage(what=f"A tag has 1 to {LONGEST_TAG} characters; this one has {len(tag)}.")
    sql = f"""INSERT OR IGNORE INTO tag SELECT asset.id, ?, 'person' FROM asset
      WHERE asset.id IN (SELECT value FROM json_each(?)) AND {visible_assets(viewer)} RETURNING asset_id"""
    return {"assets": [asset_id for (asset_id,) in writer.all(sql, (tag, json.dumps(list(assets))))], "name": tag}


def _setter(column: str, value: int) -> Callable[[Writer, Family, Sequence[int], str, int], dict[str, Any]]:
    def set_it(writer: Writer, viewer: Family, assets: Sequence[int], name: str, now: int) -> dict[str, Any]:
        sql = f"""UPDATE asset SET {column}={value} WHERE id IN (SELECT value FROM json_each(?)) AND {column}<>{value}
          AND {visible_assets(viewer)} RETURNING id"""
        return {"assets": [asset_id for (asset_id,) in writer.all(sql, (json.dumps(list(assets)),))]}

    return set_it


def _fix_time(writer: Writer, viewer: Family, assets: Sequence[int], name: str, now: int) -> dict[str, Any]:
    """`name` is the change as library/fix_time.py writes it."""
    times = fix_time.apply(writer, viewer, assets, fix_time.change_of(name))
    return {"assets": [asset_id for asset_id, *_ in times], "times": times}


def _unfix_time(writer: Writer, before: dict[str, Any], name: str) -> None:
    fix_time.put_back(writer, before["times"])


def _empty_album(writer: Writer, before: dict[str, Any], name: str) -> None:
    albums.take_out(writer, before["album"], before["assets"])
    albums.remove_empty(writer, before["album"])


def _untag(writer: Writer, before: dict[str, Any], name: str) -> None:
    sql = "DELETE FROM tag WHERE name=? AND source='person' AND asset_id IN (SELECT value FROM json_each(?))"
    writer.run(sql, (name, json.dumps(before["assets"])))


def _resetter(column: str, value: int) -> Callable[[Writer, dict[str, Any], str], None]:
    def set_back(writer: Writer, before: dict[str, Any], name: str) -> None:
        sql = f"UPDATE asset SET {column}={value} WHERE id IN (SELECT value FROM json_each(?))"
        writer.run(sql, (json.dumps(before["assets"]),))

    return set_back


_DO = {
    "album": _fill_album, "tag": _tag, "favourite": _setter("favourite", 1), "unfavourite": _setter("favourite", 0),
    "hide": _setter("hidden", 1), "unhide": _setter("hidden", 0), "time": _fix_time,
}  # fmt: skip
_UNDO = {
    "album": _empty_album, "tag": _untag, "favourite": _resetter("favourite", 0), "unfavourite": _resetter("favourite", 1),
    "hide": _resetter("hidden", 0), "unhide": _resetter("hidden", 1), "time": _unfix_time,
}  # fmt: skip
