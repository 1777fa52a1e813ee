"""A whole library out of one repository onto a box that has nothing: what the emergency sheet is for.

The database is the last thing that comes to its place: until then a killed restore is no library, and the same command goes on
where it stopped, keeping every file that is whole already. Then nobody is logged in, no share link lives, and previews are made
anew.
"""

import json
import secrets
import shutil
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from appliance.adapters.restic import Listing, Restic, Snapshot
from appliance.backup import keys
from appliance.backup.addresses import kind_of
from appliance.backup.box import HOST
from appliance.backup.fetching import ORIGINALS, Wanted, fetch, places, sha256_of
from appliance.backup.keys import Secrets
from appliance.backup.ledger import DATABASE
from appliance.backup.plan import HOST_PREFIX
from appliance.backup.restore import move
from appliance.backup.telling import CHOICE
from appliance.errors import BackupFailed, HomeExists, RepositoryForeign, WrongUsage
from appliance.library import names
from appliance.library.verify import Difference, verify
from appliance.store import audit, copies
from appliance.store.db import Store, Writer
from appliance.store.layout import Layout

MARK = "restoring.json"
SETTINGS = "mantel.toml"
OLDER = 20  # snapshots that are searched for what the newest lacks


@dataclass(frozen=True, slots=True)
class Source:
    """The address on the sheet and what opens it; `host`: whose snapshots, when several boxes used the repository."""

    address: str
    passphrase: str = field(repr=False)
    user: str = ""
    password: str = field(default="", repr=False)
    rclone: bytes = field(default=b"", repr=False)
    host: str = ""


@dataclass(frozen=True, slots=True)
class Reborn:
    """What is there now: originals of the database and those of them in their place; `missing` their paths; what `verify` found."""

    taken_at: str
    originals: int
    restored: int
    missing: tuple[str, ...]
    differences: tuple[Difference, ...]


class _Mark(msgspec.Struct, frozen=True):
    """What a restore that was begun here works with, so that going on needs no new keys."""

    address: str
    keys_folder: str


def restore_home(
    home: Path, source: Source, *, clock: Callable[[], int], note: Callable[[str, int, int], None] = lambda what, done, total: None
) -> Reborn:
    """Fill `home` from `source`. `note` hears (what is done now, done, total).

    Raises HomeExists when a library is there, WrongUsage, and what restic meets: BackupFailed and its kinds.
    """
    layout = Layout(home)
    restic, mark = _open(layout, source)
    ours = _choose(restic.snapshots(), source)
    database, originals = (_of(ours, source, tag) for tag in ("database", "originals"))
    scratch = layout.backup / "restore"
    note("the database", 0, 1)
    file = _database(restic, database, scratch)
    wanted = _wanted(file, layout, clock)
    missing = _originals(restic, originals, wanted, layout, scratch, note)
    _begin_anew(file, layout, source, mark, restic.repository_id(), clock())
    move(file, layout.database)
    shutil.rmtree(scratch, ignore_errors=True)
    (layout.backup / MARK).unlink()
    layout.create()
    note("comparing", 0, 1)
    with closing(Store(layout.database, layout.database_copies)) as store:
        differences = verify(store, layout, hash_files=False, now=clock())
    told = tuple(one.path for one in missing)
    return Reborn(database.time, len(wanted), len(wanted) - len(told), told, tuple(differences))


def _open(layout: Layout, source: Source) -> tuple[Restic, _Mark]:
    """Make the home, keep what opens the repository as an added one's is kept, and reach it."""
    kind = kind_of(source.address, layout.home)
    mark = _mark(layout, source.address)
    secret = Secrets(source.passphrase, source.user, source.password, source.rclone)
    keys.keep(layout, mark.keys_folder, kind, source.address, secret)
    if kind == "sftp" and not (layout.backup_keys / "ssh_key").exists():
        line = keys.ssh_public_key(layout)
        raise WrongUsage(
            what=f"This box's key is new to that server. Add this line there to .ssh/authorized_keys: {line} Then do it again."
        )
    access = keys.access(
        layout, name=source.address, folder=mark.keys_folder, kind=kind, address=source.address, upload_kib=0, first=True
    )
    return Restic(access), mark


