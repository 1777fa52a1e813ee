"""What the pages ask of the backup process beside runs and checks, and how it is done: drills, restores, new repositories.

The web writes a request and never a secret into it, and cannot reach keys/backup/: what opens a new repository goes through
keys/given/ (keys.hand_over), and what the emergency sheet shows lies in run/ for half an hour.
"""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from appliance.backup import drill, keys, plan, repositories, requests, restore, taking_out
from appliance.backup.box import Box
from appliance.backup.keys import Secrets
from appliance.backup.plan import Wish
from appliance.backup.requests import Request
from appliance.backup.restore import Restored, Target
from appliance.backup.wording import counted
from appliance.errors import RepositoryAway, WrongUsage
from appliance.store.db import Reader, Writer
from appliance.store.layout import Layout

Answer = tuple[str, Mapping[str, Any]]
NAMED = 5
SECRET = {"passphrase", "user", "password", "rclone"}
SHEET_SECONDS = 30 * 60


def ask_to_add(writer: Writer, layout: Layout, wish: Wish, *, user_id: int, now: int) -> int:
    """Hand a new repository over to the backup process; return the request's id."""
    given = keys.hand_over(layout, Secrets(wish.passphrase, wish.user, wish.password, wish.rclone))
    details = {name: value for name, value in asdict(wish).items() if name not in SECRET} | {"given": given}
    return requests.ask(writer, "add-repository", details=details, user_id=user_id, now=now)


def open_ones(reader: Reader) -> list[Request]:
    """Return what waits or is being done, the oldest first."""
    numbers = reader.all("SELECT id FROM backup_request WHERE state IN ('waiting', 'running') ORDER BY id")
    return [requests.get(reader, number) for (number,) in numbers]


def add(box: Box, request: Request) -> Answer:
    """Add a repository. `details`: the fields of a Wish without its secrets, and `given`, under which those were handed over."""
    secret = keys.take(box.layout, str(request.details.get("given", "")), Secrets)
    try:
        wish = msgspec.convert({name: value for name, value in request.details.items() if name != "given"}, Wish)
    except msgspec.ValidationError as error:
        raise WrongUsage(what=f"The wish for a repository cannot be read ({error}).") from error
    wish = replace(wish, passphrase=secret.passphrase, user=secret.user, password=secret.password, rclone=secret.rclone)
    try:
        added = plan.add(box, wish, user_id=request.asked_by)
    except RepositoryAway as error:
        raise WrongUsage(what=f"{error}{_ssh_help(box, wish)}") from error
    done = "was made" if added.outcome == "made" else "was recognised as this box's own"
    said = f"{added.repository.name} {done}. The first backup begins by itself. {added.warning}".strip()
    return said, {"repository": added.repository.id, "outcome": added.outcome}


def _ssh_help(box: Box, wish: Wish) -> str:
    if not wish.address.startswith("sftp:"):
        return ""
    return f" Does the server know this box? Add this line there to .ssh/authorized_keys: {keys.ssh_public_key(box.layout)}"


def drilled(box: Box, request: Request) -> Answer:
    """A drill on each repository that is meant."""
    with box.store.read() as reader:
        every = repositories.every(reader)
    wanted = [one for one in every if request.repository_id in (None, one.id) and one.paused_at is None]
    done = [drill.run(box, one, user_id=request.asked_by) for one in wanted]
    said = " ".join(f"{one.repository}: {one.outcome}. {one.reason}".strip() for one in done)
    return said or "There is no copy that a drill could be tried on.", {"drills": [one.id for one in done]}


def restored(box: Box, request: Request) -> Answer:
    """Originals to a folder of the box, or into their place. `details`: assets, date or everything; `into`; `replace`."""
    what = request.details
    with box.store.read() as reader:
        files = restore.choose(
            reader, assets=what.get("assets", ()), date=what.get("date", ""), everything=what.get("everything", False)
        )
    folder = None if what.get("into") == "place" else _new_folder(box, request.id)
    target = Target(folder, replace=bool(what.get("replace")))
    done = restore.restore(box, files, target, note=_noting(box, request), user_id=request.asked_by)
    return told(done, folder), {"folder": str(folder or ""), "back": done.back, "done": len(files), "total": len(files)}


