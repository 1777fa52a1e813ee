"""Tell a file's true format from its first bytes; its name is not believed. Pure Python that only compares and counts."""

import re
import struct

HEAD_SIZE = 65536

_PHOTOS = (
    "jpeg",
    "mpo",
    "png",
    "webp",
    "gif",
    "tiff",
    "heic",
    "heif",
    "avif",
    "bmp",
    "jp2",
    "dng",
    "cr2",
    "cr3",
    "nef",
    "arw",
    "rw2",
    "raf",
)
_VIDEOS = ("mp4", "mov", "m4v", "3gp", "mkv", "webm", "avi")

KIND: dict[str, str] = dict.fromkeys(_PHOTOS, "photo") | dict.fromkeys(_VIDEOS, "video")

_REASONS = {
    "empty": "the file is empty",
    "jxl": "JPEG XL pictures cannot be decoded yet",
    "svg": "SVG drawings are programs rather than pictures; save it as PNG first",
    "psd": "Photoshop documents are not taken in; save it as JPEG or PNG first",
    "eps": "PostScript files are programs rather than pictures",
    "pdf": "PDF documents are not taken in; save its pages as pictures first",
    "orf": "this camera's RAW files hold no preview that Mantel can find",
    "xmp": "it is a sidecar, not a picture",
    "json": "it is a sidecar, not a picture",
    "zip": "it is an archive, not a picture",
    "tar": "it is an archive, not a picture",
    "gzip": "it is an archive, not a picture",
    "html": "it is a web page, not a picture",
    "audio": "it holds sound only",
    "mpeg": "MPEG streams of discs and old camcorders cannot be played in a browser; convert it to MP4 first",
}

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\0\x10\0\0\0CR", "cr2"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"II+\0", "tiff"),
    (b"MM\0+", "tiff"),
    (b"IIU\0", "rw2"),
    (b"IIRO", "orf"),
    (b"IIRS", "orf"),
    (b"MMOR", "orf"),
    (b"FUJIFILMCCD-RAW", "raf"),
    (b"\0\0\0\x0cjP  ", "jp2"),
    (b"\xff\x4f\xff\x51", "jp2"),
    (b"\0\0\0\x0cJXL ", "jxl"),
    (b"\xff\x0a", "jxl"),
    (b"8BPS", "psd"),
    (b"%!PS", "eps"),
    (b"\xc5\xd0\xd3\xc6", "eps"),
    (b"%PDF", "pdf"),
    (b"\xd7\xcd\xc6\x9a", "wmf"),
    (b"\x01\0\x09\0\0\x03", "wmf"),
    (b"\x01\0\0\0\x6c\0\0\0", "emf"),
    (b"\0\0\x01\0", "ico"),
    (b"\0\0\x02\0", "cur"),
    (b"icns", "icns"),
    (b"DDS ", "dds"),
    (b"BLP1", "blp"),
    (b"BLP2", "blp"),
    (b"SIMPLE  =", "fits"),
    (b"AT&TFORM", "djvu"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x1f\x8b", "gzip"),
    (b"\0\0\x01\xba", "mpeg"),
    (b"\0\0\x01\xb3", "mpeg"),
    (b"OggS", "audio"),
    (b"ID3", "audio"),
    (b"fLaC", "audio"),
)

_HEIC = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs")
_OLD_QUICKTIME = (b"moov", b"mdat", b"wide", b"pnot", b"skip", b"free")


def sniff(head: bytes) -> str | None:
    """Given the first 64 KB of a file, return its format's name, or None when it is none that we know."""
    if not head:
        return "empty"
    return _container(head) or _by_magic(head) or _text(head)


def why_refused(format: str | None) -> str:
    """Return a clause for people that says why Mantel does not take this format in."""
    if format is None:
        return "it is not a picture or a video that Mantel knows"
    return _REASONS.get(format, f"{format.upper()} files are not taken in")


def _container(head: bytes) -> str | None:
    """Containers name what they hold a little further in."""
    if head[4:8] == b"ftyp":
        return _iso_media(head)
    if head[4:8] in _OLD_QUICKTIME:
        return "mov"
    if head[:4] == b"RIFF":
        return {b"WEBP": "webp", b"AVI ": "avi", b"WAVE": "audio"}.get(head[8:12])
    if head[:4] == b"\x1aE\xdf\xa3":
        return "webm" if b"webm" in head[:64] else "mkv" if b"matroska" in head[:64] else None
    return None