def _mark(layout: Layout, address: str) -> _Mark:
    """Raises HomeExists when there is anything but a restore that was begun from the same address."""
    file = layout.backup / MARK
    if layout.database.exists() or (not file.exists() and layout.originals.exists() and any(layout.originals.iterdir())):
        raise HomeExists(home=layout.home)
    if file.exists():
        mark = msgspec.json.decode(file.read_bytes(), type=_Mark)
        if mark.address == address:
            return mark
        raise WrongUsage(what=f"A restore from {mark.address} was begun in {layout.home}: go on with that, or choose another home.")
    layout.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    layout.backup.mkdir(exist_ok=True, mode=0o700)
    mark = _Mark(address, secrets.token_hex(8))
    file.write_bytes(msgspec.json.encode(mark))
    return mark


def _choose(snapshots: Sequence[Snapshot], source: Source) -> list[Snapshot]:
    """Return the snapshots of one box, the newest first."""
    hosts = {one.hostname for one in snapshots if one.hostname.startswith(HOST_PREFIX)}
    if not hosts:
        raise RepositoryForeign(repository=source.address, reason="it holds no snapshot of a Mantel box")
    if source.host and source.host not in hosts:
        raise WrongUsage(what=f"There is no snapshot of {source.host} in it; there are {', '.join(sorted(hosts))}.")
    if len(hosts) > 1 and not source.host:
        raise WrongUsage(what=f"Several boxes were backed up there: say which with --host, of {', '.join(sorted(hosts))}.")
    ours = source.host or hosts.pop()
    return sorted((one for one in snapshots if one.hostname == ours), key=lambda one: one.taken_at, reverse=True)


def _of(snapshots: Sequence[Snapshot], source: Source, tag: str) -> Snapshot:
    for one in snapshots:
        if tag in (one.tags or ()):
            return one
    raise RepositoryForeign(repository=source.address, reason=f"it holds no snapshot with the tag {tag}")


def _database(restic: Restic, snapshot: Snapshot, scratch: Path) -> Path:
    """Return the database copy in the scratch folder, opened and whole. Raises DatabaseCopyWrong, BackupFailed."""
    listing = restic.listing(snapshot.id)
    size = next(iter(listing.files.values()), (0, 0))[0]
    for one in fetch(restic, listing, [Wanted(DATABASE, None, size)], scratch):
        if one.file is None:
            raise BackupFailed(repository="the copy", reason=f"the database did not come back: {one.what}")
        copies.look_at(one.file)
        file = scratch / DATABASE
        move(one.file, file)
    return file


def _wanted(file: Path, layout: Layout, clock: Callable[[], int]) -> list[Wanted]:
    with closing(Store(file, layout.database_copies)) as store, store.read() as reader:
        rows = reader.all("SELECT original, sha256, bytes FROM asset ORDER BY original")
    return [Wanted(ORIGINALS + original, sha256, size) for original, sha256, size in rows]


def _originals(
    restic: Restic,
    snapshot: Snapshot,
    wanted: Sequence[Wanted],
    layout: Layout,
    scratch: Path,
    note: Callable[[str, int, int], None],
) -> list[Wanted]:
    """Bring originals, sidecars and settings to their places; return what no snapshot gave back."""
    newest = restic.listing(snapshot.id)
    missing = [one for one in wanted if not _is_whole(layout.home / one.path, one)]
    missing = _take(restic, newest, missing, layout, scratch, lambda done: note("originals", len(wanted) - done, len(wanted)))
    known = {one.path for one in wanted}
    others = [Wanted(path, None, newest.files[place][0]) for path, place in places(newest).items() if _is_beside(path, known)]
    _take(restic, newest, [one for one in others if not (layout.home / one.path).exists()], layout, scratch, lambda left: None)
    for older in _older(restic, snapshot) if missing else ():
        missing = _take(restic, restic.listing(older.id), missing, layout, scratch, lambda left: None)
        if not missing:
            break
    return missing


