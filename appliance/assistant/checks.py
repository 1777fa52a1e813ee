"""The work of inspections: which picture is looked at next, and what comes of it. Rows are the jobs.

A picture that is being looked at is still 'waiting': when the process is killed nothing has to be given back, and the answer is
written by compare-and-set. An attempt is counted before it begins, so that a picture that kills whoever looks at it is given up.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

from appliance.accounts.viewer import KINDS, Family
from appliance.adapters.vision import VisionClient, VisionVerdict
from appliance.assistant.look import facts_of
from appliance.indexing.stages import VISION_SIDE, Tools
from appliance.library import assets, derivatives
from appliance.store.db import Reader, Store, Writer

MOST_ATTEMPTS = 5
SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Check:
    """One picture of one inspection, looked at on behalf of `viewer`."""

    inspection: int
    asset_id: int
    thing: str
    viewer: Family
    attempts: int


# The newest question first: whoever has just asked looks at the count.
_NEXT = """
SELECT inspection.id, asset_id, thing, attempts, user.id, user.name, user.kind FROM inspection
JOIN inspection_asset ON inspection_id = inspection.id AND inspection_asset.state = 'waiting'
JOIN user ON user.id = user_id
WHERE inspection.state = 'running' ORDER BY inspection.id DESC, position LIMIT 1"""


def next_check(reader: Reader) -> Check | None:
    row = reader.first(_NEXT)
    if row is None:
        return None
    inspection, asset_id, thing, attempts, user_id, name, kind = row
    return Check(inspection, asset_id, thing, KINDS[kind](user_id, name), attempts)


class Looking:
    """What the worker does for inspections; `clock` gives milliseconds since 1970 UTC."""

    def __init__(self, store: Store, tools: Tools, vision: VisionClient, clock: Callable[[], int], *, rest_ms: int) -> None:
        self._store, self._tools, self._vision, self._clock = store, tools, vision, clock
        self._rest_ms = rest_ms
        self._rests_until = 0

    def waits(self) -> bool:
        """Is there a picture to look at now?"""
        if self._clock() < self._rests_until:
            return False
        with self._store.read() as reader:
            return next_check(reader) is not None

    def claim(self) -> Check | None:
        """Count an attempt at the next picture and return it; one that had too many is given up instead."""
        with self._store.write() as writer:
            check = next_check(writer)
            if check is None or check.attempts < MOST_ATTEMPTS:
                return check if check and _count(writer, check, 1) else None
            _settle(writer, check, "failed", "{}", self._clock())
            return None

    def look(self, check: Check) -> None:
        """Ask the model about the picture, as its viewer may see it, and write the answer down. Raises NotFound, and what
        decoding and asking raise."""
        with self._store.read() as reader:
            asset = assets.get(reader, check.viewer, check.asset_id)
        row, layout, tools = asset.row, self._tools.layout, self._tools
        derivatives.make(tools.decoder, layout, row.sha256, layout.original(row.original), row.kind)
        picture = tools.decoder.rgb(layout.preview(row.sha256), VISION_SIDE)
        facts = facts_of(asset, lambda code: next(iter(tools.gazetteer.country_names(code)), code))
        said = self._vision.check(picture, question_for(check.thing), facts, timeout=SECONDS)
        with self._store.write() as writer:
            settle(writer, check, said, now=self._clock())

    def give_up(self, check: Check, *, away: bool, final: bool) -> None:
        """After a failure: `away`, the model is not there, and all rests for a while; `final`, nobody can look at this one."""
        with self._store.write() as writer:
            if away:
                self._rests_until = self._clock() + self._rest_ms  # what hinders this one hinders all
                give_back(writer, check)
            elif final:
                _settle(writer, check, "failed", "{}", self._clock())


def question_for(thing: str) -> str:
    """What each picture is asked."""
    if thing.endswith("s") and not thing.endswith("ss"):
        return f"Are there {thing} in the image?"
    return f"Is there {'an' if thing[0].lower() in 'aeiou' else 'a'} {thing} in the image?"


def give_back(writer: Writer, check: Check) -> None:
    """As if it had not been tried: the model went away, or Mantel stops."""
    _count(writer, check, -1)


def settle(writer: Writer, check: Check, verdict: VisionVerdict, *, now: int) -> None:
    """Write what the model said. What was stopped meanwhile keeps the answer; it was given."""
    facts = json.dumps({"yes": round(verdict.yes, 4), "no": round(verdict.no, 4)})
    _settle(writer, check, verdict.says, facts, now)


def _count(writer: Writer, check: Check, attempts: int) -> int:
    return writer.run(
        "UPDATE inspection_asset SET attempts=attempts+? WHERE inspection_id=? AND asset_id=? AND state='waiting'",
        (attempts, check.inspection, check.asset_id),
    )


def _settle(writer: Writer, check: Check, state: str, facts: str, now: int) -> None:
    writer.run(
        "UPDATE inspection_asset SET state=?, facts=?, checked_at=? WHERE inspection_id=? AND asset_id=? AND state='waiting'",
        (state, facts, now, check.inspection, check.asset_id),
    )
    end_if_done(writer, check.inspection)


def end_if_done(writer: Writer, inspection: int) -> None:
    """A running inspection that has looked at everything is done."""
    writer.run(
        """UPDATE inspection SET state='done' WHERE id=? AND state='running'
           AND NOT EXISTS (SELECT 1 FROM inspection_asset WHERE inspection_id=inspection.id AND state='waiting')""",
        (inspection,),
    )
