"""XMP sidecars: copied beside the original that they came with, as NAME.EXT.xmp, and never an asset of their own."""

from pathlib import Path

from appliance.errors import FileRefused
from appliance.library import incoming, names
from appliance.store.layout import Layout

LARGEST = 16 << 20


def beside(path: Path) -> Path | None:
    """Return the sidecar of the file at `path` (NAME.EXT.xmp before NAME.xmp), or None. Links and huge files are none."""
    for candidate in (f"{path.name}.xmp", f"{path.name}.XMP", f"{path.stem}.xmp", f"{path.stem}.XMP"):
        sidecar = path.with_name(candidate)
        if sidecar != path and sidecar.is_file() and not sidecar.is_symlink() and sidecar.stat().st_size <= LARGEST:
            return sidecar
    return None


def keep(layout: Layout, sidecar: Path, original: str) -> None:
    """Copy `sidecar` beside `original`, unless there is one; a sidecar that cannot be read is left out."""
    place = layout.original(names.sidecar_of(original))
    if place.exists():
        return
    try:
        with incoming.copied(sidecar, layout.incoming, name=sidecar.name) as arrival:
            place.hardlink_to(arrival.path)
            incoming.fsync_folder(place.parent)
    except (FileExistsError, FileRefused):
        return
