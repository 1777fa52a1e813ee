"""The backup process: sleeps until somebody asks for something or a repository's night has come; one thing at a time.

Without a repository and without a request it opens nothing and starts nothing: it looks at two small tables.
"""

import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from appliance.backup import asked, checks, drill, looks, nightly, repositories, requests, runs, telling
from appliance.backup.box import Box, alone
from appliance.backup.repositories import Repository
from appliance.backup.requests import Request
from appliance.errors import BackupBusy, MantelError, WrongUsage

LOOK_SECONDS = 2.0
STOP_SECONDS = 1.0

Answer = tuple[str, Mapping[str, Any]]
Handler = Callable[[Box, Request], Answer]


class Serving:
    """`hour`: of the night, in the box's own time. `note` hears what is being done."""

    def __init__(self, box: Box, *, hour: int, note: Callable[[str], None] = lambda doing: None) -> None:
        self._stopping = threading.Event()
        self._box = replace(box, keep_on=lambda: not self._stopping.is_set())
        self._hour, self._note = hour, note
        self._told_at = 0

    def stop(self) -> None:
        """Let `run` return soon; may be called from a signal handler."""
        self._stopping.set()

    def run(self) -> None:
        """Work until `stop`."""
        with self._box.store.write() as writer:
            requests.end_dead(writer, now=self._box.clock())
        at_once = threading.Thread(target=self._answer_at_once, name="sheets", daemon=True)
        at_once.start()
        messenger = threading.Thread(target=self._tell, name="messages", daemon=True)
        messenger.start()
        while not self._stopping.is_set():
            if not self.step():
                self._stopping.wait(LOOK_SECONDS)
        at_once.join()
        messenger.join(timeout=STOP_SECONDS)  # a server that is slow to answer keeps nobody

    def _answer_at_once(self) -> None:
        """The emergency sheet is not kept waiting by a first backup that takes days; it reads files and needs no lock."""
        while not self._stopping.wait(1.0):
            self.sheets()

    def sheets(self) -> None:
        """Answer who waits for the emergency sheet."""
        asked.tidy_sheets(self._box.layout, self._box.clock())
        self._answer_without_lock("sheet")

    def _tell(self) -> None:
        """Neither a backup nor a message waits for the other."""
        while not self._stopping.wait(1.0):
            try:
                self.tell()
            except MantelError as error:  # no room for a row, say; the next look comes
                self._note(str(error))

    def tell(self) -> None:
        """Answer what is asked about messages, and look now and then whether one is due."""
        self._answer_without_lock("tell-set")
        self._answer_without_lock("tell-test")
        now = self._box.clock()
        if abs(now - self._told_at) >= telling.LOOK_MS:
            self._told_at = now
            telling.look(self._box)

    def _answer_without_lock(self, verb: str) -> None:
        with self._box.store.read() as reader:
            if not requests.waits(reader):
                return
        with self._box.store.write() as writer:
            request = requests.claim(writer, by=str(os.getpid()), verb=verb)
        if request is not None:
            self._settle(request)

    def step(self) -> bool:
        """Do one thing that is asked for or due; return whether there was any. What another process does now is left to it."""
        try:
            return self._answer() or self._back_up() or self._look() or self._check() or self._drill()
        except BackupBusy:
            return False

    def _answer(self) -> bool:
        with self._box.store.read() as reader:
            if not requests.waits(reader):
                return False
        with alone(self._box):
            with self._box.store.write() as writer:
                request = requests.claim(writer, by=str(os.getpid()))
            if request is None:
                return False
            self._settle(request)
        return True

    def _settle(self, request: Request) -> None:
        self._note(f"asked to {request.verb}")
        try:
            said, result = handler_of(request)(self._box, request)
            failed = False
        except MantelError as error:
            said, result, failed = str(error), {}, True
        with self._box.store.write(durable=True) as writer:
            requests.finish(writer, request.id, said, result, now=self._box.clock(), failed=failed)

    def _back_up(self) -> bool:
        due = due_repositories(self._box, self._hour)
        if not due:
            return False
        try:
            nightly.run(self._box, due, self._note)
        except BackupBusy:
            raise
        except MantelError as error:  # its runs have failed and say why; the next attempt comes in its time
            self._note(str(error))
        return True

    def _look(self) -> bool:
        """A short look at every repository whose turn it is: what somebody took away shows before the night."""
        with self._box.store.read() as reader:
            due = looks.due(reader, now=self._box.clock())
        if due:
            with alone(self._box):
                for repository in due:
                    looks.look(self._box, repository)
        return False

    def _check(self) -> bool:
        """One check of one repository whose newest backup came to an end."""
        with self._box.store.read() as reader:
            wanted = [
                (repository, *check)
                for repository in repositories.every(reader)
                if repository.paused_at is None
                and repositories.is_there(repository)
                and _was_backed_up(runs.newest(reader, repository.id))
                for check in checks.due(reader, repository, now=self._box.clock())
            ]
        if not wanted:
            return False
        repository, kind, part = wanted[0]
        with alone(self._box):
            self._note(f"{repository.name}: checks its {kind}")
            checks.carry_out(self._box, repository, kind, part)
        return True

    def _drill(self) -> bool:
        """One drill of one repository whose turn it is."""
        with self._box.store.read() as reader:
            every = repositories.every(reader)
            wanted = [one for one in every if drill.due(reader, one, now=self._box.clock()) and repositories.is_there(one)]
        if not wanted:
            return False
        with alone(self._box):
            self._note(f"{wanted[0].name}: tries to restore")
            drill.run(self._box, wanted[0])
        return True


