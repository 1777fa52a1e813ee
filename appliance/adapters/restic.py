"""restic, and nobody else starts it: one call a command, what it says as structs, what it means as errors.

Neither its exit code nor its summary proves anything: 0.14 skips a missing file and says 0, so callers compare `listing` with what
they expect. Checked with 0.14 (Debian 12); 0.15 to 0.18 differ in exit codes (one table, restic_words.py), in `message_type` beside
`struct_type`, in full instead of short ids, and all of that is read either way.
"""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TypeVar

import msgspec

from appliance.adapters import process
from appliance.adapters.restic_words import DONE, IN_PART, gist, hopeless, meaning, named
from appliance.errors import BackupFailed, BackupStopped, RepositoryAway, RepositoryLocked

MINUTE, DAY = 60.0, 86_400.0
QUICK = 10 * MINUTE
STALLED = 2 * 60 * MINUTE  # a backup or restore that has not moved for so long will not move any more
KEPT_WARNINGS = 400

Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True)
class Access:
    """How one repository is reached. No secret is a word of a command or in its environment: files hold them all.

    `location_file` holds restic's address, with a password where the protocol wants it there; `cache` is None for a repository
    that is as near as the cache would be. `hidden`: words that are never shown.
    """

    name: str
    location_file: Path
    passphrase_file: Path
    scratch: Path
    cache: Path | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    upload_kib: int = 0
    hidden: tuple[str, ...] = field(default=(), repr=False)


class Snapshot(msgspec.Struct, frozen=True):
    """One snapshot as restic lists it. `time` is RFC 3339, by the clock of whoever made it."""

    id: str
    time: str
    hostname: str
    paths: list[str] = []
    tags: list[str] | None = None
    original: str | None = None  # the snapshot that this one was rewritten from

    @property
    def taken_at(self) -> int:
        """Milliseconds since 1970 UTC."""
        return microseconds(self.time) // 1000


class Progress(msgspec.Struct, frozen=True):
    """How far a backup is; `seconds_remaining` is restic's own guess."""

    bytes_done: int = 0
    total_bytes: int = 0
    files_done: int = 0
    total_files: int = 0
    seconds_remaining: int | None = None


class _Told(Progress, frozen=True):
    message_type: str = ""
    snapshot_id: str = ""
    data_added: int = 0


@dataclass(frozen=True, slots=True)
class Made:
    """What a backup says it did: the snapshot's id (0.14: its first 8 digits), bytes the repository grew by, its complaints."""

    snapshot_id: str
    bytes_added: int
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """What a snapshot really holds: absolute path → (bytes, modified in microseconds since 1970), of plain files."""

    snapshot_id: str
    files: Mapping[str, tuple[int, int]]


class _Node(msgspec.Struct, frozen=True):
    id: str = ""
    type: str = ""
    path: str = ""
    size: int = 0
    mtime: str = ""


class _Config(msgspec.Struct, frozen=True):
    id: str


class _Group(msgspec.Struct, frozen=True):
    remove: list[Snapshot] | None = None