def _is_beside(path: str, originals: Collection[str]) -> bool:
    """A sidecar of an original, or the owner's settings; nothing else out of a snapshot comes into a home."""
    if path == SETTINGS:
        return True
    return any(path.lower().endswith(ending) and path[: -len(ending)] in originals for ending in names.SIDECAR_ENDINGS)


def _older(restic: Restic, newest: Snapshot) -> Iterator[Snapshot]:
    """What the gate withheld from the newest snapshot is in an older one."""
    same = [one for one in restic.snapshots() if one.hostname == newest.hostname and "originals" in (one.tags or ())]
    yield from sorted((one for one in same if one.id != newest.id), key=lambda one: one.taken_at, reverse=True)[:OLDER]


def _take(
    restic: Restic, listing: Listing, wanted: Sequence[Wanted], layout: Layout, scratch: Path, note: Callable[[int], None]
) -> list[Wanted]:
    """Bring what the snapshot holds to its place; return the rest. `note` hears how many are left."""
    there = places(listing)
    rest = [one for one in wanted if one.path not in there]
    left = len(wanted)
    for one in fetch(restic, listing, [one for one in wanted if one.path in there], scratch):
        if one.file is None:
            rest.append(one.wanted)
        else:
            move(one.file, layout.home / one.wanted.path)
            left -= 1
            note(left)
    return rest


def _is_whole(file: Path, wanted: Wanted) -> bool:
    """A file that a killed restore brought here already."""
    return file.is_file() and file.stat().st_size == wanted.bytes and sha256_of(file) == wanted.sha256


def _begin_anew(file: Path, layout: Layout, source: Source, mark: _Mark, restic_id: str, now: int) -> None:
    """What was true of the old box alone: nobody is logged in, no link lives, other repositories have no key here."""
    with closing(Store(file, layout.database_copies)) as store, store.write(durable=True) as writer:
        for sql in _ANEW:
            writer.run(sql, {"now": now})
        _keep_repository(writer, source, mark, restic_id)
        audit.record(writer, now=now, user_id=None, action="library.restored")


_ANEW = (
    "DELETE FROM session",
    "DELETE FROM setup_link",
    "UPDATE share_link SET state='revoked', revoked_at=:now WHERE state<>'revoked'",
    "UPDATE share_item SET copy_id=NULL",
    "DELETE FROM clean_copy",
    "UPDATE share_sent SET state='refused' WHERE state='waiting'",
    "DELETE FROM upload WHERE state IN ('waiting','running')",
    "UPDATE job SET state='waiting', attempts=0, not_before=0, lease_until=NULL, claimed_by=NULL WHERE state='running'",
    """UPDATE job SET state='waiting', attempts=0, deaths=0, not_before=0, reason=NULL, lease_until=NULL, claimed_by=NULL
       WHERE stage='derivatives' AND state<>'blocked'""",
    "UPDATE backup_run SET outcome='stopped', ended_at=:now WHERE outcome='running'",
    "UPDATE backup_check SET outcome='stopped', ended_at=:now WHERE outcome='running'",
    "UPDATE drill SET outcome='stopped', ended_at=:now WHERE outcome='running'",
    "UPDATE backup_request SET state='failed', said='The library was restored on another box.', ended_at=:now "
    "WHERE state IN ('waiting','running')",
    "DELETE FROM rot",
    f"DELETE FROM choice WHERE name='{CHOICE}'",  # where messages went stood in keys/
)


def _keep_repository(writer: Writer, source: Source, mark: _Mark, restic_id: str) -> None:
    """Only what was restored from has its passphrase here; the others are added again with theirs, from the sheet.

    The disk may be attached under another path than it was on the old box."""
    writer.run("DELETE FROM repository WHERE restic_id<>?", (restic_id,))
    sql = "UPDATE repository SET address=?, keys_folder=?, failures=0, retry_at=0, paused_at=NULL, key_confirmed_at=NULL"
    writer.run(sql, (source.address, mark.keys_folder))
    if source.host:
        writer.run("UPDATE choice SET value=? WHERE name=?", (json.dumps(source.host), HOST))
