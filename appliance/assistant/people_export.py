"""Names and boxes of confirmed faces, from the unlocked vault into the sidecars of photos, because the owner asked for that."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from appliance.accounts.viewer import Viewer
from appliance.errors import SidecarNotWritten
from appliance.library import sidecar_regions
from appliance.library.access import visible_assets
from appliance.library.sidecar_regions import Region
from appliance.library.sidecars import Editor
from appliance.people.client import People
from appliance.store.db import Reader
from appliance.store.layout import Layout


@dataclass(frozen=True, slots=True)
class Photo:
    id: int
    original: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Done:
    """How many sidecars were written, were freed of what was written before, hold another program's regions and were left as they
    are, or could not be written."""

    written: int
    removed: int
    foreign: int
    failed: int


def photos(reader: Reader, viewer: Viewer) -> list[Photo]:
    """Return every photo that `viewer` sees and whose size is known."""
    return reader.rows(
        Photo,
        f"""SELECT asset.id, original, width, height FROM asset
            WHERE kind='photo' AND width > 0 AND height > 0 AND {visible_assets(viewer)} ORDER BY asset.id""",
    )


def export(layout: Layout, editor: Editor, people: People | None, photos: Sequence[Photo]) -> Done:
    """Have each sidecar hold the named faces of its photo, and no others; without `people` none. May be done again. Raises
    PeopleLocked, PeopleOff and PeopleAway before anything is written."""
    names = {one.id: one.name for one in people.names()} if people else {}
    named = {asset for person in names for asset in people.assets_with((person,))} if people else set()
    counted: Counter[str] = Counter()
    for photo in photos:
        faces = people.faces_in(photo.id) if people and photo.id in named else ()
        regions = [Region(names[face.person], *face.box) for face in faces if face.person in names]
        try:
            counted[sidecar_regions.settle(layout, editor, photo.original, (photo.width, photo.height), regions)] += 1
        except SidecarNotWritten:
            counted["failed"] += 1
    return Done(counted["written"], counted["removed"], counted["foreign"], counted["failed"])


def lines(done: Done) -> Iterator[str]:
    yield f"{done.written} sidecars hold names now; {done.removed} hold none any more."
    if done.foreign:
        yield f"{done.foreign} were left as they are: another program's regions stand in them."
    if done.failed:
        yield f"{done.failed} could not be written; their folders cannot be written, or something else lies there."