class Restic:
    """One repository, and what can be asked of it. `keep_on` is asked about once a second while restic runs.

    Every call raises BackupFailed (mostly one of its kinds), BackupStopped when `keep_on` said no, and ToolMissing.
    """

    def __init__(self, access: Access, keep_on: Callable[[], bool] = lambda: True) -> None:
        self._access = access
        self._keep_on = keep_on

    def repository_id(self) -> str:
        """restic's own id of the repository: proof that it can be reached and that the passphrase opens it."""
        return self._decoded(self._gather("cat", "config", "--no-lock"), _Config).id

    def init(self) -> None:
        """Make a new repository; one that is there already is left alone, and that is a failure."""
        self._gather("init")

    def snapshots(self) -> list[Snapshot]:
        return self._decoded(self._gather("snapshots", "--json", "--no-lock"), list[Snapshot])

    def backup(
        self,
        targets: Path,
        *,
        excluded: Path,
        host: str,
        tag: str,
        at: int,
        parent: str | None,
        on_progress: Callable[[Progress], None],
    ) -> Made:
        """Back up what the file `targets` lists (ended by NUL), but for the patterns in the file `excluded`.

        `at`: the time that the snapshot bears, milliseconds since 1970 UTC. `parent`: the snapshot that unchanged files are taken
        from, unread. What it could not read is missing from the snapshot, and that is no failure here.
        """
        last: list[_Told] = []
        moved = _Moved(STALLED)

        def tell(line: bytes) -> None:
            told = self._decoded(line, _Told)
            if told.message_type == "summary":
                last.append(told)
            elif told.message_type == "status":
                moved.at((told.bytes_done, told.files_done, told.total_files))
                on_progress(told)

        when = datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")
        words: list[str | Path] = ["backup", "--json", "--cleanup-cache", "--host", host, "--tag", tag, "--time", when]
        words += ["--parent", parent] if parent else ["--force"]
        words += ["--files-from-raw", targets, "--exclude-file", excluded]
        warnings = self._run(words, tell, moved)
        if not last:
            raise BackupFailed(repository=self._access.name, reason="restic ended without a summary")
        return Made(last[0].snapshot_id, last[0].data_added, warnings)

    def listing(self, snapshot: str) -> Listing:
        """Read back what `snapshot` (an id, or the first digits of one) holds."""
        ids: list[str] = []
        files: dict[str, tuple[int, int]] = {}

        def tell(line: bytes) -> None:
            node = self._decoded(line, _Node)
            if node.type == "file":
                files[node.path] = (node.size, microseconds(node.mtime))
            elif node.id and not node.type:
                ids.append(node.id)

        self._run(["ls", "--json", snapshot], tell, _Moved(DAY))
        if len(ids) != 1:
            raise BackupFailed(repository=self._access.name, reason=f"restic listed {len(ids)} snapshots instead of one")
        return Listing(ids[0], files)

    def would_forget(self, *, host: str, tag: str, keep: Mapping[str, int]) -> list[str]:
        """Ids of the snapshots that the rule `keep` ('daily' → 7, …) lets go. Nothing is removed."""
        rule = [word for name, count in keep.items() for word in (f"--keep-{name}", str(count))]
        words = ["forget", "--dry-run", "--json", "--host", host, "--tag", tag, "--group-by", "host,tags", *rule]
        groups = self._decoded(self._gather(*words) or b"[]", list[_Group])  # no snapshot, no word
        return [snapshot.id for group in groups for snapshot in group.remove or ()]

    def forget(self, snapshots: Sequence[str]) -> None:
        """Take these snapshots away; their data stays until `prune`. Raises RepositoryAppendOnly where nothing can be removed.

        Looked up afterwards: 0.18 says that all went well when the server refused.
        """
        warnings = self._run(["forget", "--json", *snapshots], _unheard, _Moved(QUICK))
        if left := {snapshot.id for snapshot in self.snapshots()} & set(snapshots):
            reason = gist(warnings) or f"{len(left)} snapshots are still there"
            raise named(BackupFailed, "\n".join(warnings))(repository=self._access.name, reason=reason)

    def rewrite(self, snapshots: Sequence[str], excluded: Path) -> None:
        """Make each of these snapshots anew without what fits the patterns in the file `excluded`; the old ones stay.

        Of one that holds nothing of it none is made. Needs restic 0.15.
        """
        self._run(["rewrite", "--exclude-file", excluded, *snapshots], _unheard, _Moved(3 * DAY))

    def prune(self) -> None:
        """Give the room back that no snapshot needs."""
        self._run(["prune"], _unheard, _Moved(3 * DAY))

    def check(self, part: tuple[int, int] | None = None) -> None:
        """Compare the repository with itself; with `part` (n of t) also read that part of its data whole.

        Raises RepositoryDamaged when something is wrong with it.
        """
        self._run(["check", *(["--read-data-subset", f"{part[0]}/{part[1]}"] if part else [])], _unheard, _Moved(3 * DAY))

    def restore(self, snapshot: str, paths: Sequence[str], into: Path) -> None:
        """Write these files of `snapshot` (absolute paths, as they were) below the folder `into`, under their whole path.

        Compare hashes afterwards: restic restores what it finds, and calls nothing at all a success.
        """
        included = [word for path in paths for word in ("--include", escaped(path))]
        self._run(["restore", snapshot, "--target", into, *included], _unheard, _Moved(3 * DAY))

    def unlock(self) -> None:
        """Take away locks of processes that are gone: plain, so that whoever still works here keeps its lock."""
        self._once(["unlock"], _unheard, _Moved(QUICK))

    def _gather(self, *words: str) -> bytes:
        lines: list[bytes] = []
        self._run(words, lines.append, _Moved(QUICK))
        return b"\n".join(lines)

    def _run(self, words: Sequence[str | Path], tell: Callable[[bytes], None], moved: "_Moved") -> tuple[str, ...]:
        """A lock that somebody left behind is taken away once; one that is held stays, and is told."""
        try:
            return self._once(words, tell, moved)
        except RepositoryLocked:
            self.unlock()
            return self._once(words, tell, moved)

    def _once(self, words: Sequence[str | Path], tell: Callable[[bytes], None], moved: "_Moved") -> tuple[str, ...]:
        """Run restic to its end; return what it complained of. Raises what its exit code and its words mean."""
        warnings: list[str] = []

        def warn(line: bytes) -> None:
            if text := self._shown(line):
                warnings.append(text)
                del warnings[:-KEPT_WARNINGS]

        def keep_on() -> bool:
            return self._keep_on() and not moved.too_long() and not hopeless(warnings)

        command = self._command(words)
        code = process.stream(command, environment=self._environment(), on_line=tell, on_warning=warn, keep_on=keep_on)
        kind = meaning(version(), code)
        if kind == DONE or (kind == IN_PART and words[0] == "backup"):
            return tuple(warnings)
        raise self._fault(kind if isinstance(kind, type) else BackupFailed, code, warnings, moved)

    def _fault(self, kind: type[BackupFailed], code: int, warnings: Sequence[str], moved: "_Moved") -> BackupFailed:
        name = self._access.name
        if not self._keep_on():
            return BackupStopped(repository=name)
        if moved.too_long():
            return RepositoryAway(repository=name, reason="it did not move for hours, so restic was stopped")
        if code < 0:
            return BackupFailed(repository=name, reason="restic was killed in the middle")
        if useless := hopeless(warnings):
            found = named(BackupFailed, useless)
            return (RepositoryAway if found is BackupFailed else found)(repository=name, reason=useless.rstrip("."))
        return named(kind, "\n".join(warnings))(repository=name, reason=gist(warnings) or f"restic ended with the code {code}")

    def _command(self, words: Sequence[str | Path]) -> list[str | Path]:
        process.find("restic")  # else setpriv would be the one to miss it
        access = self._access
        where = ("--repository-file", access.location_file, "--password-file", access.passphrase_file)
        cache = ("--cache-dir", access.cache) if access.cache else ("--no-cache",)
        limit = ("--limit-upload", str(access.upload_kib)) if access.upload_kib else ()
        options = [word for option in access.options for word in ("-o", option)]
        return ["restic", *words, *where, *cache, *limit, *options]

    def _environment(self) -> dict[str, str]:
        ours = {"TZ": "UTC", "TMPDIR": str(self._access.scratch), "RESTIC_PROGRESS_FPS": "1"}
        return {**ours, **self._access.environment}

    def _shown(self, line: bytes) -> str:
        """One line for people: nothing unprintable, nothing secret, not endless."""
        text = line.decode(errors="replace")
        for word in self._access.hidden:
            text = text.replace(word, "…")
        return "".join(letter if letter.isprintable() else " " for letter in text).strip()[:500]

    def _decoded(self, said: bytes, kind: type[Kind]) -> Kind:
        try:
            return msgspec.json.decode(said, type=kind)
        except msgspec.MsgspecError as error:
            raise BackupFailed(repository=self._access.name, reason=f"restic answered something unreadable ({error})") from error


