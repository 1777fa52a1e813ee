"""The receipt: what a copy no longer holds, told for people, from the names of the tags that exiftool found in the original.

Values are never read: they may say anything. Names are sorted under headings of ours.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from appliance.sharing import parts

NAMES_KEPT = 40
OTHER = "other tags"
UNREAD = "metadata that exiftool cannot read"
BEHIND, MOTION, PRIVATE = "data behind the picture", "motion video", "private data"
_PLACES = (BEHIND, PRIVATE)  # counted as places and not as tags
_KNOWN_PARTS = {  # what pixels need, and what exiftool names tag by tag
    "jpeg": r"APP(0|1|2|13|14)|COM|D[HQ]T|DRI|SO[FS]\d*|the pixels|marker DC",
    "png": r"IHDR|PLTE|IDAT|IEND|tRNS|gAMA|cHRM|sRGB|sBIT|bKGD|pHYs|hIST|sPLT|[af]cTL|fdAT|tEXt|[zi]TXt|eXIf|iCCP|tIME|caBX|cICP",
    "webp": r"VP8[ LX]|ALPH|ANIM|ANMF|EXIF|XMP |ICCP",
    "gif": r"picture|control|comment|application",
}
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
    r"(?<!Preview)Date$|GPS|Serial|Location|HandlerVendor|Vendor|CompressorName|TimeCode|\d+Name$|Comment|Author|Artist|Title"
    r"|Copyright|Descr|Software|Encoder|Keyword|Creator|:Make$|:Model$|User|Auxiliary|Meta(Format|Type)|Other|Unknown|:Text\w*$"
)
CREDENTIALS, PROFILE = "content credentials", "colour profile"
_POSITIONS = "GPS position"
_POSITION = re.compile(r":GPS(Latitude|Longitude)(Ref)?$")
_HEADINGS = (  # the first that fits; against 'Group:Group:Name', of which ~ stands for the last part
    (_POSITIONS, r":GPS:|~GPS\w*$|~Location(ISO6709|Information)$|~Coordinates$"),
    (
        "faces and names of people",
        r"mwg-rs|XMP-MP:|~Faces?(?!t)|~\w*Face(s|Name|Position|Detect)|PersonInImage|~Region|PeopleKeyword",
    ),
    ("camera serial number", r"~\w*Serial|~CameraID|~BodyID|~\w*UniqueID|~UniqueCameraModel"),
    (CREDENTIALS, r"^(JUMBF|CBOR|C2PA|JSON)"),
    ("owner or author", r"~\w*(Owner|Artist|Author|Copyright|Rights|Credit|Photographer)|~By-line|~Creator$"),
    ("preview pictures", r"~\w*Thumbnail|~\w*Preview\w*Image|~JpgFromRaw|~OtherImage|~MPImage|^MPF"),
    ("depth or gain map", r"~\w*Depth\w*(Map|Image|Data)|~GainMap|hdrgm|~Auxiliary\w*Image|~PortraitEffects|~SemanticSegmentation"),
    (MOTION, r"~\w*MotionPhoto|~MicroVideo|~EmbeddedVideo|~LivePhoto|~ContentIdentifier"),
    ("place names", r"~(City|Country|State|Province-State|Sub-location|Location)"),
    ("date and time", r"~(?!Exposure|Preview|Poster|Selection|Current)\w*(Date|Time)(?!Scale|ToSample)"),
    (
        "description and keywords",
        r"~(?!Handler)\w*(Description|Caption|Keyword|Title|Comment|Headline|ObjectName|TagsList)|~(Subject|Label|Rating)$",
    ),
    ("maker notes", r"^MakerNotes"),
    ("camera and lens", r"~(Make|Model|Lens\w*|Camera\w*)$"),
    ("program names", r"~\w*(Software|CreatorTool|HostComputer|Encoder|Handler|Vendor|Compressor|Producer)"),
    ("editing history", r"XMP-xmpMM|~\w*History|^Photoshop"),
    (PROFILE, r"^ICC_Profile"),
)
_COMPILED = tuple((heading, re.compile(pattern.replace("~", ":(?=[^:]*$)"))) for heading, pattern in _HEADINGS)


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


def from_parts(data: bytes, format: str) -> tuple[Removed, ...]:
    """Find what lies where exiftool doesn't look: private parts, and whole files behind the end of the picture."""
    read = parts.reader(format)
    known = re.compile(_KNOWN_PARTS["jpeg" if format == "mpo" else format]) if read else None
    counts = dict.fromkeys((MOTION, *_PLACES), 0)
    for part in read(data) if read else ():
        if part.name == parts.TRAILER and any(part.content):
            counts[MOTION if part.content[4:8] == b"ftyp" else BEHIND] += 1
        elif known and not known.fullmatch(part.name) and part.name not in (parts.TRAILER, parts.UNREADABLE):
            counts[PRIVATE] += 1
    return tuple(Removed(what, count) for what, count in counts.items() if count)


def total(receipts: Iterable[Sequence[Removed]]) -> tuple[Removed, ...]:
    """Add up receipts: of one copy's tags and parts, or of many copies."""
    sums: dict[str, Removed] = {}
    for removed in chain.from_iterable(receipts):
        before = sums.get(removed.what, Removed(removed.what, 0))
        names = tuple(dict.fromkeys((*before.names, *removed.names)))[:NAMES_KEPT]
        sums[removed.what] = Removed(removed.what, before.count + removed.count, names)
    return tuple(sums.values())


def sentence(receipt: Sequence[Removed]) -> str:
    """Return “GPS position, camera serial number, 41 tags”."""
    tags = sum(removed.count for removed in receipt if removed.what not in _PLACES)
    words = [removed.what for removed in receipt if removed.what != OTHER]
    counted = ["1 tag" if tags == 1 else f"{tags} tags"] if tags else []
    return ", ".join([*words, *counted]) or "nothing: it held nothing but the picture"


def _stays(name: str) -> bool:
    """Whether a tag tells no more than that a picture is there and how it is packed."""
    if _NO_METADATA.match(name) or _PACKING.match(name):
        return True
    return bool(_BOXES.match(name)) and not _TELLING.search(name)


def _heading(name: str) -> str:
    if name.startswith("ICC_Profile:"):  # its copyright and its date are its maker's
        return PROFILE
    return UNREAD if name == UNREAD else next((heading for heading, pattern in _COMPILED if pattern.search(name)), OTHER)
