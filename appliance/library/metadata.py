"""What a file's own metadata says about the picture, made safe: validated numbers, bounded text without control characters.

Metadata is hostile input. Nothing here raises, whatever the tags hold; what makes no sense is left out.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

LONGEST_NAME, LONGEST_TITLE, LONGEST_DESCRIPTION = 80, 200, 4_000
MOST_TAGS, LONGEST_TAG = 64, 64
LARGEST_SIDE = 1_000_000

NUMBER = re.compile(r"\s*(?P<lead>[NSEW]?)\s*(?P<number>[+-]?\d{1,4}(?:\.\d{0,20})?)\s*(?P<trail>[NSEW]?)[a-z]*\s*", re.ASCII)
BINARY = re.compile(r"\(Binary data \d+ bytes.*\)")
# Categories that no name needs: controls, surrogates, private use, unassigned. Of the formats (Cf) only the two joiners stay.
DROPPED_CATEGORIES = ("Cc", "Cs", "Co", "Cn")
JOINERS = "\u200c\u200d"

JUNK_DESCRIPTIONS = frozenset(
    [
        *("olympus digital camera", "samsung camera pictures", "konica minolta digital camera", "minolta digital camera"),
        *("kodak digital still camera", "digital camera", "sony dsc", "exif_jpeg_picture", "exif jpeg", "user comments", "ascii"),
        *("default", "dcim", "dsc", "camera", "jpeg", "untitled", "screenshot", "image", "picture", "my picture"),
        *("nothing", "none", "null", "n/a"),
    ]
)
MADE_BY_A_PROGRAM = re.compile(
    r"(?i)(?:created (?:with|by)|made with|edited with|(?:gif )?converted with|file written by|optimi[sz]ed by|creator: gd-jpeg|"
    r"lavc|lavf|applemark|intel\(r\) jpeg|lead technologies|jpeg encoder|kofax|ulead systems|handmade software|[{\\]|"
    r"<(?:[?!]|x:|rdf|svg|xmp|xml))"
)
NUMBERED = re.compile(r"\S*\d\S*|\S+\.\w{2,5}")  # 01661gdx, IMG_1234.JPG, a hash: one word with a digit in it, or a file's name
WORD = re.compile(r"[^\W\d_]{2}|[^\x00-\u02ff]")

SCREENSHOT_NAME = re.compile(
    r"(?i)^(?:screen[ _-]?shots?|screen[ _-]?capture|bildschirmfoto|capture d[’'_ ]?[ée]cran|captura de pantalla|"
    r"captura de tela|schermata|schermafbeelding|skärmavbild|zrzut ekranu|scr[._-]?\d{8})"
)
SCREENSHOT_PROGRAM = re.compile(r"(?i)screenshot|spectacle|flameshot|shutter|greenshot|snipping|ksnip|scrot|lightshot|sharex")
SCREEN_SIDES = frozenset(
    [
        *(
            (640, 1136),
            (750, 1334),
            (828, 1792),
            (1125, 2436),
            (1170, 2532),
            (1179, 2556),
            (1206, 2622),
            (1242, 2208),
            (1242, 2688),
        ),
        *(
            (1284, 2778),
            (1290, 2796),
            (1320, 2868),
            (720, 1280),
            (720, 1560),
            (720, 1600),
            (1080, 1920),
            (1080, 2160),
            (1080, 2220),
        ),
        *(
            (1080, 2280),
            (1080, 2340),
            (1080, 2400),
            (1080, 2408),
            (1440, 2560),
            (1440, 2960),
            (1440, 3040),
            (1440, 3088),
            (1440, 3120),
        ),
        *(
            (1080, 2424),
            (1280, 2856),
            (1344, 2992),
            (1536, 2048),
            (1620, 2160),
            (1668, 2388),
            (2048, 2732),
            (768, 1366),
            (900, 1440),
        ),
        *((900, 1600), (1200, 1920), (1600, 2560), (1664, 2560), (1800, 2880), (1964, 3024), (2160, 3840), (2880, 5120)),
    ]
)

MAKE_TAGS = (
    "IFD0:Make",
    "ExifIFD:Make",
    "Keys:Make",
    "QuickTime:Make",
    "UserData:Make",
    "XMP-tiff:Make",
    "XMP-exif:Make",
    "PNG:Make",
)
LENS_TAGS = ("ExifIFD:LensModel", "IFD0:LensModel", "XMP-exifEX:LensModel", "XMP-aux:Lens", "Canon:LensModel", "Keys:LensModel")
ORIENTATION_TAGS = ("IFD0:Orientation", "ExifIFD:Orientation", "XMP-tiff:Orientation")
TAG_TAGS = ("IPTC:Keywords", "XMP-dc:Subject", "XMP-digiKam:TagsList", "XMP-microsoft:LastKeywordXMP", "IFD0:XPKeywords")
DESCRIPTION_TAGS = (
    *("XMP-dc:Description", "IPTC:Caption-Abstract", "IFD0:ImageDescription", "XMP-tiff:ImageDescription", "ExifIFD:UserComment"),
    *("XMP-exif:UserComment", "IFD0:XPComment", "ItemList:Description", "Keys:Description", "PNG:Description", "File:Comment"),
)
TITLE_TAGS = (
    "XMP-dc:Title",
    "IPTC:ObjectName",
    "IFD0:XPTitle",
    "IPTC:Headline",
    "XMP-photoshop:Headline",
    "PNG:Title",
    "ItemList:Title",
)
PLACE_TAGS = (
    *("XMP-iptcCore:Location", "IPTC:Sub-location", "XMP-photoshop:City", "IPTC:City", "XMP-iptcExt:LocationCreatedCity"),
    *("XMP-photoshop:State", "IPTC:Province-State", "XMP-iptcExt:LocationCreatedProvinceState"),
    *("XMP-photoshop:Country", "IPTC:Country-PrimaryLocationName", "XMP-iptcExt:LocationCreatedCountryName"),
)
POSITION_PAIRS = (
    ("Composite:GPSLatitude", "Composite:GPSLongitude"),
    ("GPS:GPSLatitude", "GPS:GPSLongitude"),
    ("XMP-exif:GPSLatitude", "XMP-exif:GPSLongitude"),
    ("XMP-drone-dji:GPSLatitude", "XMP-drone-dji:GPSLongitude"),
)
POSITION_TAGS = ("Composite:GPSPosition", "Keys:GPSCoordinates", "UserData:GPSCoordinates", "ItemList:GPSCoordinates")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the metadata says. Every text is safe to show after escaping; None or () where it says nothing.

    `orientation` is EXIF's 1 to 8 as stored (of a HEIC too, whose decoder has applied it already); `width` and `height` as stored.
    `file_words` are names of places that an editor wrote in, kept when there is no position."""

    orientation: int | None = None
    camera_make: str | None = None
    camera_model: str | None = None
    lens: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    tags: tuple[str, ...] = ()
    title: str | None = None
    description: str | None = None
    screenshot: bool = False
    width: int | None = None
    height: int | None = None
    file_words: tuple[str, ...] = ()

    @property
    def camera(self) -> str | None:
        """Make and model as people say them: “Canon EOS 5D”, not “Canon Canon EOS 5D”."""
        if self.camera_make and self.camera_model:
            brands = [word for word in self.camera_make.casefold().split() if len(word) > 1]
            named = self.camera_model.casefold().split()[0] in brands
            return self.camera_model if named else f"{self.camera_make} {self.camera_model}"
        return self.camera_model or self.camera_make


