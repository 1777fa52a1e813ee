"""A run: the database copied, every file past the rot gate, restic, its snapshots read back, old ones thinned out.

The database is copied before the originals are read: whatever it tells of is then in the originals' snapshot too. Nothing counts
because restic said so: a run is complete when every file that should be in the snapshot is listed there with its size and time.
"""

import hashlib
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from appliance.adapters import restic
from appliance.adapters.restic import Listing, Progress
from appliance.backup import ledger, looks, repositories, retention, rot, runs
from appliance.backup.box import Box, alone, host
from appliance.backup.ledger import Found, Held, Holds
from appliance.backup.repositories import Repository
from appliance.backup.rot import Gate, Sound
from appliance.backup.runs import Run
from appliance.errors import BackupFailed, BackupStopped, RepositoryAway
from appliance.store import copies

BEAT_SECONDS = 2.0
NAMED = 3


@dataclass(frozen=True, slots=True)
class Prepared:
    """What tonight's snapshots should hold; `database` is the copy, at a path that is the same every night."""

    gate: Gate
    database: Sound


def run(box: Box, wanted: Sequence[Repository], note: Callable[[str], None] = lambda doing: None) -> list[Run]:
    """Back up to each of these repositories, one after the other; return their runs, ended.

    Raises BackupBusy when another run, check or drill goes on; DatabaseCopyWrong, DatabaseDamaged, NoRoom and ToolMissing when
    nothing could be prepared: the runs have failed then.
    """
    with alone(box):
        return run_alone(box, wanted, note)


def run_alone(box: Box, wanted: Sequence[Repository], note: Callable[[str], None]) -> list[Run]:
    """Like `run`, for whoever holds the lock."""
    with box.store.write() as writer:
        runs.end_dead(writer, now=box.clock())
        begun = [runs.begin(writer, repository.id, now=box.clock()) for repository in wanted]
    nights = [_Night(box, repository, number, note) for repository, number in zip(wanted, begun, strict=True)]
    there = [night for night in nights if night.is_there()]
    if there:
        try:
            with ThreadPoolExecutor(len(there), thread_name_prefix="repository") as side:
                recognised = [side.submit(night.recognise) for night in there]  # servers may be slow; meanwhile files are read
                prepared = _prepare(box, there)
            for night, known in zip(there, recognised, strict=True):
                night.carry_out(prepared, known)
        finally:
            _clear(box, nights)
    with box.store.read() as reader:
        return [runs.get(reader, number) for number in begun]


