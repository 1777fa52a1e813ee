"""“Safe to delete from the phone”: up to which date everything that somebody added is in two verified copies besides this box, one
of them elsewhere. And the list of what no copy holds.

The box's own copy does not count: after the phone is emptied two others must be left even when this box is lost.
"""

import json
from dataclasses import dataclass
from datetime import date, timedelta

from appliance.backup.health import ENOUGH_COPIES, is_good
from appliance.backup.state import State
from appliance.store.db import Reader

PAGE = 100
WALK_SHARE = 8  # of so many originals one, and more: then what is not safe is many


@dataclass(frozen=True, slots=True)
class Source:
    """Who added `files` originals (None: the command line). Everything taken up to and with the day `until` (YYYY-MM-DD) may go
    from where it came from; None: nothing may yet. `all`: so is everything that came from there."""

    user_id: int | None
    name: str | None
    files: int
    until: str | None
    all: bool


@dataclass(frozen=True, slots=True)
class Unprotected:
    """An original and the names of the repositories that lack it; `why`: what the last look at the file found, or empty."""

    asset_id: int
    original: str
    bytes: int
    added_at: int
    lacking: tuple[str, ...]
    why: str


def safe_until(reader: Reader, state: State) -> tuple[Source, ...]:
    """Return one Source for everybody who added something, by name."""
    counted = _everybody(reader)
    good = [copy for copy in state.separate if is_good(copy, state)]
    away = [copy for copy in good if copy.offsite]
    if len(good) < ENOUGH_COPIES or not away or state.newest_at > state.now:
        return tuple(Source(user, name, files, None, False) for user, name, files, _ in counted)
    parameters = {
        "good": json.dumps([copy.id for copy in good]),
        "away": json.dumps([copy.id for copy in away]),
        "spare": len(good) - ENOUGH_COPIES,
        "aways": len(away),
    }
    if sum(copy.unprotected for copy in good) * WALK_SHARE < state.files:
        first = dict(reader.all(_FIRST_OF_FEW, parameters))
    else:
        walked = ((user, reader.value(_FIRST_OF_MANY, parameters | {"user": user})) for user, *_ in counted)
        first = {user: time for user, time in walked if time is not None}
    return tuple(_source(row, first) for row in counted)


def _everybody(reader: Reader) -> list[tuple[int | None, str | None, int, str]]:
    rows = reader.all("SELECT added_by, count(*), max(capture_time) FROM asset GROUP BY added_by")
    names = dict(reader.all("SELECT id, name FROM user"))
    found = [(user, names.get(user), files, newest) for user, files, newest in rows]
    return sorted(found, key=lambda row: (row[1] is None, row[1] or ""))


# Of each source, the earliest capture time among what is not in enough good copies, in none elsewhere, not whole here, or kept
# out. When that is little it is gathered; when it is much the first is met soon by walking from the oldest on.
_LACKING = """count(*) > :spare OR count(*) FILTER (WHERE repository_id IN (SELECT value FROM json_each(:away))) = :aways"""
_FIRST_OF_FEW = f"""SELECT added_by, min(capture_time) FROM asset WHERE id IN (
    SELECT asset_id FROM unprotected WHERE repository_id IN (SELECT value FROM json_each(:good)) GROUP BY asset_id
    HAVING {_LACKING}
    UNION ALL SELECT asset_id FROM rot WHERE state <> 'ok' UNION ALL SELECT asset_id FROM kept_out)
  GROUP BY added_by"""
_FIRST_OF_MANY = f"""SELECT capture_time FROM asset WHERE added_by IS :user AND (
    (SELECT {_LACKING} FROM unprotected WHERE asset_id = asset.id
     AND repository_id IN (SELECT value FROM json_each(:good)))
    OR id IN (SELECT asset_id FROM rot WHERE state <> 'ok' UNION ALL SELECT asset_id FROM kept_out))
  ORDER BY capture_time LIMIT 1"""


def _source(row: tuple[int | None, str | None, int, str], first: dict[int | None, str]) -> Source:
    user, name, files, newest = row
    if user not in first:
        return Source(user, name, files, newest[:10], True)
    before = (date.fromisoformat(first[user][:10]) - timedelta(days=1)).isoformat()
    return Source(user, name, files, before, False)


def unprotected(reader: Reader, *, after: int = 0, limit: int = PAGE) -> list[Unprotected]:
    """Return the next originals that some repository lacks, by id from above `after`; while there is no repository, every one."""
    names = dict(reader.all("SELECT id, name FROM repository"))
    rows = reader.all(_SOME if names else _EVERY, {"after": after, "limit": limit})
    return [
        Unprotected(asset_id, original, size, added_at, tuple(names[one] for one in json.loads(lacking) if one in names), why)
        for asset_id, original, size, added_at, lacking, why in rows
    ]


_COLUMNS = """asset.id, asset.original, asset.bytes, asset.added_at"""
_WHY = """coalesce((SELECT reason FROM rot WHERE rot.asset_id = asset.id AND rot.state <> 'ok' ORDER BY kind LIMIT 1), '')"""
_EVERY = f"SELECT {_COLUMNS}, '[]', {_WHY} FROM asset WHERE id > :after ORDER BY id LIMIT :limit"
_SOME = f"""SELECT {_COLUMNS}, lacking.them, {_WHY} FROM
  (SELECT asset_id, json_group_array(repository_id) AS them FROM unprotected WHERE asset_id > :after
   GROUP BY asset_id ORDER BY asset_id LIMIT :limit) AS lacking JOIN asset ON asset.id = lacking.asset_id ORDER BY asset.id"""
