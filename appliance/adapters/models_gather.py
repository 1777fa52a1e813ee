"""Brings a model's files together below `models/.parts`: copied from a path of this machine, or fetched by a process of its own.

A file is FILE.part until it is whole and has its SHA-256; then it is FILE. A kill leaves a part that the next try goes on with.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO
from urllib.parse import unquote, urlsplit

from appliance.adapters import process
from appliance.adapters.models_catalogue import file_sha256
from appliance.adapters.models_entries import CatalogueFile, Entry
from appliance.adapters.models_fetch import CHUNK, KEPT_FREE, NOT_THERE, Note, note_of, read_note, write_note
from appliance.errors import FetchFailed, ModelRefused, NoRoom, WrongUsage

LOOK_SECONDS = 0.2

Tell = Callable[[str, int, int], None]
"""What is being done, and how many bytes or steps of how many are done; raises models_jobs.Stopped when it should end."""


def is_address(source: str) -> bool:
    return source.startswith(("http://", "https://"))


def checked_source(source: str) -> str:
    """Return `source` as it is kept in a job: an address, or an absolute path. Raises WrongUsage when it is neither."""
    if "://" in source:
        parts = urlsplit(source)
        if not is_address(source) or not parts.hostname:
            raise WrongUsage(what=f"{source} is not an address that Mantel can fetch from: http://… or https://… is.")
        if parts.username or parts.password:
            raise WrongUsage(what="An address with a password in it would be kept on disk; use one without.")
        return source
    path = Path(source).expanduser().absolute()
    if not path.exists():
        raise WrongUsage(what=f"There is no file or folder {path}.")
    return str(path)


def named_files(source: str) -> frozenset[str]:
    """The names of the files that `source` offers; for an address that ends in a slash nobody knows, so it offers none."""
    if is_address(source):
        name = unquote(urlsplit(source).path.rpartition("/")[2])
        return frozenset({name} if name else ())
    path = Path(source)
    return frozenset(one.name for one in path.iterdir() if one.is_file()) if path.is_dir() else frozenset({path.name})


def origin(source: str, file: CatalogueFile) -> str | None:
    """Return the path or address of `file` at `source`, or None when it isn't there."""
    if is_address(source):
        parts = urlsplit(source)
        if parts.path.endswith("/"):
            return parts._replace(path=parts.path + file.name).geturl()
    elif Path(source).is_dir():
        path = Path(source) / file.name
        return str(path) if path.is_file() else None
    return source if file.name in named_files(source) else None


def gather(folder: Path, entry: Entry, source: str, hosts: tuple[str, ...], tell: Tell) -> list[str]:
    """Bring to `folder` what `source` has of the model; return the names of needed files that are still missing.

    Raises ModelRefused for a file that is not the one it should be (it is thrown away), FetchFailed, NoRoom.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _check_room(folder, entry)
    for file in entry.files:
        if (folder / file.name).exists() or (at := origin(source, file)) is None:
            continue
        part = folder / f"{file.name}.part"
        if is_address(at):
            _fetch(part, file, at, hosts, entry, tell)
        else:
            _copy(part, file, Path(at), tell)
        if part.exists():
            _check(part, file, entry, tell)
            note_of(part).unlink(missing_ok=True)
            part.rename(folder / file.name)
    return sorted(name for name in entry.needed if not (folder / name).exists())


def _check_room(folder: Path, entry: Entry) -> None:
    here = sum(one.stat().st_size for one in folder.iterdir() if one.is_file())
    more = entry.vision.quantised_bytes if entry.vision else 0
    if shutil.disk_usage(folder).free < max(entry.bytes - here, 0) + more + KEPT_FREE:
        raise NoRoom(folder=folder)


def _check(part: Path, file: CatalogueFile, entry: Entry, tell: Tell) -> None:
    """Compare size and SHA-256 with the catalogue; a wrong file is thrown away before ModelRefused is raised."""
    size = part.stat().st_size
    reason = ""
    if file.bytes and size != file.bytes:
        reason = f"{file.name} has {size:,} bytes, and {file.bytes:,} are right"
    elif file.sha256:
        tell(f"Checking {file.name}", 0, 0)
        found = file_sha256(part)
        if found != file.sha256:
            reason = f"{file.name} is not the published file: its SHA-256 is {found}, and {file.sha256} is right"
    if reason:
        part.unlink()
        note_of(part).unlink(missing_ok=True)
        raise ModelRefused(model=entry.title, reason=reason)


def _copy(part: Path, file: CatalogueFile, source: Path, tell: Tell) -> None:
    """Copy `source` to `part`, going on where an earlier try at the same unchanged file was cut off."""
    status = source.stat()
    if file.bytes and status.st_size != file.bytes:
        part.unlink(missing_ok=True)
        reason = f"{file.name} has {status.st_size:,} bytes, and {file.bytes:,} are right"
        raise ModelRefused(model=file.name, reason=reason)
    note = Note(str(source), status.st_size, version=f"{status.st_ino} {status.st_mtime_ns}")
    if read_note(part) != note:
        part.unlink(missing_ok=True)
        write_note(part, note)
    with source.open("rb") as coming, part.open("ab") as stream:
        coming.seek(stream.tell())
        while chunk := coming.read(CHUNK):
            stream.write(chunk)
            tell(f"Copying {file.name}", stream.tell(), status.st_size)
        stream.flush()
        os.fsync(stream.fileno())


def _fetch(part: Path, file: CatalogueFile, address: str, hosts: tuple[str, ...], entry: Entry, tell: Tell) -> None:
    """Let a short-lived process fetch `address`; what it got stays for the next try when it fails."""
    note = read_note(part)
    if note is None or note.source != address:
        part.unlink(missing_ok=True)
        note = Note(address, file.bytes)
    note.hosts = hosts
    write_note(part, note)

    def watch() -> None:
        known = read_note(part)
        total = file.bytes or (known.total if known else 0)
        tell(f"Fetching {file.name}", part.stat().st_size if part.exists() else 0, total)

    code, said = run_child(process.python("appliance.adapters.models_fetch", part, str(os.getpid())), lambda _: watch())
    if code and not (file.optional and code == NOT_THERE):
        raise FetchFailed(model=entry.title, host=urlsplit(address).hostname, reason=said or "its process ended")
    if code:
        part.unlink(missing_ok=True)
        note_of(part).unlink(missing_ok=True)


def run_child(command: list[str | Path], hear: Callable[[str], None]) -> tuple[int, str]:
    """Run one of our own processes; `hear` gets the last line that it said, now and then. Return its exit code and last line."""
    with tempfile.TemporaryFile() as said:
        child = process.spawn(command, stderr=said.fileno())
        try:
            while child.poll() is None:
                hear(_last_line(said))
                time.sleep(LOOK_SECONDS)
        finally:
            code = child.kill()
        return code, _last_line(said)


def _last_line(said: IO[bytes]) -> str:
    size = os.fstat(said.fileno()).st_size
    tail = os.pread(said.fileno(), 1000, max(size - 1000, 0)).decode(errors="replace")
    return tail.strip().rpartition("\n")[2][:300]
