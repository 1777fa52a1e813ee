"""mantel backup: repositories, runs, checks, and whether the library is safe."""

import argparse
import os
import signal
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from appliance import cli_restore, cli_telling
from appliance.adapters import sandbox_rules
from appliance.backup import checks, keys, nightly, plan, repositories, runs, serving, status
from appliance.backup.blank import Source
from appliance.backup.box import Box, alone
from appliance.backup.checks import Check
from appliance.backup.plan import Wish
from appliance.backup.repositories import Repository
from appliance.backup.runs import Run
from appliance.backup.serving import Serving
from appliance.cli_library import clock, opened, owner
from appliance.cli_output import DONE, FAILED, IN_PART, Output, plain, table
from appliance.errors import WrongUsage
from appliance.settings import Settings

OUTCOMES = {"complete": DONE, "in part": IN_PART, "waiting": IN_PART, "stopped": IN_PART, "failed": FAILED}
LARGEST_FILE = 1 << 20


def run(words: argparse.Namespace, settings: Settings, output: Output) -> int:
    if words.verb == "serve":
        return _serve(words, settings)
    if words.verb == "restore" and words.source:
        return cli_restore.bring_home(words, settings, output, _source(words))
    with opened(settings) as (store, layout):
        return _VERBS[words.verb](words, Box(store, layout, clock), settings, output)


def _serve(words: argparse.Namespace, settings: Settings) -> int:
    """Be the backup process until SIGTERM or Ctrl-C."""
    if words.parent:
        sandbox_rules.die_with(words.parent)
    os.nice(15)
    with opened(settings, make=True) as (store, layout):
        process = Serving(Box(store, layout, clock), hour=_hour(settings))
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: process.stop())
        process.run()
    return DONE


def _add(words: argparse.Namespace, box: Box, settings: Settings, output: Output) -> int:
    user, password = _access(words.access_file)
    wish = Wish(
        words.name,
        str(Path(words.address).absolute()) if words.address.startswith((".", "~")) else words.address,
        offsite=words.off_site,
        append_only=words.append_only,
        removable=True if words.removable else None,
        upload_kib=words.limit_upload,
        passphrase=_lines(words.passphrase_file)[0] if words.passphrase_file else "",
        user=user,
        password=password,
        rclone=_content(words.rclone_config) if words.rclone_config else b"",
    )
    with box.store.read() as reader:
        user_id = owner(reader).user_id
    added = plan.add(box, wish, user_id=user_id)
    document = {"id": added.repository.id, "outcome": added.outcome, "warning": added.warning}
    folder = box.layout.backup_keys / added.repository.keys_folder
    said = [
        f"{added.repository.name} was {added.outcome}. Its passphrase lies in {folder}.",
        "Print it or write it down: without it nobody can read the backups, and this box may be what is lost.",
    ]
    output.show(document, [plain(line) for line in [*said, *([added.warning] if added.warning else [])]])
    return DONE


def _list(words: argparse.Namespace, box: Box, settings: Settings, output: Output) -> int:
    with box.store.read() as reader:
        found = repositories.every(reader)
        newest = {repository.id: runs.newest(reader, repository.id) for repository in found}
    document = [_repository(repository) for repository in found]
    rows = [(one.name, one.kind, one.address, _state(one, newest[one.id])) for one in found]
    output.show(document, table([("name", "kind", "address", "state"), *rows]) if rows else ["There is no repository yet."])
    return DONE


def _repository(repository: Repository) -> dict[str, Any]:
    left_out = ("keys_folder", "restic_id")
    return {name: value for name, value in asdict(repository).items() if name not in left_out}


def _state(repository: Repository, newest: Run | None) -> str:
    if repository.paused_at is not None:
        return "paused"
    return newest.outcome if newest else "new"


def _remove(words: argparse.Namespace, box: Box, settings: Settings, output: Output) -> int:
    with box.store.write(durable=True) as writer:
        repository = repositories.named(writer, words.name)
        plan.remove(writer, repository, now=box.clock(), user_id=owner(writer).user_id)
    output.show(
        {"removed": repository.id}, [plain(f"{repository.name} is no repository of this box any more. What is in it stays.")]
    )
    return DONE