def _prepare(box: Box, nights: Sequence["_Night"]) -> Prepared:
    """Copy the database and let every file pass the rot gate. What hinders this fails or stops all runs."""

    def tell(doing: str) -> None:
        for night in nights:
            night.does(doing)

    tell("copies the database")
    place = database_copy(box)
    copies.make(box.store, place)
    with place.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    found = place.stat()
    tell("looks whether every original is as it should be")
    last = time.monotonic()

    def note(done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last > BEAT_SECONDS:
            last = time.monotonic()
            tell(f"looks whether every original is as it should be ({done:,} of {total:,})")

    try:
        gate = rot.gate(box, note)
    except BackupStopped:
        for night in nights:
            night.end_with(BackupStopped(repository=night.repository.name))
        raise
    return Prepared(gate, Sound(ledger.DATABASE, sha256, found.st_size, found.st_mtime_ns // 1000))


def database_copy(box: Box) -> Path:
    """Where the copy of the database lies while it is backed up."""
    return box.layout.backup / "copy" / "mantel.db"


def _clear(box: Box, nights: Sequence["_Night"]) -> None:
    """The copy goes; runs that something unexpected cut short have failed."""
    database_copy(box).unlink(missing_ok=True)
    for night in nights:
        night.end_if_open()


class _Night:
    """One run for one repository."""

    def __init__(self, box: Box, repository: Repository, number: int, note: Callable[[str], None]) -> None:
        self.repository = repository
        self._box, self._number, self._note = box, number, note
        self._beat = 0.0
        self._paused = (0.0, False)
        self._restic = repositories.restic_of(box, repository, self._keep_on)

    def is_there(self) -> bool:
        """End the run at once when the disk is not attached."""
        if repositories.is_there(self.repository):
            return True
        what = (
            "its disk is not attached" if self.repository.removable else f"{self.repository.address} holds no repository any more"
        )
        self.end_with(RepositoryAway(repository=self.repository.name, reason=what))
        return False

    def carry_out(self, prepared: Prepared, recognised: "Future[None]") -> None:
        """Do everything and end the run; a failure is written down, not raised. The database goes beside the originals."""
        try:
            recognised.result()
            with ThreadPoolExecutor(1, thread_name_prefix="database") as side:
                database = side.submit(self._database, prepared.database)
                missing = self._originals(prepared.gate)
            missing += database.result()
            self._thin_out()
        except BackupFailed as error:
            self.end_with(error)
            return
        if missing:
            self._end("in part", "incomplete", f"{_some(missing)} not in the snapshot as it should be; the next run tries again.")
        elif prepared.gate.withheld:
            paths = [file.path for file in prepared.gate.withheld]
            self._end("in part", "withheld", f"{_some(paths)} held back: rotten, missing or unreadable. Earlier snapshots keep it.")
        else:
            self._end("complete", "", "")

    def does(self, doing: str) -> None:
        self._note(f"{self.repository.name}: {doing}")
        with self._box.store.write() as writer:
            runs.does(writer, self._number, doing, now=self._box.clock())

    def end_with(self, error: BackupFailed) -> None:
        self._end(runs.outcome_of(error, self.repository), error.fault, str(error))

    def end_if_open(self) -> None:
        with self._box.store.read() as reader:
            ended = runs.get(reader, self._number).outcome != "running"
        if not ended:
            self._end("failed", "broken off", "The run was broken off before it reached this repository.")

    def _end(self, outcome: runs.Outcome, fault: str, reason: str) -> None:
        with self._box.store.write(durable=True) as writer:
            runs.end(writer, self._number, outcome, now=self._box.clock(), fault=fault, reason=reason)

    def _keep_on(self) -> bool:
        """Mantel goes on, and nobody has paused this repository (looked up every few seconds)."""
        if time.monotonic() - self._paused[0] > BEAT_SECONDS:
            with self._box.store.read() as reader:
                is_paused = (
                    reader.value("SELECT paused_at FROM repository WHERE id=?", (self.repository.id,), default=0) is not None
                )
            self._paused = (time.monotonic(), is_paused)
        return self._box.keep_on() and not self._paused[1]

    def recognise(self) -> None:
        looks.recognise(self._box, self.repository, self._restic)

    def _originals(self, gate: Gate) -> list[str]:
        """Back up originals, sidecars and settings; return the paths that the snapshot does not hold as it should."""
        targets = [self._box.layout.originals]
        targets += [self._box.layout.settings_file] if self._box.layout.settings_file.exists() else []
        with self._box.store.write() as writer:
            runs.set_facts(
                writer,
                self._number,
                files_expected=len(gate.sound) + len(gate.withheld),
                files_withheld=len(gate.withheld),
                bytes_expected=gate.bytes,
            )
        self.does("backs up the originals")
        excluded = [str(self._box.file(path)) for path in (*(file.path for file in gate.withheld), *gate.kept_out)]
        return self._snapshot("originals", targets, excluded, gate.sound, {})

    def _database(self, copy: Sound) -> list[str]:
        place = database_copy(self._box)
        return self._snapshot("database", [place], [], [copy], {copy.path: place})

    def _snapshot(
        self, holds: Holds, targets: Sequence[Path], excluded: Sequence[str], expected: Sequence[Sound], places: dict[str, Path]
    ) -> list[str]:
        """Make one snapshot, read back what is in it and write that down; return the paths that are not as expected."""
        with self._box.store.read() as reader:
            parent = ledger.parent(reader, self.repository.id, holds)
        lists = self._box.layout.backup / "scratch"
        raw, left_out = lists / f"{holds}.targets", lists / f"{holds}.excluded"
        raw.write_bytes(b"".join(os.fsencode(target) + b"\0" for target in targets))
        left_out.write_text("".join(restic.excluding(path) + "\n" for path in excluded), encoding="utf-8")
        at = self._box.clock()
        made = self._restic.backup(
            raw,
            excluded=left_out,
            host=host(self._box),
            tag=holds,
            at=at,
            parent=parent,
            on_progress=self._moves if holds == "originals" else _unheard,
        )
        if holds == "originals":
            self.does("reads back what the snapshot holds")
        listing = self._restic.listing(made.snapshot_id)
        held, missing = compared(expected, listing, lambda path: str(places.get(path, self._box.file(path))))
        found = Found(listing.snapshot_id, holds, at, len(listing.files), sum(size for size, _ in listing.files.values()))
        with self._box.store.write(durable=True) as writer:
            now = self._box.clock()
            number = ledger.record(writer, self.repository.id, found, held, now=now)
            (added,) = writer.one("SELECT bytes_added FROM backup_run WHERE id=?", (self._number,))
            facts = {f"{holds}_snapshot": number, "bytes_added": added + made.bytes_added}
            runs.set_facts(writer, self._number, **facts, **({"files_held": len(held)} if holds == "originals" else {}))
        return missing

    def _moves(self, progress: Progress) -> None:
        if time.monotonic() - self._beat > BEAT_SECONDS:
            self._beat = time.monotonic()
            with self._box.store.write() as writer:
                runs.moves(writer, self._number, progress, now=self._box.clock())

    def _thin_out(self) -> None:
        """What goes wrong here is told and takes nothing from the backup that was just made."""
        try:
            told = retention.thin_out(self._box, self.repository, self._restic, self.does)
        except BackupFailed as error:
            told = str(error)
        with self._box.store.write() as writer:
            runs.set_facts(writer, self._number, retention=told)


def compared(expected: Sequence[Sound], listing: Listing, place: Callable[[str], str]) -> tuple[list[Held], list[str]]:
    """Split what is expected into what the listing has with the same size and time, and the paths of the rest."""
    held, missing = [], []
    for file in expected:
        if listing.files.get(place(file.path)) == (file.bytes, file.modified_us):
            held.append(Held(file.path, file.sha256, file.bytes))
        else:
            missing.append(file.path)
    return held, missing


def _unheard(progress: Progress) -> None:
    """The database's few bytes beside the originals' say nothing about how far a run is."""


def _some(paths: Sequence[str]) -> str:
    """A few of the paths and how many more, with the verb that follows: 'a.jpg, b.jpg and 7 more are'."""
    named = ", ".join(paths[:NAMED])
    more = f" and {len(paths) - NAMED:,} more" if len(paths) > NAMED else ""
    return f"{named}{more} {'is' if len(paths) == 1 else 'are'}"
