"""Inside the sandbox: what can be asked about a picture. Pixels are made upright, sRGB, opaque and free of metadata."""

import io
from collections.abc import Callable
from typing import Any

from PIL import Image, ImageCms

from appliance.adapters import pixels_copies, pixels_open
from appliance.adapters.pixels_open import Picture, Pixels
from appliance.adapters.pixels_upright import SRGB, fitted, upright, webp
from appliance.adapters.sandbox import Reply

PREVIEW_SIDE = 1440
THUMBNAIL_SIDE = 480
CROP_AROUND = 1.6
_limits = {"most_pixels": 250_000_000}


def prepare(options: dict[str, Any]) -> None:
    """`largest_megapixels` caps what is opened. Every step is done once while files can still be opened."""
    pixels_open.prepare()
    _limits["most_pixels"] = options["largest_megapixels"] * 1_000_000
    drawn = Image.new("RGB", (8, 8), "white")
    profile = ImageCms.ImageCmsProfile(SRGB).tobytes()
    for format in ("JPEG", "PNG", "GIF", "TIFF", "WEBP", "BMP", "JPEG2000", "AVIF"):
        file = io.BytesIO()
        drawn.save(file, format, icc_profile=profile)
        picture = Image.open(file)
        picture.load()
        webp(upright(Pixels(8, 8, lambda top, bottom: drawn, profile, False), 1, 4), 80)


def probe(arguments: dict[str, Any], files: list[int]) -> Reply:
    return Reply(_facts(pixels_open.open_picture(files[0], _limits["most_pixels"])))


def derive(arguments: dict[str, Any], files: list[int]) -> Reply:
    picture, image, damaged = _shown(files[0], PREVIEW_SIDE)
    preview = webp(image, 82)
    return Reply(_facts(picture) | {"damaged": damaged}, [preview, webp(fitted(image, THUMBNAIL_SIDE), 76)])


def rgb(arguments: dict[str, Any], files: list[int]) -> Reply:
    _, image, _ = _shown(files[0], arguments["limit"])
    return Reply({"width": image.width, "height": image.height}, [image.tobytes()])


def square(arguments: dict[str, Any], files: list[int]) -> Reply:
    side = arguments["side"]
    _, image, _ = _shown(files[0], PREVIEW_SIDE)
    return Reply({"width": side, "height": side}, [image.resize((side, side), Image.Resampling.BICUBIC).tobytes()])


def crop(arguments: dict[str, Any], files: list[int]) -> Reply:
    """A square around `box` (fractions of the shown picture), as large as the picture lets it be."""
    _, image, _ = _shown(files[0], PREVIEW_SIDE)
    left, top, width, height = arguments["box"]
    side = min(max(width * image.width, height * image.height) * CROP_AROUND, image.width, image.height)
    x = min(max((left + width / 2) * image.width - side / 2, 0), image.width - side)
    y = min(max((top + height / 2) * image.height - side / 2, 0), image.height - side)
    cut = image.crop((round(x), round(y), round(x + max(side, 1)), round(y + max(side, 1))))
    return Reply({"width": cut.width, "height": cut.height}, [webp(fitted(cut, arguments["limit"]), 80)])


def copies(arguments: dict[str, Any], files: list[int]) -> Reply:
    picture = pixels_open.open_picture(files[0], _limits["most_pixels"])
    try:
        return pixels_copies.copies(picture, files[0], screen=bool(arguments["screen"]))
    except pixels_open.FAULTS as fault:
        raise pixels_open.refusal(fault, _limits["most_pixels"]) from fault


def look_again(arguments: dict[str, Any], files: list[int]) -> Reply:
    try:
        return Reply({"seen": [pixels_copies.look_again(file) for file in files]})
    except pixels_open.FAULTS as fault:
        raise pixels_open.refusal(fault, _limits["most_pixels"]) from fault


OPERATIONS: dict[str, Callable[[dict[str, Any], list[int]], Reply]] = {
    "probe": probe, "derive": derive, "rgb": rgb, "square": square, "crop": crop, "copies": copies, "look_again": look_again,
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
        return picture, upright(pixels, picture.turn, limit), pixels.damaged
    except pixels_open.FAULTS as fault:
        raise pixels_open.refusal(fault, _limits["most_pixels"]) from fault