def _pause(words: argparse.Namespace, box: Box, settings: Settings, output: Output) -> int:
    return _change(words, box, output, lambda writer, one: plan.pause(writer, one, now=box.clock()), "is paused")


def _resume(words: argparse.Namespace, box: Box, settings: Settings, output: Output) -> int:
    return _change(words, box, output, plan.resume, "goes on")


def _limit(words: argparse.Namespace, box: Box, settings: Settings, output: Output) -> int:
    return _change(words, box, output, lambda writer, one: plan.limit(writer, one, words.kib), "has its limit")


def _allow_forget(words: argparse.Namespace, box: Box, settings: Settings, output: Output) -> int:
    def allow(writer: Any, repository: Repository) -> None:
        plan.allow_forget(writer, repository, now=box.clock(), user_id=owner(writer).user_id)

    return _change(words, box, output, allow, "may let old snapshots go again")


def _change(words: argparse.Namespace, box: Box, output: Output, change: Callable[[Any, Repository], None], said: str) -> int:
    with box.store.write(durable=True) as writer:
        repository = repositories.named(writer, words.name)
        change(writer, repository)
        changed = repositories.get(writer, repository.id)
    output.show(_repository(changed), [plain(f"{changed.name} {said}.")])
    return DONE


def _run(words: argparse.Namespace, box: Box, settings: Settings, output: Output) -> int:
    wanted = serving.due_repositories(box, _hour(settings)) if words.if_due else _wanted(words, box)
    if not wanted and not words.if_due:
        raise WrongUsage(what="There is no repository to back up to; “mantel backup add-repository” adds one.")
    done = nightly.run(_stoppable(box), wanted, output.note) if wanted else []
    output.end_notes()
    names = {repository.id: repository.name for repository in wanted}
    lines = [_told(names[one.repository_id], one) for one in done]
    output.show({"runs": [asdict(one) | {"repository": names[one.repository_id]} for one in done]}, lines)
    return _worst([OUTCOMES[one.outcome] for one in done])


def _told(name: str, one: Run) -> str:
    held = f"{one.files_held:,} of {one.files_expected:,} files are in its snapshot"
    return plain(f"{name}: {one.outcome}; {held}. {one.reason} {one.retention}".rstrip())


def _check(words: argparse.Namespace, box: Box, settings: Settings, output: Output) -> int:
    wanted = _wanted(words, box)
    box = _stoppable(box)
    done: list[tuple[Repository, Check]] = []
    with alone(box):
        for repository in wanted:
            done += [(repository, check) for check in _checks(words, box, repository, output)]
    output.end_notes()
    output.show(
        {"checks": [asdict(check) | {"repository": repository.name} for repository, check in done]},
        [plain(f"{repository.name}: {_what(check)} {check.outcome}. {check.reason}".rstrip()) for repository, check in done],
    )
    return _worst([DONE if check.outcome == "passed" else FAILED for _, check in done])


def _checks(words: argparse.Namespace, box: Box, repository: Repository, output: Output) -> list[Check]:
    output.note(f"{repository.name}: checks its structure")
    done = [checks.carry_out(box, repository, "structure")]
    with box.store.read() as reader:
        parts = checks.damaged_parts(reader, repository) or [checks.next_part(reader, repository)]
    for part in range(1, checks.PARTS + 1) if words.everything else parts if words.data else ():
        output.note(f"{repository.name}: reads part {part} of {checks.PARTS} of its data")
        done.append(checks.carry_out(box, repository, "data", part))
    return done


def _what(check: Check) -> str:
    return f"part {check.part} of {check.parts} of its data" if check.part else "its structure"


