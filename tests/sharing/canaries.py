"""Pictures that we draw ourselves, with CANARY in every place of a file that we know of where something can hide."""

import base64
import io
import struct
import zlib
from collections.abc import Iterator

import pillow_heif
from PIL import Image, PngImagePlugin, TiffImagePlugin

from tests import drawn

ORIENTATION = 6
SIZE = (320, 200)  # as shown
XMP = (
    b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
    b"<rdf:Description xmlns:dc='http://purl.org/dc/elements/1.1/' dc:format='CANARYxmp'/></rdf:RDF></x:xmpmeta>"
)


def photo() -> Image.Image:
    """The four quarters, with grain: no copy takes it for a drawing."""
    return drawn.scene(*SIZE).effect_spread(2)


def tags() -> Image.Exif:
    taken, place = "2019:07:14 10:00:00", (43.46, 11.88)
    found = drawn.exif(orientation=ORIENTATION, taken=taken, place=place, make="CANARYmake", model="CANARYmodel")
    found[0x010E], found[0x013B], found[0x8298] = "CANARYdescription", "CANARYartist", "CANARYcopyright"
    found[0x9C9B] = "CANARYtitle".encode("utf-16-le")
    inner = {0xA431: "CANARYserial", 0xA430: "CANARYowner", 0x927C: b"CANARYmaker", 0x9286: b"ASCII\0\0\0CANARYcomment"}
    found.get_ifd(0x8769).update(inner)
    found.get_ifd(0x8825).update({27: b"ASCII\0\0\0CANARYgps", 28: b"ASCII\0\0\0CANARYarea"})
    return found


def profile() -> bytes:
    """sRGB with another description."""
    plain = drawn.srgb_profile()
    description = "sRGB built-in".encode("utf-16-be")
    assert description in plain
    return plain.replace(description, "CANARYprofile".encode("utf-16-be"))


def segment(marker: int, content: bytes) -> bytes:
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(content) + 2) + content


def jpeg() -> bytes:
    """Everything before the pixels, and behind them a film, a second picture and what Samsung's phones write."""
    plain = drawn.picture("jpeg", width=SIZE[0], height=SIZE[1], drawn=photo(), tags=tags(), profile=profile())
    digest = b"0" * 32
    extended = b"http://ns.adobe.com/xmp/extension/\0" + digest + struct.pack(">II", 9, 0) + b"CANARYext"
    iptc = b"\x1c\x02\x19" + struct.pack(">H", 10) + b"CANARYiptc"
    irb = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(iptc)) + iptc + b"\0"
    jumbf = b"JP" + struct.pack(">HI", 1, 1) + struct.pack(">I", 40) + b"jumbCANARYc2pa" + bytes(22)
    added = [
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP),
        segment(0xE1, extended),
        segment(0xE2, b"MPF\0II*\0\x08\0\0\0CANARYmpf"),
        segment(0xE2, b"urn:iso:std:iso:ts:21496:-1\0CANARYgainmap"),
        *(segment(0xE0 + number, b"CANARYapp%d" % number) for number in (3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 15)),
        segment(0xEB, jumbf),
        segment(0xED, b"Photoshop 3.0\0" + irb),
        segment(0xFE, b"CANARYcomment"),
    ]
    thumbnail = io.BytesIO()
    photo().resize((64, 40)).save(thumbnail, "JPEG", comment=b"CANARYsecond")
    film = b"\0\0\0\x18ftypmp42CANARYmotion" + bytes(200)
    samsung = b"\0\0\x30\x0a\x10\0\0\0MotionPhoto_DataCANARYsefSEFH" + bytes(12) + b"\x18\0\0\0SEFT"
    return plain[:2] + b"".join(added) + plain[2:] + thumbnail.getvalue() + film + samsung


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png() -> bytes:
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", "CANARYtext")
    words.add_text("Raw profile type exif", "\nexif\n 12\n43414e415259455849460a0a\n", zip=True)
    words.add_text("GPS", "CANARYgps 43.46 11.88")
    words.add_text("Comment", "CANARYztxt" * 20, zip=True)
    words.add_itxt("XML:com.adobe.xmp", XMP.decode())
    file = io.BytesIO()
    stored = photo().transpose(Image.Transpose.ROTATE_90)
    stored.save(file, "PNG", pnginfo=words, exif=tags().tobytes(), icc_profile=profile())
    plain = file.getvalue()
    changed = struct.pack(">HBBBBB", 2019, 7, 14, 1, 2, 3)
    added = chunk(b"caBX", b"CANARYc2pa") + chunk(b"prVt", b"CANARYprivate") + chunk(b"tIME", changed)
    return plain[:-12] + added + plain[-12:] + b"CANARYafter" + drawn.picture("jpeg")