def read_facts(tags: Mapping[str, Any], format: str, file_name: str = "") -> Facts:
    """Return the facts of a file of sniffed `format` from `tags` as MetadataReader gives them."""
    make = _first(tags, MAKE_TAGS, LONGEST_NAME)
    model = _first(tags, [tag.replace(":Make", ":Model") for tag in MAKE_TAGS], LONGEST_NAME)
    latitude, longitude = _position(tags)
    width, height = _size(tags)
    return Facts(
        orientation=_orientation(tags),
        camera_make=make,
        camera_model=model,
        lens=_first(tags, LENS_TAGS, LONGEST_NAME),
        latitude=latitude,
        longitude=longitude,
        tags=_keywords(tags),
        title=_prose(tags, TITLE_TAGS, LONGEST_TITLE),
        description=_prose(tags, DESCRIPTION_TAGS, LONGEST_DESCRIPTION),
        screenshot=_is_screenshot(tags, format, file_name, make or model, width, height),
        width=width,
        height=height,
        file_words=() if latitude is not None else _distinct(PLACE_TAGS, tags),
    )


def clean(value: Any, longest: int) -> str | None:
    """Return `value` as one line of at most `longest` characters without controls and direction overrides, None when empty."""
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return None
    text = unicodedata.normalize("NFC", str(value)[: 4 * longest])
    text = "".join(" " if letter.isspace() or letter == "\x00" else letter for letter in text if _shows(letter))
    text = " ".join(text.split())[:longest].rstrip()
    return None if not text or BINARY.fullmatch(text) else text


def _shows(letter: str) -> bool:
    if letter.isascii():
        return letter >= " " or letter.isspace() or letter == "\x00"
    category = unicodedata.category(letter)
    return letter in JOINERS if category == "Cf" else category not in DROPPED_CATEGORIES or letter.isspace()


def _values(tags: Mapping[str, Any], names: Iterable[str]) -> Iterator[Any]:
    """Yield the values of the named tags, lists taken apart."""
    for name in names:
        value = tags.get(name)
        if isinstance(value, list):
            yield from value
        elif value is not None:
            yield value