def _by_magic(head: bytes) -> str | None:
    for magic, format in _MAGIC:
        if head.startswith(magic):
            return _closer_look(head, format)
    if head[:2] == b"BM" and len(head) > 18 and head[15:18] == b"\0\0\0" and head[14] in (12, 40, 52, 56, 64, 108, 124):
        return "bmp"
    if head[257:262] == b"ustar":
        return "tar"
    if head[:1] == b"G" and head[188:189] == b"G" and head[376:377] == b"G":
        return "mpeg"
    return None


def _iso_media(head: bytes) -> str | None:
    """A file of boxes: judge by its brand, then by the brands that it is compatible with."""
    size = int.from_bytes(head[:4], "big")
    if not 16 <= size <= 4096:
        return None
    box = head[8 : min(size, len(head))]
    brand, others = box[:4], {box[at : at + 4] for at in range(8, len(box), 4)}
    if brand == b"crx ":
        return "cr3"
    if brand in (b"avif", b"avis") or (brand in (b"mif1", b"msf1") and others & {b"avif", b"avis"}):
        return "avif"
    if brand in _HEIC:
        return "heic"
    if brand in (b"mif1", b"msf1", b"mif2", b"miaf"):
        return "heif"
    return _film(brand)


def _film(brand: bytes) -> str:
    if brand == b"qt  ":
        return "mov"
    if brand in (b"M4A ", b"M4B ", b"M4P "):
        return "audio"
    if brand[:3] == b"M4V":
        return "m4v"
    return "3gp" if brand[:3] in (b"3gp", b"3g2", b"3ge") else "mp4"


def _closer_look(head: bytes, format: str) -> str:
    """Some formats are dressed as another: RAW files as TIFF, stereo pictures as JPEG."""
    if format == "tiff":
        return _camera(head) or "tiff"
    if format == "jpeg" and _holds_views(head):
        return "mpo"
    return format


def _camera(head: bytes) -> str | None:
    """Return the RAW format that a TIFF's first directory betrays."""
    order = "<" if head[:2] == b"II" else ">"
    at = int.from_bytes(head[4:8], "little" if order == "<" else "big")
    if head[2:4] not in (b"*\0", b"\0*") or at + 2 > len(head):
        return None
    (count,) = struct.unpack_from(order + "H", head, at)
    entries = {}
    for entry in range(at + 2, min(at + 2 + 12 * count, len(head) - 12), 12):
        tag, _, length, value = struct.unpack_from(order + "HHII", head, entry)
        entries[tag] = (length, value)
    if 0xC612 in entries:  # DNGVersion
        return "dng"
    if 0x010F not in entries or 0x014A not in entries:  # Make, SubIFDs
        return None
    length, value = entries[0x010F]
    maker = head[value : value + min(length, 20)].upper()
    return "nef" if maker.startswith(b"NIKON") else "arw" if maker.startswith(b"SONY") else None


def _holds_views(head: bytes) -> bool:
    """Whether a JPEG's multi-picture index lists views of equal rank (stereo, panorama) and not just smaller copies."""
    start = head.find(b"MPF\0")
    if start < 0:
        return False
    index = head[start + 4 :]
    order = "<" if index[:2] == b"II" else ">"
    entry = index.find(struct.pack(order + "HH", 0xB002, 7))  # the list of pictures: 16 bytes each
    if entry < 0 or entry + 12 > len(index):
        return False
    length, at = struct.unpack_from(order + "II", index, entry + 4)
    pictures = range(at, min(at + length, len(index) - 15), 16)
    return any(struct.unpack_from(order + "I", index, picture)[0] & 0xFF0000 == 0x020000 for picture in pictures)


def _text(head: bytes) -> str | None:
    """Tell the texts apart that come along with pictures."""
    start = head[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:1] in (b"{", b"["):
        return "json"
    if not start.startswith(b"<"):
        return None
    if b"<x:xmpmeta" in start or b"<?xpacket" in start or b"<rdf:RDF" in start:
        return "xmp"
    if re.search(rb"<([A-Za-z]+:)?svg[\s>]", head):
        return "svg"
    return "html" if re.search(rb"<(!doctype )?html", start, re.IGNORECASE) else None
