"""Compare the rows with the disk: every difference that a person should know of, and nothing when all is well."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from appliance.library import derivatives, leftovers, names
from appliance.store.db import Store
from appliance.store.layout import Layout


@dataclass(frozen=True, slots=True)
class Difference:
    """`subject` is an original's path, or a file of incoming/; `what` a whole clause for people."""

    asset_id: int | None
    subject: str
    what: str


def verify(store: Store, layout: Layout, *, hash_files: bool, now: int) -> list[Difference]:
    """Return every difference, originals first. `hash_files` reads all originals whole; else size and presence are compared."""
    present = sorted(_names(layout.originals))  # before the rows: what is added meanwhile has its row then
    with store.read() as reader:
        rows = reader.all("SELECT id, sha256, original, bytes FROM asset ORDER BY original")
        derived = {asset for (asset,) in reader.all("SELECT asset_id FROM job WHERE stage='derivatives' AND state='done'")}
    differences: list[Difference] = []
    for asset_id, sha256, original, size in rows:
        if what := _wrong(layout.original(original), sha256, size, hash_files):
            differences.append(Difference(asset_id, original, what))
        if asset_id in derived and not derivatives.exist(layout, sha256):
            differences.append(
                Difference(asset_id, original, "its preview or thumbnail is missing; “mantel index --wait” makes it again")
            )
    known = {original for _, _, original, _ in rows}
    differences += [
        Difference(None, names.readable(name), "no asset belongs to this file; it was left where it is")
        for name in present
        if name not in known and not _is_sidecar(name, known) and not _is_arriving(layout.original(name))
    ]
    differences += [
        Difference(None, f"incoming/{path.name}", "a killed process left it; the next “mantel add” or start clears it away")
        for path in leftovers.strays(store, layout, now)
    ]
    return differences


def _wrong(file: Path, sha256: str, size: int, hash_files: bool) -> str | None:
    try:
        found = file.lstat().st_size
        if found != size:
            return f"the original should have {size} bytes and has {found}"
        if hash_files and _sha256(file) != sha256:
            return "the original's content has changed since it was added"
    except FileNotFoundError:
        return "the original is missing"
    except OSError as error:
        return f"the original cannot be read ({error.strerror})"
    return None


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _is_sidecar(name: str, known: set[str]) -> bool:
    return any(name.lower().endswith(ending) and name[: -len(ending)] in known for ending in names.SIDECAR_ENDINGS)


def _is_arriving(file: Path) -> bool:
    """A file that still has its name in incoming/ too is being added, or told of there."""
    return file.is_file() and file.stat().st_nlink > 1


def _names(originals: Path) -> Iterator[str]:
    """Paths of all files below `originals`, relative to it."""
    for folder, _, files in os.walk(originals):
        for name in files:
            yield (Path(folder) / name).relative_to(originals).as_posix()