def _first(tags: Mapping[str, Any], names: Iterable[str], longest: int) -> str | None:
    return next((text for value in _values(tags, names) if (text := clean(value, longest))), None)


def _prose(tags: Mapping[str, Any], names: Iterable[str], longest: int) -> str | None:
    """Return the first text that a person may have written: what cameras and programs fill in is passed over."""
    for value in _values(tags, names):
        text = clean(value, longest)
        if text and _is_written(text):
            return text
    return None


def _is_written(text: str) -> bool:
    bare = text.casefold().strip(" .-_")
    return bool(WORD.search(text)) and not (bare in JUNK_DESCRIPTIONS or MADE_BY_A_PROGRAM.match(text) or NUMBERED.fullmatch(text))


def _distinct(names: Iterable[str], tags: Mapping[str, Any]) -> tuple[str, ...]:
    words = (clean(value, LONGEST_NAME) for value in _values(tags, names))
    return tuple({word.casefold(): word for word in words if word}.values())


def _keywords(tags: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the file's keywords, each once; of a path in a tree of tags the last name, of Windows' one string its parts."""
    found: dict[str, str] = {}
    for name in TAG_TAGS:
        for value in _values(tags, (name,)):
            if isinstance(value, str) and name.endswith("TagsList"):
                value = value[-4 * LONGEST_TAG :].rpartition("/")[2]
            parts = value.split(";", MOST_TAGS) if isinstance(value, str) and name.endswith("XPKeywords") else [value]
            for part in parts:
                if (text := clean(part, LONGEST_TAG)) and any(map(str.isalnum, text)) and len(found) < MOST_TAGS:
                    found.setdefault(text.casefold(), text)
    return tuple(found.values())


def _orientation(tags: Mapping[str, Any]) -> int | None:
    for value in _values(tags, ORIENTATION_TAGS):
        if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 8:
            return value
    return None


def _size(tags: Mapping[str, Any]) -> tuple[int | None, int | None]:
    for group in ("File", "PNG", "IFD0", "Track1", "RIFF", "Matroska", "Meta"):
        width, height = tags.get(f"{group}:ImageWidth"), tags.get(f"{group}:ImageHeight")
        if isinstance(width, int) and isinstance(height, int) and 0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE:
            return width, height
    return None, None


def _position(tags: Mapping[str, Any]) -> tuple[float, float] | tuple[None, None]:
    """Return the first position on earth; 0, 0 is what a receiver without satellites writes, and is none."""
    for latitude_tag, longitude_tag in POSITION_PAIRS:
        latitude = _degrees(tags.get(latitude_tag), tags.get(latitude_tag + "Ref"))
        longitude = _degrees(tags.get(longitude_tag), tags.get(longitude_tag + "Ref"))
        if position := _on_earth(latitude, longitude):
            return position
    for tag in POSITION_TAGS:
        parts = str(tags.get(tag, ""))[:100].replace(",", " ").split()
        if len(parts) >= 2 and (position := _on_earth(_degrees(parts[0]), _degrees(parts[1]))):
            return position
    return None, None


def _degrees(value: Any, reference: Any = None) -> float | None:
    """Return signed degrees of a number or of text such as “52.5N”; a reference S or W makes it negative."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    written = NUMBER.fullmatch(value) if isinstance(value, str) and len(value) <= LONGEST_NAME else None
    if isinstance(value, str) and written is None:
        return None
    try:
        degrees = float(written["number"] if written else value)
    except OverflowError:
        return None
    side = written["lead"] or written["trail"] if written else ""
    side = side or (reference.strip()[:1].upper() if isinstance(reference, str) else "")
    return -abs(degrees) if side in ("S", "W") else degrees


def _on_earth(latitude: float | None, longitude: float | None) -> tuple[float, float] | None:
    """Return the position, None when it is not one."""
    if latitude is None or longitude is None or (latitude, longitude) == (0, 0):
        return None
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None  # not a number compares False


def _is_screenshot(
    tags: Mapping[str, Any], format: str, file_name: str, camera: str | None, width: int | None, height: int | None
) -> bool:
    """Guess whether this is a picture of a screen: the file says so, its name does, or it is a PNG of a screen's size."""
    comments = _values(tags, ("ExifIFD:UserComment", "XMP-exif:UserComment", "PNG:Comment", "XMP-photoshop:UserComment"))
    if any(clean(comment, LONGEST_NAME) == "Screenshot" for comment in comments) or SCREENSHOT_NAME.match(file_name):
        return True
    programs = _values(tags, ("PNG:Software", "IFD0:Software"))
    if any(SCREENSHOT_PROGRAM.search(clean(program, LONGEST_NAME) or "") for program in programs):
        return True
    return format == "png" and camera is None and (min(width or 0, height or 0), max(width or 0, height or 0)) in SCREEN_SIDES
