"""Inside the sandbox: what can be asked about a picture. Pixels are made upright, sRGB, opaque and free of metadata."""

import io
import math
from collections.abc import Callable
from typing import Any

from PIL import Image, ImageCms

from appliance.adapters import pixels_open
from appliance.adapters.pixels_open import Picture, Pixels
from appliance.adapters.sandbox import Reply

PREVIEW_SIDE = 1440
THUMBNAIL_SIDE = 480
_STRIP_PIXELS = 4 << 20
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SRGB = ImageCms.createProfile("sRGB")
_COLOURS = {"RGB": "RGB", "L": "GRAY", "CMYK": "CMYK", "LAB": "Lab"}

_limits = {"most_pixels": 250_000_000}


def prepare(options: dict[str, Any]) -> None:
    """`largest_megapixels` caps what is opened. Every step is done once while files can still be opened."""
    pixels_open.prepare()
    _limits["most_pixels"] = options["largest_megapixels"] * 1_000_000
    drawn = Image.new("RGB", (8, 8), "white")
    profile = ImageCms.ImageCmsProfile(_SRGB).tobytes()
    for format in ("JPEG", "PNG", "GIF", "TIFF", "WEBP", "BMP", "JPEG2000", "AVIF"):
        file = io.BytesIO()
        drawn.save(file, format, icc_profile=profile)
        picture = Image.open(file)
        picture.load()
        _webp(_upright(Pixels(8, 8, lambda top, bottom: drawn, profile, False), 1, 4), 80)


def probe(arguments: dict[str, Any], files: list[int]) -> Reply:
    return Reply(_facts(pixels_open.open_picture(files[0], _limits["most_pixels"])))


def derive(arguments: dict[str, Any], files: list[int]) -> Reply:
    picture, image, damaged = _shown(files[0], PREVIEW_SIDE)
    preview = _webp(image, 82)
    return Reply(_facts(picture) | {"damaged": damaged}, [preview, _webp(_fitted(image, THUMBNAIL_SIDE), 76)])


def rgb(arguments: dict[str, Any], files: list[int]) -> Reply:
    _, image, _ = _shown(files[0], arguments["limit"])
    return Reply({"width": image.width, "height": image.height}, [image.tobytes()])


def square(arguments: dict[str, Any], files: list[int]) -> Reply:
    side = arguments["side"]
    _, image, _ = _shown(files[0], PREVIEW_SIDE)
    return Reply({"width": side, "height": side}, [image.resize((side, side), Image.Resampling.BICUBIC).tobytes()])


OPERATIONS: dict[str, Callable[[dict[str, Any], list[int]], Reply]] = {
    "probe": probe, "derive": derive, "rgb": rgb, "square": square,
}  # fmt: skip


def _facts(picture: Picture) -> dict[str, Any]:
    width, height = picture.width, picture.height
    if picture.turn >= 5:
        width, height = height, width
    frames = min(picture.frames, 1_000_000)
    return {"format": picture.format, "width": width, "height": height, "orientation": picture.orientation, "frames": frames}


def _shown(file: int, limit: int) -> tuple[Picture, Image.Image, bool]:
    """Decode a picture to at most `limit` pixels on its longer side, as it is to be shown."""
    picture = pixels_open.open_picture(file, _limits["most_pixels"])
    try:
        pixels = picture.load(limit)
        return picture, _upright(pixels, picture.turn, limit), pixels.damaged
    except pixels_open.FAULTS as fault:
        raise pixels_open.refusal(fault, _limits["most_pixels"]) from fault


def _upright(pixels: Pixels, turn: int, limit: int) -> Image.Image:
    """Shrink first, for the rest then costs little; colours are judged by the profile before it is dropped."""
    image = _fitted(_shrunk(pixels, limit), limit)
    image = _opaque_srgb(image, pixels.profile)
    return image.transpose(_TURNS[turn]) if turn in _TURNS else image


def _shrunk(pixels: Pixels, limit: int) -> Image.Image:
    """Return a plain picture of at least twice `limit` where there is so much, made strip by strip by averaging whole pixels."""
    factor = max(max(pixels.width, pixels.height) // (2 * limit), 1)
    if factor == 1:
        return _plain(pixels.crop(0, pixels.height))
    rows = max(_STRIP_PIXELS // pixels.width // factor, 1) * factor
    whole: Image.Image | None = None
    for top in range(0, pixels.height, rows):
        part = _plain(pixels.crop(top, min(top + rows, pixels.height))).reduce(factor)
        if whole is None:
            whole = Image.new(part.mode, (part.width, math.ceil(pixels.height / factor)))
        whole.paste(part, (0, top // factor))
    return whole or _plain(pixels.crop(0, pixels.height))


def _plain(image: Image.Image) -> Image.Image:
    """Return `image` in one of eight-bit L, LA, RGB, RGBA, CMYK and LAB."""
    mode = image.mode
    if mode.startswith("I;16"):
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    transparent = "transparency" in image.info
    if mode == "1":
        return image.convert("L")
    if mode in ("P", "PA", "La", "RGBa") or (transparent and mode in ("L", "RGB")):
        return image.convert({"La": "LA"}.get(mode, "RGBA") if mode != "P" or transparent else "RGB")
    return image if mode in ("L", "LA", "RGB", "RGBA", "CMYK", "LAB") else image.convert("RGB")


def _fitted(image: Image.Image, limit: int) -> Image.Image:
    """Return `image` with its longer side at most `limit`; it never grows."""
    longer = max(image.size)
    if longer <= limit:
        return image
    size = (max(round(image.width * limit / longer), 1), max(round(image.height * limit / longer), 1))
    return image.resize(size, Image.Resampling.LANCZOS)


def _opaque_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    alpha = image.getchannel("A") if image.mode in ("LA", "RGBA") else None
    colours = image.convert(image.mode[:-1]) if alpha else image
    colours = _by_profile(colours, profile)
    if not alpha:
        return colours
    paper = Image.new("RGB", colours.size, "white")
    paper.paste(colours, mask=alpha)
    return paper


def _by_profile(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert to sRGB by the picture's own profile; without one, or with a broken or foreign one, as Pillow does."""
    try:
        if image.mode == "LAB":
            source = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
        elif profile:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        else:
            return image.convert("RGB")
        if source.profile.xcolor_space.strip() != _COLOURS[image.mode]:
            return image.convert("RGB")
        intent = ImageCms.Intent.RELATIVE_COLORIMETRIC
        return ImageCms.profileToProfile(image, source, _SRGB, renderingIntent=intent, outputMode="RGB") or image.convert("RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image.convert("RGB")


def _webp(image: Image.Image, quality: int) -> bytes:
    """Encode from fresh pixels: nothing that the picture carried along comes with them."""
    fresh = Image.frombytes("RGB", image.size, image.tobytes())
    file = io.BytesIO()
    fresh.save(file, "WEBP", quality=quality, method=4)
    return file.getvalue()