def mended(box: Box, request: Request) -> Answer:
    """The good version of one file back in its place."""
    path = str(request.details["path"])
    done = restore.mend(box, path, user_id=request.asked_by)
    return (f"{path} is as it should be again." if done.is_complete else told(done, None)), {}


def taken_out(box: Box, request: Request) -> Answer:
    """A photo out of the copies. `details`: asset."""
    done = taking_out.take_out(box, int(request.details["asset"]), user_id=request.asked_by)
    said = "\n".join(f"{one.repository}: {one.said}" for one in done) or "There is no copy that it could be in."
    return said, {"copies": {one.repository: one.outcome for one in done}}


def told(done: Restored, folder: Path | None) -> str:
    """What came of a restore, as sentences for people."""
    where = f"in {folder}" if folder else f"in {'its' if done.back == 1 else 'their'} place"
    said = [f"{counted(done.back, 'original')} {'is' if done.back == 1 else 'are'} back {where}, compared by hash."]
    if done.there:
        said.append(f"{counted(done.there, 'original')} {'was' if done.there == 1 else 'were'} there already.")
    if done.differs:
        named = ", ".join(done.differs[:NAMED])
        said.append(f"Left as they are, because other files stand in their place ({len(done.differs):,}): {named}.")
    if done.missing:
        named = ", ".join(path for path, _ in done.missing[:NAMED])
        said.append(f"No copy gave these back ({len(done.missing):,}): {named}.")
    return " ".join([*said, *done.faults])


def _new_folder(box: Box, request: int) -> Path:
    day = datetime.fromtimestamp(box.clock() / 1000, UTC).strftime("%Y-%m-%d")
    return box.layout.restored / f"{day} {request}"


def _noting(box: Box, request: Request) -> Callable[[int, int], None]:
    def note(done: int, total: int) -> None:
        with box.store.write() as writer:
            words = json.dumps({"done": done, "total": total})
            writer.run("UPDATE backup_request SET result=? WHERE id=? AND state='running'", (words, request.id))

    return note


def sheet(box: Box, request: Request) -> Answer:
    """Hand the passphrases over to the web for the emergency sheet, in a file that is gone half an hour later."""
    tidy_sheets(box.layout, box.clock())
    with box.store.read() as reader:
        every = repositories.every(reader)
    found = {str(one.id): keys.passphrase(box.layout, one.keys_folder) for one in every}
    file = sheet_file(box.layout, request.id)
    file.parent.mkdir(exist_ok=True, mode=0o700)
    file.touch(mode=0o600)
    file.write_bytes(msgspec.json.encode(found))
    os.utime(file, (box.clock() / 1000, box.clock() / 1000))
    return "The sheet is ready.", {}


def tidy_sheets(layout: Layout, now: int) -> None:
    """Remove what was handed over for a sheet and is old: nobody looks at it any more."""
    for file in layout.run.glob("sheet-*.json"):
        if abs(now / 1000 - file.stat().st_mtime) > SHEET_SECONDS:
            file.unlink(missing_ok=True)


def read_sheet(layout: Layout, request: int, now: int) -> dict[int, str] | None:
    """Return passphrases by the repository's id; None when they are not here, or not any more."""
    tidy_sheets(layout, now)
    try:
        found = msgspec.json.decode(sheet_file(layout, request).read_bytes(), type=dict[str, str])
    except (OSError, msgspec.MsgspecError):
        return None
    return {int(number): passphrase for number, passphrase in found.items()}


def sheet_file(layout: Layout, request: int) -> Path:
    return layout.run / f"sheet-{request}.json"
