"""Pictures and videos drawn when a test needs them: nobody's photos lie in this repository.

Shown upright, every picture has a red top left, a green top right, a blue bottom left and a yellow bottom right quarter.
"""

import io
import struct
from pathlib import Path

import pillow_heif
from PIL import Image, ImageCms, ImageDraw

from appliance.adapters import process

RED, GREEN, BLUE, YELLOW = (220, 30, 30), (30, 170, 60), (30, 60, 210), (240, 220, 40)
QUARTERS = (RED, GREEN, BLUE, YELLOW)

_FORMATS = {
    "jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "gif": "GIF", "tiff": "TIFF", "heic": "HEIF", "avif": "AVIF", "bmp": "BMP",
    "jp2": "JPEG2000", "ico": "ICO",
}  # fmt: skip
_STORED = {  # how pixels lie in a file that must be turned by this orientation
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
_HLG = "zscale=pin=bt709:tin=bt709:min=bt709:rin=full:p=bt2020:t=arib-std-b67:m=bt2020nc:r=limited,format=yuv420p10le"
_ORIENTATION, _TAKEN, _OFFSET, _GPS, _EXIF = 0x0112, 0x9003, 0x9011, 0x8825, 0x8769

pillow_heif.register_heif_opener()


def scene(width: int = 640, height: int = 480, text: str = "") -> Image.Image:
    """Return the four quarters, with `text` in black across the middle."""
    image = Image.new("RGB", (width, height), RED)
    pen = ImageDraw.Draw(image)
    pen.rectangle((width // 2, 0, width, height // 2 - 1), fill=GREEN)
    pen.rectangle((0, height // 2, width // 2 - 1, height), fill=BLUE)
    pen.rectangle((width // 2, height // 2, width, height), fill=YELLOW)
    if text:
        pen.text((width // 20, height // 2 - height // 16), text, fill="black", font_size=height // 8)
    return image


def exif(
    *,
    orientation: int = 1,
    taken: str | None = None,
    offset: str | None = None,
    place: tuple[float, float] | None = None,
    make: str | None = None,
    model: str | None = None,
) -> Image.Exif:
    """Return EXIF as a camera writes it; `taken` is "YYYY:MM:DD HH:MM:SS", `place` is (latitude, longitude)."""
    tags = Image.Exif()
    if orientation != 1:
        tags[_ORIENTATION] = orientation
    for tag, value in ((0x010F, make), (0x0110, model)):
        if value:
            tags[tag] = value
    inner = {tag: value for tag, value in ((_TAKEN, taken), (_OFFSET, offset)) if value}
    if inner:
        tags.get_ifd(_EXIF).update(inner)
    if place:
        latitude, longitude = place
        tags.get_ifd(_GPS).update(
            {1: "N" if latitude >= 0 else "S", 2: _degrees(latitude), 3: "E" if longitude >= 0 else "W", 4: _degrees(longitude)}
        )
    return tags


def picture(
    format: str = "jpeg",
    *,
    width: int = 640,
    height: int = 480,
    tags: Image.Exif | None = None,
    mode: str = "RGB",
    profile: bytes | None = None,
    text: str = "",
    drawn: Image.Image | None = None,
) -> bytes:
    """Return a file of `format` that is `width` x `height` when shown: stored turned, when `tags` holds an orientation."""
    tags = tags or Image.Exif()
    image = (drawn or scene(width, height, text)).convert(mode)
    turned = _STORED.get(tags.get(_ORIENTATION, 1))
    if turned is not None:
        image = image.transpose(turned)
    options: dict[str, object] = {"icc_profile": profile} if profile else {}
    if len(tags) and format not in ("gif", "bmp", "jp2"):
        options["exif"] = tags if format == "tiff" else tags.tobytes()
    file = io.BytesIO()
    image.save(file, _FORMATS[format], **options)
    return file.getvalue()


def srgb_profile() -> bytes:
    """Return the bytes of an ICC profile of sRGB."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def quarters(image: Image.Image) -> list[tuple[int, int, int]]:
    """Return which colour of QUARTERS each quarter is nearest to: top left, top right, bottom left, bottom right."""
    rgb = image.convert("RGB")
    spots = [(x * rgb.width // 4, y * rgb.height // 4) for y in (1, 3) for x in (1, 3)]
    return [min(QUARTERS, key=lambda colour: _distance(colour, rgb.getpixel(spot))) for spot in spots]


def video(
    path: Path,
    *,
    seconds: float = 1.0,
    width: int = 320,
    height: int = 240,
    rotation: int = 0,
    black: float = 0.0,
    hdr: bool = False,
) -> Path:
    """Write a video of the scene, in the container that `path` names; shown turned clockwise by `rotation` (MP4 and MOV).

    The first `black` seconds are black. `width` and `height` are as stored. `hdr`: in HLG and BT.2020, as phones record.
    """
    still = path.with_suffix(".png")
    still.write_bytes(picture("png", width=width, height=height))
    codec = {".webm": "libvpx", ".avi": "mpeg4"}.get(path.suffix.lower(), "libx264")
    filters = f"drawbox=t=fill:c=black:enable='lt(t,{black})',{_HLG if hdr else 'format=yuv420p'}"
    drawing: list[str | Path] = ["-loop", "1", "-framerate", "10", "-i", still, "-t", str(seconds), "-vf", filters]
    done = process.run(["ffmpeg", "-v", "error", "-y", *drawing, "-c:v", codec, "-threads", "1", path], timeout=60)
    assert done.code == 0, done.stderr
    still.unlink()
    if rotation:
        path.write_bytes(_turned(path.read_bytes(), rotation, width, height))
    return path


def family(folder: Path) -> None:
    """Fill `folder` with the small library that the promises are tested on: formats, places, years, a name that needs care."""
    folder.mkdir(parents=True, exist_ok=True)
    rome, lisbon = (41.9028, 12.4964), (38.7223, -9.1393)
    files = {
        "IMG_0001.jpg": picture(tags=exif(taken="2019:07:14 10:00:00", offset="+02:00", place=rome, make="Drawn", model="One")),
        "IMG_0002.jpg": picture(tags=exif(orientation=6, taken="2019:07:15 11:30:00", place=rome, model="One"), text="CAFFÈ"),
        "IMG_0003.heic": picture("heic", width=480, tags=exif(taken="2021:12:24 18:00:00", place=lisbon)),
        "Screenshot_20200301-120000.png": picture("png", width=360, height=640, text="Exit"),
        "scan.tiff": picture("tiff", width=300, height=200),
        "a name with spaces & <b>signs 😀.webp": picture("webp", width=320, height=320),
        "late.avif": picture("avif", width=320, height=240, tags=exif(taken="2024:02:29 23:59:59")),
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    video(folder / "VID_20220501_090000.mp4", rotation=90)


def _turned(film: bytes, rotation: int, width: int, height: int) -> bytes:
    """Write the rotation into the track header's matrix (ISO/IEC 14496-12, 8.3.2), as phones do."""
    one = 1 << 16
    a, b, c, d, x, y = {
        90: (0, one, -one, 0, height, 0),
        180: (-one, 0, 0, -one, width, height),
        270: (0, -one, one, 0, 0, width),
    }[rotation]
    at = film.index(b"tkhd") + 44
    matrix = struct.pack(">9i", a, b, 0, c, d, 0, x << 16, y << 16, 1 << 30)
    return film[:at] + matrix + film[at + 36 :]


def _degrees(value: float) -> tuple[float, float, float]:
    value = abs(value)
    degrees, minutes = int(value), int(value * 60 % 60)
    return float(degrees), float(minutes), round(value * 3600 % 60, 4)


def _distance(one: tuple[int, int, int], other: object) -> int:
    assert isinstance(other, tuple)
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))
