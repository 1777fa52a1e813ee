"""Faces in XMP sidecars, as regions of the Metadata Working Group (mwg-rs): written only when the owner asks for that export, and
taken away again. Regions that came with a file, or that another program wrote, are neither read nor changed.

Each region says in its Description that Mantel wrote it, so that no table has to remember which photos hold whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from appliance.errors import DecoderFailed, SidecarNotWritten
from appliance.library import names, sidecars
from appliance.library.sidecars import EMPTY, Editor
from appliance.store.layout import Layout

TAG = "XMP-mwg-rs:RegionInfo"
NAMESPACE = b"metadataworkinggroup.com/schemas/regions/"
MARK = "Written by Mantel"
WRITTEN = f"<mwg-rs:Description>{MARK}</mwg-rs:Description>".encode()
A_REGION = b"<mwg-rs:Type>"
SOMETHING = b"<rdf:Description"
SPECIAL = "|,{}[]"  # in exiftool's notation of structures

Outcome = Literal["written", "removed", "foreign", "nothing"]


@dataclass(frozen=True, slots=True)
class Region:
    """A face with a name; the box in fractions of the upright picture's width and height."""

    name: str
    left: float
    top: float
    width: float
    height: float


def settle(layout: Layout, editor: Editor, original: str, size: tuple[int, int], regions: Sequence[Region]) -> Outcome:
    """Have the sidecar of `original` (`size` pixels, upright) hold exactly `regions` of Mantel's, or none of them.

    “foreign”: another program's regions stand there, and nothing was changed. Raises SidecarNotWritten; then it is as it was."""
    place = layout.original(names.sidecar_of(original))
    found = sidecars.content_of(place)
    ours = found is not None and NAMESPACE in found and found.count(WRITTEN) == found.count(A_REGION) > 0
    if found is not None and NAMESPACE in found and not ours:
        return "foreign"
    if not regions and not ours:
        return "nothing"
    try:
        content = editor.edited_xmp(found or EMPTY, {TAG: structure(size, regions) if regions else ""})
    except DecoderFailed as error:
        raise SidecarNotWritten(name=place.name, reason=str(error.facts["reason"])) from error
    sidecars.replace(layout, place, content if SOMETHING in content else None)
    return "written" if regions else "removed"


def structure(size: tuple[int, int], regions: Sequence[Region]) -> str:
    """Return RegionInfo in exiftool's notation; X and Y are the middle of a region."""
    applied = f"AppliedToDimensions={{W={size[0]},H={size[1]},Unit=pixel}}"
    return f"{{{applied},RegionList=[{','.join(map(_region, regions))}]}}"


def _region(region: Region) -> str:
    middle = (region.left + region.width / 2, region.top + region.height / 2)
    area = f"X={middle[0]:.6g},Y={middle[1]:.6g},W={region.width:.6g},H={region.height:.6g},Unit=normalized"
    return f"{{Area={{{area}}},Name={_escaped(region.name)},Type=Face,Description={MARK}}}"


def _escaped(text: str) -> str:
    return "".join(f"|{letter}" if letter in SPECIAL else letter for letter in " ".join(text.split()))