class _Moved:
    """Whether something still moves: `at` notes a new state; without one for `patience` seconds it is too long."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._state: object = None
        self._since = time.monotonic()

    def at(self, state: object) -> None:
        if state != self._state:
            self._state, self._since = state, time.monotonic()

    def too_long(self) -> bool:
        return time.monotonic() - self._since > self._patience


@cache
def version() -> tuple[int, int]:
    """restic's own version, as (0, 14); (0, 0) when it does not say. Raises ToolMissing."""
    said = process.run([process.find("restic"), "version"], timeout=60).stdout.decode(errors="replace")
    found = re.match(r"restic (\d+)\.(\d+)", said)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def snapshot_ids(folder: Path) -> set[str]:
    """Return the ids of the snapshots in a repository that is a folder: restic names the files so. Raises OSError."""
    try:
        return {file.name for file in (folder / "snapshots").iterdir()}
    except FileNotFoundError:
        return set()


def escaped(path: str) -> str:
    """Return the pattern that fits this path alone. A line of an exclude file also needs `excluding`."""
    return re.sub(r"([\\*?\[])", r"\\\1", path)


def excluding(path: str) -> str:
    """Return the line of an exclude file that leaves out this path alone: there, $ begins a variable and blank ends are cut."""
    pattern = escaped(path).replace("$", "$$")
    return pattern[:-1] + "[ ]" if pattern.endswith(" ") else pattern


def microseconds(moment: str) -> int:
    """RFC 3339 → microseconds since 1970 UTC; digits beyond these are cut off."""
    return round(datetime.fromisoformat(moment).timestamp() * 1_000_000)


def _unheard(line: bytes) -> None:
    """What a command says to people while it works."""
