"""mantel fix-time: correct the time of photos, and undo it."""

import argparse
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from appliance.assistant import actions
from appliance.assistant.plan import Act
from appliance.cli_library import NOBODY, clock, opened, owner
from appliance.cli_output import DONE, FAILED, IN_PART, Output
from appliance.errors import NotFound, WrongUsage
from appliance.library import fix_time
from appliance.library.fix_time import Change, Fix
from appliance.settings import Settings
from appliance.store.db import Store


def run(words: argparse.Namespace, settings: Settings, output: Output) -> int:
    with opened(settings) as (store, _):
        if words.undo is not None:
            return _undo(store, words.undo, output)
        change = _change(words)
        with store.read() as reader:
            found = fix_time.fixes(reader, owner(reader), words.ids, change)
        if len(found) < len(set(words.ids)):
            raise NotFound
        number = None if words.dry_run else _do(store, [fix.asset_id for fix in found], change)
    changed = [fix for fix in found if fix.after]
    document = {"action": number, "change": str(change), "assets": [asdict(fix) for fix in found]}
    output.show(document, [*map(_line, found), *_ending(number, changed, change)])
    return DONE if len(changed) == len(found) else IN_PART if changed else FAILED


def _change(words: argparse.Namespace) -> Change:
    """Exactly one of the options says what was wrong."""
    said = [name for name in ("shift", "zone", "move", "set") if getattr(words, name) is not None]
    if len(said) != 1 or not words.ids:
        raise WrongUsage(what="Name the assets, and one of --shift, --zone, --move or --set; or --undo alone.")
    value = getattr(words, said[0])
    return fix_time.shift_of(value) if said[0] == "shift" else fix_time.change_of(f"{said[0]} {value}")


def _do(store: Store, assets: list[int], change: Change) -> int:
    with store.write(durable=True) as writer:
        viewer = owner(writer)
        if viewer is NOBODY:
            raise WrongUsage(
                what="This library has no owner yet, who could take it back; “mantel serve” prints the link to become one."
            )
        if reason := actions.refused(viewer, Act("time"), len(assets)):
            raise WrongUsage(what=reason)
        act = Act("time", str(change))
        number = actions.propose(writer, viewer, act, assets, conversation=None, turn=None, now=clock())
        if number is None:
            raise NotFound
        actions.do(writer, viewer, number, name="", now=clock())
    return number


def _undo(store: Store, number: int, output: Output) -> int:
    with store.write(durable=True) as writer:
        undone = actions.undo(writer, owner(writer), number, now=clock())
    output.show({"action": number, "undone": True, "changed": undone.changed}, ["The times are as they were before."])
    return DONE


def _line(fix: Fix) -> str:
    return f"{fix.asset_id}: {fix.before.local} → {fix.after.local if fix.after else f'stays ({fix.why})'}"


def _ending(number: int | None, changed: list[Fix], change: Change) -> Iterable[str]:
    if number is None:
        return ["Nothing was changed (--dry-run)."]
    said: list[Any] = [f"{len(changed)} changed: {fix_time.described(change)}. The originals are as they were."]
    return [*said, f"“mantel fix-time --undo {number}” takes it back."]