def due_repositories(box: Box, hour: int) -> list[Repository]:
    """Return the repositories whose next run should begin now."""
    with box.store.read() as reader:
        return [
            repository
            for repository in repositories.every(reader)
            if runs.is_due(
                repository,
                runs.newest(reader, repository.id),
                now=box.clock(),
                hour=hour,
                there=repositories.is_there(repository),
            )
        ]


def handler_of(request: Request) -> Handler:
    """Raises WrongUsage for a verb that nobody knows."""
    try:
        return HANDLERS[request.verb]
    except KeyError:
        raise WrongUsage(what=f"The backup process does not know how to {request.verb}.") from None


def _was_backed_up(newest: runs.Run | None) -> bool:
    return newest is not None and newest.outcome in ("complete", "in part")


def _wanted(box: Box, request: Request) -> list[Repository]:
    with box.store.read() as reader:
        if request.repository_id is not None:
            return [repositories.get(reader, request.repository_id)]
        return [repository for repository in repositories.every(reader) if repository.paused_at is None]


def _run(box: Box, request: Request) -> Answer:
    wanted = _wanted(box, request)
    done = nightly.run_alone(box, wanted, lambda doing: None)
    names = {repository.id: repository.name for repository in wanted}
    said = [f"{names[run.repository_id]}: {run.reason or run.outcome}" for run in done]
    return "\n".join(said) or "There is no repository to back up to.", {"runs": [run.id for run in done]}


def _checked(box: Box, request: Request) -> Answer:
    """Check every repository that is asked for; with `data`, the damaged parts or else the next part of the data is read too."""
    done = []
    for repository in _wanted(box, request):
        done.append(checks.carry_out(box, repository, "structure"))
        if request.details.get("data"):
            with box.store.read() as reader:
                parts = checks.damaged_parts(reader, repository) or [checks.next_part(reader, repository)]
            done += [checks.carry_out(box, repository, "data", part) for part in parts]
    said = "\n".join(check.reason for check in done if check.reason)
    return said or "Everything that was checked is as it should be.", {"checks": [check.id for check in done]}


HANDLERS: dict[str, Handler] = {
    "run": _run,
    "check": _checked,
    "add-repository": asked.add,
    "drill": asked.drilled,
    "restore": asked.restored,
    "mend": asked.mended,
    "take-out": asked.taken_out,
    "sheet": asked.sheet,
    "tell-set": telling.was_set,
    "tell-test": telling.was_tested,
}
"""What can be asked for: verb → what does it, holding the lock (but for the sheet and the messages)."""