def _status(words: argparse.Namespace, box: Box, settings: Settings, output: Output) -> int:
    with box.store.read() as reader:
        found = status.status(reader, now=box.clock())
    document = status.as_json(found)
    rows = [
        (one["where"], one["kind"], f"{one['files']:,}", f"{one['unprotected']:,}", one["last_success"] or "never")
        for one in document["copies"]
    ]
    steps = [f"- {one['sentence']}" + (f" ({one['command']})" if one["command"] else "") for one in document["todo"]]
    until = [f"Safe to delete from the phone: what was taken up to {found.safe_until}."] if found.safe_until else []
    lines = [found.verdict.sentence, *steps, *table([("copy", "kind", "files", "not yet", "complete"), *rows]), *until]
    output.show(document, [plain(line) for line in lines])
    return DONE if found.verdict.colour == "safe" else FAILED


def _drill(words: argparse.Namespace, box: Box, settings: Settings, output: Output) -> int:
    return cli_restore.try_copies(_stoppable(box), _wanted(words, box), words.files, output)


def _restore(words: argparse.Namespace, box: Box, settings: Settings, output: Output) -> int:
    return cli_restore.bring_back(words, _stoppable(box), output)


def _take_out(words: argparse.Namespace, box: Box, settings: Settings, output: Output) -> int:
    return cli_restore.take_out(words, _stoppable(box), output)


def _sheet(words: argparse.Namespace, box: Box, settings: Settings, output: Output) -> int:
    return cli_restore.print_sheet(box, output)


def _tell(words: argparse.Namespace, box: Box, settings: Settings, output: Output) -> int:
    file = (words.address_file or words.access_file) if words.telling == "set" else None
    return cli_telling.run(words, box, output, _lines(file) if file else [])


def _source(words: argparse.Namespace) -> Source:
    if words.passphrase_file is None:
        raise WrongUsage(what="A library comes back with the passphrase of the emergency sheet alone: give --passphrase-file.")
    user, password = _access(words.access_file)
    rclone = _content(words.rclone_config) if words.rclone_config else b""
    return Source(words.source, _lines(words.passphrase_file)[0], user, password, rclone, words.host)


def _key(words: argparse.Namespace, box: Box, settings: Settings, output: Output) -> int:
    line = keys.ssh_public_key(box.layout)
    output.show({"public_key": line}, [line])
    return DONE


def _wanted(words: argparse.Namespace, box: Box) -> list[Repository]:
    with box.store.read() as reader:
        if words.repository:
            return [repositories.named(reader, words.repository)]
        return [repository for repository in repositories.every(reader) if repository.paused_at is None]


def _stoppable(box: Box) -> Box:
    """SIGTERM and Ctrl-C stop restic, and what arrived is kept."""
    stopped: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _: stopped.append(number))
    return replace(box, keep_on=lambda: not stopped)


def _hour(settings: Settings) -> int:
    if not 0 <= settings.backup_hour <= 23:
        raise WrongUsage(what=f"The setting backup_hour is an hour of the day, 0 to 23, and not {settings.backup_hour}.")
    return settings.backup_hour


def _worst(codes: list[int]) -> int:
    return next((code for code in (FAILED, IN_PART) if code in codes), DONE)


def _access(file: Path | None) -> tuple[str, str]:
    """The first two lines: user (or key id) and password (or secret key)."""
    if file is None:
        return "", ""
    lines = _lines(file)
    if len(lines) < 2:
        raise WrongUsage(what=f"{file} needs two lines: the user or key id, and the password or secret key.")
    return lines[0], lines[1]


def _lines(file: Path) -> list[str]:
    try:
        lines = _content(file).decode().splitlines()
    except UnicodeDecodeError:
        lines = []
    if not lines or not lines[0].strip():
        raise WrongUsage(what=f"{file} has nothing on its first line.")
    return [line.strip() for line in lines]


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(LARGEST_FILE)
    except OSError as error:
        raise WrongUsage(what=f"{file} cannot be read ({error.strerror}).") from error


_VERBS: dict[str, Callable[[argparse.Namespace, Box, Settings, Output], int]] = {
    "add-repository": _add,
    "list": _list,
    "remove-repository": _remove,
    "pause": _pause,
    "resume": _resume,
    "limit": _limit,
    "allow-forget": _allow_forget,
    "ssh-key": _key,
    "run": _run,
    "check": _check,
    "status": _status,
    "drill": _drill,
    "restore": _restore,
    "take-out": _take_out,
    "sheet": _sheet,
    "tell": _tell,
}
