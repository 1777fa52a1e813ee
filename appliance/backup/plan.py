"""The plan: repositories are added, made or recognised, paused, limited and removed. Their passphrases stay in files.

Nothing that is in a repository is ever changed here, and a folder that holds anything else is not used.
"""

import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from appliance.adapters import process
from appliance.adapters.restic import Restic
from appliance.backup import disks, keys, repositories
from appliance.backup.addresses import Kind, kind_of
from appliance.backup.box import Box, host
from appliance.backup.keys import Secrets
from appliance.backup.repositories import Repository
from appliance.errors import BackupFailed, PassphraseWrong, RepositoryAway, RepositoryForeign, WrongUsage
from appliance.store import audit
from appliance.store.db import Writer

LONGEST_NAME = 60
HOST_PREFIX = "mantel-"
SAME_DISK = (
    "It lies on the library's own disk: when that disk fails, both are gone, so it does not count as a copy. "
    "What was deleted or changed by mistake still comes back from it."
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the owner says about a new repository; without a `passphrase` one is made. `removable` None: told from where it lies."""

    name: str
    address: str
    offsite: bool = False
    append_only: bool = False
    removable: bool | None = None
    upload_kib: int = 0
    passphrase: str = field(default="", repr=False)
    user: str = ""
    password: str = field(default="", repr=False)
    rclone: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Added:
    """`outcome`: 'made', or 'recognised' when a repository of this box was there. `warning`: a sentence, or nothing."""

    repository: Repository
    outcome: str
    warning: str


def add(box: Box, wish: Wish, *, user_id: int | None = None) -> Added:
    """Reach the repository, make it when there is none, and write it down.

    Raises WrongUsage, RepositoryAway, PassphraseWrong, RepositoryForeign, BackupFailed; then nothing is kept but its passphrase,
    since a repository that was made and not written down must stay openable.
    """
    kind = _checked(box, wish)
    known = keys.known_for(box.layout, wish.address)
    secret = Secrets(wish.passphrase or known or keys.new_passphrase(), wish.user, wish.password, wish.rclone)
    folder = secrets.token_hex(8)
    keys.keep(box.layout, folder, kind, wish.address, secret)
    access = keys.access(
        box.layout, name=wish.name, folder=folder, kind=kind, address=wish.address, upload_kib=wish.upload_kib, first=True
    )
    try:
        restic_id, outcome = _make_or_recognise(Restic(access, box.keep_on), wish, kind, host(box))
    except (PassphraseWrong, RepositoryForeign):
        shutil.rmtree(box.layout.backup_keys / folder)  # it opens nothing of ours
        raise
    with box.store.write(durable=True) as writer:
        if writer.first("SELECT 1 FROM repository WHERE restic_id=?", (restic_id,)):
            raise WrongUsage(what="That repository is among the box's already, under another address.")
        same_disk = _shares_disk(box, wish, kind)
        facts = {"removable": int(_is_removable(box, wish, kind)), "same_disk": int(same_disk), "added_at": box.clock()}
        number = _insert(writer, wish, kind, {"restic_id": restic_id, "keys_folder": folder, **facts})
        audit.record(writer, now=box.clock(), user_id=user_id, action="repository.added", subjects=[number])
        return Added(repositories.get(writer, number), outcome, SAME_DISK if same_disk else "")


def remove(writer: Writer, repository: Repository, *, now: int, user_id: int | None = None) -> None:
    """Forget about a repository. What is in it stays, and so does its passphrase in keys/backup/."""
    writer.run("DELETE FROM repository WHERE id=?", (repository.id,))
    audit.record(writer, now=now, user_id=user_id, action="repository.removed", subjects=[repository.id])


def pause(writer: Writer, repository: Repository, *, now: int) -> None:
    """No runs and checks until `resume`; what runs now stops soon, and what arrived is kept."""
    writer.run("UPDATE repository SET paused_at=? WHERE id=? AND paused_at IS NULL", (now, repository.id))


def resume(writer: Writer, repository: Repository) -> None:
    writer.run("UPDATE repository SET paused_at=NULL, failures=0, retry_at=0 WHERE id=?", (repository.id,))


def limit(writer: Writer, repository: Repository, upload_kib: int) -> None:
    """Let at most so many KiB a second go out; 0: no limit. Counts from the next start of restic."""
    writer.run("UPDATE repository SET upload_kib=? WHERE id=?", (max(upload_kib, 0), repository.id))


def allow_forget(writer: Writer, repository: Repository, *, now: int, user_id: int | None = None) -> None:
    """The owner says that the library shrank on purpose: old snapshots may be thinned out again."""
    writer.run("UPDATE repository SET shrunk_from=NULL, shrunk_allowed_at=? WHERE id=?", (now, repository.id))
    audit.record(writer, now=now, user_id=user_id, action="repository.shrinking_allowed", subjects=[repository.id])


def _checked(box: Box, wish: Wish) -> Kind:
    """Return the kind of the wished address. Raises WrongUsage for what cannot be meant, ToolMissing."""
    if not 0 < len(wish.name.strip()) <= LONGEST_NAME or not wish.name.isprintable():
        raise WrongUsage(what=f"A repository needs a name of up to {LONGEST_NAME} characters.")
    kind = kind_of(wish.address, box.layout.home)
    if kind == "local":
        folder = Path(wish.address)
        if not folder.parent.is_dir():
            raise WrongUsage(what=f"There is no folder {folder.parent}; attach the disk, or make the folder.")
        if folder.is_dir() and any(folder.iterdir()) and not (folder / "config").exists():
            raise WrongUsage(what=f"{folder} holds other things; a repository needs an empty folder of its own.")
    if kind == "s3" and not (wish.user and wish.password):
        raise WrongUsage(what="S3 needs a key id and its secret key: give --access-file, whose first two lines they are.")
    if kind == "rclone":
        if not wish.rclone:
            raise WrongUsage(what="rclone needs its configuration: give --rclone-config.")
        process.find("rclone")
    if kind == "sftp":
        keys.ssh_public_key(box.layout)
    with box.store.read() as reader:
        if reader.first("SELECT 1 FROM repository WHERE name=? OR address=?", (wish.name, wish.address)):
            raise WrongUsage(what="There is a repository of that name or at that address already.")
    return kind


def _make_or_recognise(restic: Restic, wish: Wish, kind: Kind, ours: str) -> tuple[str, str]:
    """Return restic's id of the repository, and 'made' or 'recognised'."""
    try:
        restic_id = restic.repository_id()
    except PassphraseWrong:
        raise
    except BackupFailed as absent:
        return _make(restic, wish, kind, absent), "made"
    hosts = {snapshot.hostname for snapshot in restic.snapshots()}
    if others := sorted(hosts - {ours}):
        what = "another Mantel box" if others[0].startswith(HOST_PREFIX) else "something else"
        raise RepositoryForeign(repository=wish.name, reason=f"it holds snapshots of {what} ({others[0]})")
    return restic_id, "recognised"


def _make(restic: Restic, wish: Wish, kind: Kind, absent: BackupFailed) -> str:
    """restic makes nothing where a repository is, so an address that only seemed empty for a moment is in no danger."""
    try:
        restic.init()
    except BackupFailed as error:
        raise RepositoryAway(repository=wish.name, reason=str(error.facts.get("reason") or absent.facts["reason"])) from error
    return restic.repository_id()


def _is_removable(box: Box, wish: Wish, kind: Kind) -> bool:
    """A local repository on another disk than the library's may be unplugged."""
    if wish.removable is not None:
        return wish.removable
    return kind == "local" and Path(wish.address).stat().st_dev != box.layout.home.stat().st_dev


def _shares_disk(box: Box, wish: Wish, kind: Kind) -> bool:
    return kind == "local" and disks.share(Path(wish.address), box.layout.home)


def _insert(writer: Writer, wish: Wish, kind: Kind, facts: Mapping[str, str | int]) -> int:
    columns = {
        "name": wish.name.strip(),
        "kind": kind,
        "address": wish.address,
        "offsite": int(wish.offsite),
        "append_only": int(wish.append_only),
        "upload_kib": wish.upload_kib,
        **facts,
    }
    return writer.insert(
        f"INSERT INTO repository({', '.join(columns)}) VALUES({', '.join('?' * len(columns))})", tuple(columns.values())
    )
