"""The repositories as rows: who they are, whether they are there, and how restic reaches them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from appliance.adapters.restic import Access, Restic
from appliance.backup import keys
from appliance.backup.addresses import Kind
from appliance.backup.box import Box
from appliance.errors import NotFound, WrongUsage
from appliance.store.db import Reader
from appliance.store.layout import Layout

_COLUMNS = """id, name, kind, address, restic_id, offsite, removable, append_only, upload_kib, paused_at, failures, retry_at,
  shrunk_from, pruned_at, key_confirmed_at, keys_folder, added_at"""


@dataclass(frozen=True, slots=True)
class Repository:
    """One row of `repository`; times in milliseconds since 1970 UTC."""

    id: int
    name: str
    kind: Kind
    address: str
    restic_id: str
    offsite: int
    removable: int
    append_only: int
    upload_kib: int
    paused_at: int | None
    failures: int
    retry_at: int
    shrunk_from: int | None
    pruned_at: int | None
    key_confirmed_at: int | None
    keys_folder: str
    added_at: int


def every(reader: Reader) -> list[Repository]:
    return reader.rows(Repository, f"SELECT {_COLUMNS} FROM repository ORDER BY id")


def get(reader: Reader, number: int) -> Repository:
    """Raises NotFound."""
    return Repository(*reader.one(f"SELECT {_COLUMNS} FROM repository WHERE id=?", (number,)))


def named(reader: Reader, name: str) -> Repository:
    """Raises WrongUsage when there is none of that name."""
    try:
        return Repository(*reader.one(f"SELECT {_COLUMNS} FROM repository WHERE name=?", (name,)))
    except NotFound:
        raise WrongUsage(what=f"There is no repository called “{name}”; “mantel backup list” shows them.") from None


def is_there(repository: Repository) -> bool:
    """Whether a local repository's folder is mounted and holds it. Of others only restic can tell, so they are."""
    return repository.kind != "local" or (Path(repository.address) / "config").is_file()


def restic_of(box: Box, repository: Repository, keep_on: Callable[[], bool] | None = None) -> Restic:
    """Return what talks to `repository`; `keep_on` defaults to the box's."""
    return Restic(_access(box.layout, repository), keep_on or box.keep_on)


def _access(layout: Layout, repository: Repository) -> Access:
    return keys.access(
        layout,
        name=repository.name,
        folder=repository.keys_folder,
        kind=repository.kind,
        address=repository.address,
        upload_kib=repository.upload_kib,
    )