def webp() -> bytes:
    file = io.BytesIO()
    stored = photo().transpose(Image.Transpose.ROTATE_90)
    stored.save(file, "WEBP", exif=tags().tobytes(), icc_profile=profile(), xmp=XMP, quality=90)
    plain = file.getvalue()
    for name, content in ((b"CNRY", b"CANARYunknown!"), (b"XMP\0", b"CANARYxmp-with-zero!")):
        plain += name + struct.pack("<I", len(content)) + content
    return plain[:4] + struct.pack("<I", len(plain) - 8) + plain[8:] + b"CANARYtrailer"


def tiff() -> bytes:
    info = TiffImagePlugin.ImageFileDirectory_v2()
    info[0x0112] = ORIENTATION
    for tag, value in ((270, "description"), (305, "software"), (315, "artist"), (316, "host"), (42113, "gdal")):
        info[tag] = "CANARY" + value
    info.tagtype[700], info[700] = 1, XMP
    info.tagtype[33723], info[33723] = 7, b"\x1c\x02\x19\0\x0aCANARYiptc"
    info.tagtype[34737], info[34737] = 2, "CANARYgeo"
    file = io.BytesIO()
    stored = photo().transpose(Image.Transpose.ROTATE_90)
    second = Image.new("RGB", (32, 32), "white")
    stored.save(file, "TIFF", tiffinfo=info, icc_profile=profile(), save_all=True, append_images=[second])
    return file.getvalue() + b"CANARYtrailer"


def block(kind: bytes, words: list[bytes]) -> bytes:
    return b"\x21" + kind + b"".join(bytes([len(word)]) + word for word in words) + b"\0"


def gif() -> bytes:
    file = io.BytesIO()
    photo().save(file, "GIF", comment=b"CANARYcomment")
    plain = file.getvalue()[:-1]
    xmp = block(b"\xff", [b"XMP DataXMP", b"CANARYxmp"])
    other = block(b"\xff", [b"CANARYAPP10", b"CANARYdata"]) + block(b"\xfe", [b"CANARYsecond"])
    return plain + xmp + other + b"\x3bCANARYtrailer"


def heic() -> bytes:
    heif = pillow_heif.from_pillow(photo().transpose(Image.Transpose.ROTATE_90))
    heif.info["exif"], heif.info["xmp"] = tags().tobytes(), XMP
    heif.info["thumbnails"] = [64]
    heif.add_from_pillow(Image.new("RGB", (64, 64), "white"))
    file = io.BytesIO()
    heif.save(file, quality=80)
    boxes = struct.pack(">I4s", 24 + 10, b"uuid") + bytes(16) + b"CANARYuuid" + struct.pack(">I4s", 18, b"free") + b"CANARYfree"
    return file.getvalue() + boxes


def avif() -> bytes:
    file = io.BytesIO()
    photo().save(file, "AVIF", exif=drawn.exif(make="CANARYmake", place=(43.46, 11.88)).tobytes(), xmp=XMP, icc_profile=profile())
    return file.getvalue() + struct.pack(">I4s", 18, b"free") + b"CANARYfree"


def mpo() -> bytes:
    file = io.BytesIO()
    photo().save(file, "MPO", save_all=True, append_images=[photo().rotate(180)], exif=drawn.exif(make="CANARYmake").tobytes())
    return file.getvalue()


def dng() -> bytes:
    """A RAW file whose preview is a dirty picture itself."""
    preview, serial = jpeg(), b"CANARYserial\0"
    start = 400
    at_serial = start + len(preview)

    def directory(*entries: tuple[int, int, int, int]) -> bytes:
        return struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *entry) for entry in entries) + b"\0\0\0\0"

    words = [(tag, 2, 13, at_serial) for tag in (271, 50735)]
    first = directory(words[0], (274, 3, 1, ORIENTATION), (330, 4, 1, 200), (50706, 1, 4, 0x401), words[1])
    shown = directory((254, 4, 1, 1), (273, 4, 1, start), (279, 4, 1, len(preview)))
    head = b"II*\0\x08\0\0\0" + first
    return head.ljust(200, b"\0") + shown.ljust(200, b"\0") + preview + serial


def hidden_behind_glass() -> bytes:
    """What is written in colours that are quite transparent: nobody sees it, but it's in the pixels."""
    image = photo().convert("RGBA")
    letters = bytes("CANARY" * 200, "ascii")
    row = [(*letters[at : at + 3], 0) for at in range(0, 3 * SIZE[0], 3)]
    for x, pixel in enumerate(row):
        image.putpixel((x, 5), pixel)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def all_of_them() -> Iterator[tuple[str, bytes]]:
    for make in (jpeg, png, webp, tiff, gif, heic, avif, mpo, dng, hidden_behind_glass):
        yield make.__name__, make()


def other_ways(word: bytes) -> list[bytes]:
    """A word as it may stand in a file: plain, in UTF-16 both ways, in base64 at each of its three offsets, in hex."""
    text = word.decode("utf-8", "replace")
    shifted = [base64.b64encode(b"\0" * shift + word)[4 if shift else 0 : -4] for shift in range(3)]
    wide = [text.encode("utf-16-le"), text.encode("utf-16-be")]
    return [word, *wide, *(way for way in shifted if len(way) > 6), word.hex().encode()]
