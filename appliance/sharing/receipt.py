"""The receipt: what a copy no longer holds, told for people, from the names of the tags that exiftool found in the original.

Values are never read: they may say anything. Names are sorted under headings of ours.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

NAMES_KEPT = 40
OTHER = "other tags"
UNREAD = "metadata that exiftool cannot read"
_DETAILS = "details of the position"
_NAME = re.compile(r"[A-Za-z0-9_:-]{1,80}")
_NO_METADATA = re.compile(r"(ExifTool|File|Composite|JFIF):(?!Comment)")
_PACKING = re.compile(  # what formats must say about their pixels; a copy says it too
    r"(PNG|GIF|RIFF)(:PNG-pHYs)?:(Image(Width|Height|Frame)|BitDepth|ColorType|Compression|Filter|Interlace|BackgroundColor|Pixel\w+"
    r"|GIFVersion|HasColorMap|ColorResolutionDepth|BitsPerPixel|AnimationIterations|AnimationLoopCount|TransparentColor|FrameCount"
    r"|Duration|WebP_Flags|VP8Version|\w+Scale|Alpha\w+|\w*FrameRate|MaxDataRate|\w+Count|StreamType|\w+Codec|Quality|SampleSize"
    r"|\w*SampleRate|Encoding|NumChannels|AvgBytesPerSec|BitsPerSample|Palette|Transparency|SRGBRendering|Gamma)$"
)
_BOXES = re.compile(r"QuickTime:((Track\d+|Meta):)?[^:]+$")
_TELLING = re.compile(
    r"Date$|GPS|Serial|Location|Handler(Desc|Vendor)|Vendor|CompressorName|TimeCode|Name$|Comment|Author|Artist|Title|Copyright|Descr"
    r"|Software|Encoder|Keyword|Creator|:Make$|:Model$|User|Meta(Format|Type)|Other|Unknown|Text"
)
_POSITIONS = "GPS position"
_POSITION = re.compile(r":GPS(Latitude|Longitude)(Ref)?$")
_HEADINGS = (  # the first that fits; against 'Group:Group:Name'
    (_POSITIONS, r":GPS:|:(GPS\w*|Location(ISO6709|Information)?|Coordinates)$"),
    ("faces and names of people", r"mwg-rs|XMP-MP:|Face|PersonInImage|Region(Name|Person|Area)|PeopleKeyword"),
    ("camera serial number", r"Serial|CameraID|BodyID|UniqueID|UniqueCameraModel|MediaUniqueID"),
    ("owner or author", r"Owner|Artist|By-line|Creator$|Author|Copyright|Rights|Credit|Photographer"),
    ("content credentials", r"^(JUMBF|CBOR|C2PA|JSON)"),
    ("preview pictures", r"Thumbnail|Preview\w*Image|JpgFromRaw|OtherImage|MPImage|^MPF|PreviewImage"),
    ("depth or gain map", r"Depth\w*(Map|Image|Data)|GainMap|hdrgm|Auxiliary\w*Image|PortraitEffects|SemanticSegmentation"),
    ("motion video", r"MotionPhoto|MicroVideo|EmbeddedVideo|LivePhoto"),
    ("place names", r":(City|Country\w*|State|Province-State|Sub-location|Location(Created|Shown)\w*)"),
    ("date and time", r"Date|Time(?!Zone\w*City)|OffsetTime|SubSecTime"),
    ("description and keywords", r"Description|Caption|Keyword|Subject$|Title|Comment|Headline|ObjectName|TagsList|Label$|Rating"),
    ("maker notes", r"^MakerNotes"),
    ("camera and lens", r":(Make|Model|Lens\w*|Camera\w*)$"),
    ("program names", r"Software|CreatorTool|HostComputer|Encoder|Handler|Vendor|Compressor|Producer"),
    ("editing history", r"XMP-xmpMM|History|^Photoshop"),
    ("colour profile", r"^ICC_Profile"),
)
_COMPILED = tuple((heading, re.compile(pattern)) for heading, pattern in _HEADINGS)


@dataclass(frozen=True, slots=True)
class Removed:
    """One kind of thing that a copy doesn't hold any more: a heading of ours, how many tags, and the names of the first of them."""

    what: str
    count: int
    names: tuple[str, ...] = ()


def from_tags(names: Iterable[str], *, place_kept: bool = False) -> tuple[Removed, ...]:
    """Sort tags, named 'Group:Group:Name', under their headings, the most telling first. `place_kept`: but for the position."""
    sorted_: dict[str, list[str]] = {}
    for name in names:
        if not _stays(name) and not (place_kept and _POSITION.search(name)):
            heading = _heading(name)
            sorted_.setdefault(_DETAILS if place_kept and heading == _POSITIONS else heading, []).append(name)
    order = [_DETAILS, *(heading for heading, _ in _HEADINGS), OTHER, UNREAD]
    return tuple(
        Removed(heading, len(sorted_[heading]), tuple(name for name in sorted_[heading] if _NAME.fullmatch(name))[:NAMES_KEPT])
        for heading in order
        if heading in sorted_
    )


def total(receipts: Iterable[Sequence[Removed]]) -> tuple[Removed, ...]:
    """Add up the receipts of many copies; names of tags are left out."""
    counts: dict[str, int] = {}
    for receipt in receipts:
        for removed in receipt:
            counts[removed.what] = counts.get(removed.what, 0) + removed.count
    return tuple(Removed(what, count) for what, count in counts.items())


def sentence(receipt: Sequence[Removed]) -> str:
    """Return “GPS position, camera serial number, 41 tags”."""
    tags = sum(removed.count for removed in receipt)
    words = [removed.what for removed in receipt if removed.what != OTHER]
    return ", ".join([*words, "1 tag" if tags == 1 else f"{tags} tags"]) if tags else "nothing: it held nothing but the picture"


def _stays(name: str) -> bool:
    """Whether a tag tells no more than that a picture is there and how it is packed."""
    if _NO_METADATA.match(name) or _PACKING.match(name):
        return True
    return bool(_BOXES.match(name)) and not _TELLING.search(name)


def _heading(name: str) -> str:
    return UNREAD if name == UNREAD else next((heading for heading, pattern in _COMPILED if pattern.search(name)), OTHER)
