"""mantel backup drill, restore and sheet: trying copies, getting originals back, and what the emergency sheet says."""

import argparse
import sys
from dataclasses import asdict
from typing import Any

from appliance.backup import asked, blank, drill, keys, repositories, restore, taking_out
from appliance.backup.blank import Source
from appliance.backup.box import Box, alone
from appliance.backup.repositories import Repository
from appliance.backup.restore import Target
from appliance.cli_library import clock, owner
from appliance.cli_output import DONE, FAILED, IN_PART, Output, plain
from appliance.errors import WrongUsage
from appliance.settings import Settings

OUTCOMES = {"passed": DONE, "waiting": IN_PART, "stopped": IN_PART, "failed": FAILED}


def try_copies(box: Box, wanted: list[Repository], files: int, output: Output) -> int:
    """A drill on each of these repositories."""
    if not wanted:
        raise WrongUsage(what="There is no repository to try; “mantel backup add-repository” adds one.")
    done = []
    with alone(box):
        for repository in wanted:
            output.note(f"{repository.name}: tries to restore")
            done.append(drill.run(box, repository, files=files))
    output.end_notes()
    lines = [
        plain(f"{one.repository}: {one.outcome}; {one.files:,} originals came back as they should be. {one.reason}".rstrip())
        for one in done
    ]
    output.show({"drills": [asdict(one) for one in done]}, lines)
    codes = [OUTCOMES[one.outcome] for one in done]
    return next((code for code in (FAILED, IN_PART) if code in codes), DONE)


def take_out(words: argparse.Namespace, box: Box, output: Output) -> int:
    """A photo out of the backups, or with --back-in into them again."""
    with box.store.read() as reader:
        user_id = owner(reader).user_id
    if words.back_in:
        with box.store.write(durable=True) as writer:
            changed = taking_out.back_in(writer, words.asset, now=box.clock(), user_id=user_id)
        said = "is backed up again from the next run on" if changed else "was not kept out"
        output.show({"changed": changed}, [plain(f"Asset {words.asset} {said}.")])
        return DONE
    if not words.yes:
        raise WrongUsage(what=f"{taking_out.LOST} Say --yes when that is meant.")
    with alone(box):
        done = taking_out.take_out(box, words.asset, user_id=user_id, note=output.note)
    output.end_notes()
    document = {"copies": [asdict(one) for one in done]}
    output.show(document, [plain(f"{one.repository}: {one.said}") for one in done] or ["There is no copy that it could be in."])
    return DONE if all(one.is_out for one in done) else IN_PART


def bring_back(words: argparse.Namespace, box: Box, output: Output) -> int:
    """Originals to a folder, or with --in-place into the library."""
    if (words.to is None) == (not words.in_place):
        raise WrongUsage(what="Say where to: either --to DIR or --in-place.")
    with box.store.read() as reader:
        everything = not (words.asset or words.album or words.date)
        files = restore.choose(
            reader, assets=words.asset or (), album=words.album or "", date=words.date or "", everything=everything
        )
    target = Target(words.to.absolute() if words.to else None, replace=words.replace)
    with alone(box):
        done = restore.restore(box, files, target, note=lambda count, total: output.note(f"{count:,} of {total:,}"))
    output.end_notes()
    document: dict[str, Any] = {
        "restored": done.back,
        "there_already": done.there,
        "differ": done.differs,
        "missing": [path for path, _ in done.missing],
        "faults": done.faults,
    }
    output.show(document, [plain(asked.told(done, target.folder))])
    return DONE if done.is_complete else IN_PART if done.back or done.there else FAILED


def bring_home(words: argparse.Namespace, settings: Settings, output: Output, source: Source) -> int:
    """A whole library onto a box that has none."""
    done = blank.restore_home(
        settings.home, source, clock=clock, note=lambda what, count, total: output.note(f"{what}: {count:,} of {total:,}")
    )
    output.end_notes()
    differences = [f"{one.subject}: {one.what}." for one in done.differences]
    missing = [f"{path}: no snapshot gave it back." for path in done.missing]
    document = {
        "home": str(settings.home),
        "taken_at": done.taken_at,
        "originals": done.originals,
        "restored": done.restored,
        "missing": list(done.missing),
        "differences": [asdict(one) for one in done.differences],
    }
    said = [
        f"{settings.home} holds the library of {done.taken_at[:16]} again.",
        f"{done.restored:,} of {done.originals:,} originals are in their place, each compared by hash.",
        "Previews are made anew once Mantel runs. Nobody is logged in, no share link works any more, and People is off.",
        "Add the other repositories again with the passphrases of the emergency sheet.",
    ]
    output.show(document, [plain(line) for line in [*said, *missing, *differences]])
    return DONE if not missing else IN_PART


def print_sheet(box: Box, output: Output) -> int:
    """Addresses and passphrases as text, for paper."""
    with box.store.read() as reader:
        every = repositories.every(reader)
    found = [(one, keys.passphrase(box.layout, one.keys_folder)) for one in every]
    lines = [line for one, secret in found for line in (one.name, f"  address     {one.address}", f"  passphrase  {secret}", "")]
    steps = "To restore on a new box: mantel backup restore --from ADDRESS --passphrase-file FILE --home DIR"
    document = [{"name": one.name, "address": one.address, "passphrase": secret} for one, secret in found]
    output.show(document, [*map(plain, lines), steps] if every else ["There is no repository yet."])
    if sys.stdout.isatty():
        sys.stderr.write("Print or write this down, and keep it away from this box.\n")
    return DONE
