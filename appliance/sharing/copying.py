"""The work of making clean copies: one after the other from the rows of copies.py, with the files in `clean-copies/`."""

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from appliance.errors import NotClean, ToolFailed
from appliance.sharing import clean_copies, copies, links
from appliance.sharing.clean_copies import Source, Tools
from appliance.sharing.copies import Copy
from appliance.store.db import Store
from appliance.store.layout import Layout

LEASE_MS = 60_000


class Copying:
    """What a process does for share links; `clock` gives milliseconds since 1970 UTC, `name` is that of its claims.

    `rests_for`: what all copies wait for at the moment (a program that is missing, room on the disk), or empty."""

    def __init__(self, store: Store, layout: Layout, tools: Tools, clock: Callable[[], int], *, name: str, rest_ms: int) -> None:
        self._store, self._layout, self._tools, self._clock = store, layout, tools, clock
        self._name, self._rest_ms = name, rest_ms
        self._rests_until = 0
        self.rests_for = ""

    def waits(self) -> bool:
        """Is there a copy to be made now?"""
        if self._clock() < self._rests_until:
            return False
        with self._store.read() as reader:
            return copies.waits(reader, now=self._clock())

    def claim(self) -> Copy | None:
        with self._store.write() as writer:
            return copies.claim(writer, by=self._name, now=self._clock(), lease_ms=LEASE_MS)

    def make(self, copy: Copy) -> None:
        """Make one copy, have it proven, and let the links live that waited for no other. Raises what clean_copies.make raises."""
        with self._store.read() as reader:
            row = reader.first("SELECT id, sha256, original, kind, latitude, longitude FROM asset WHERE id=?", (copy.asset_id,))
        if row is None:
            return  # the asset is gone, and its copy with it
        asset_id, sha256, original, kind, latitude, longitude = row
        place = (latitude, longitude) if latitude is not None and longitude is not None else None
        source = Source(asset_id, sha256, self._layout.original(original), kind, place)
        folder = self._layout.clean_copies / copy.folder
        made = clean_copies.make(source, size=copy.size, keep_location=copy.keep_location, tools=self._tools, into=folder)
        with self._store.write() as writer:
            kept = copies.finish(writer, copy, made)
        if not kept:
            self._discard(copy)
        self.rests_for = ""

    def give_up(self, copy: Copy, error: Exception, *, reason: str, away: bool, final: bool) -> None:
        """After a failure: `away`, something that all copies need is not there, and all rest for a while; a program that failed
        with this one file may do well with the next."""
        with self._store.write() as writer:
            if away and not isinstance(error, ToolFailed):
                self._rests_until, self.rests_for = self._clock() + self._rest_ms, reason
                copies.release(writer, copy)
            else:
                copies.fail(writer, copy, reason=reason, final=final or isinstance(error, NotClean))

    def _discard(self, copy: Copy) -> None:
        """Nobody wants this copy any more, or another process makes it: then the folder is that one's."""
        with self._store.read() as reader:
            wanted = reader.value("SELECT 1 FROM clean_copy WHERE folder=?", (copy.folder,))
        if not wanted:
            delete(self._layout, [copy.folder])


def delete(layout: Layout, folders: Iterable[str]) -> None:
    """Delete the folders of copies that no row names any more."""
    for folder in folders:
        shutil.rmtree(layout.clean_copies / folder, ignore_errors=True)


def keep_house(store: Store, layout: Layout, now: int) -> None:
    """Forget what is over, and delete the files that nothing needs any more."""
    with store.write() as writer:
        copies.recover(writer, now=now)
        folders = links.tidy(writer, now=now)
    delete(layout, folders)


def mend(store: Store, layout: Layout) -> None:
    """After a start: have copies made again whose files are gone or too short, and delete folders that belong to none.

    A restored database knows copies that no snapshot holds."""
    present = list(layout.clean_copies.iterdir())  # before the rows: the folder of a new row may come at any moment
    with store.read() as reader:
        rows = reader.all("SELECT id, folder, extension, bytes, state FROM clean_copy")
    known = {folder for _, folder, _, _, _ in rows}
    lost = [
        number for number, folder, extension, size, state in rows
        if state == "done" and not _is_whole(layout.clean_copies / folder / f"file.{extension}", size)
    ]  # fmt: skip
    if lost:
        with store.write() as writer:
            copies.lost(writer, lost)
    delete(layout, [path.name for path in present if path.name.removesuffix(clean_copies.MAKING) not in known])


def _is_whole(file: Path, size: int) -> bool:
    try:
        return file.stat().st_size == size
    except FileNotFoundError:
        return False
