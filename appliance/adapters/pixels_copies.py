"""Inside the sandbox: what a guest gets of a picture, made from fresh pixels, so that nothing else of the file can come along.

Colours are sRGB, without a profile: every browser takes a picture without one for sRGB.
"""

import io
import math
from collections.abc import Callable
from typing import Any

from PIL import Image

from appliance.adapters.pixels_open import Picture, Pixels, Source
from appliance.adapters.pixels_upright import STRIP_PIXELS, TURNS, averaged, by_profile, plain, shrunk, webp
from appliance.adapters.sandbox import Reply

VIEW_SIDE = 2048
THUMBNAIL_SIDE = 480
MOST_FULL_PIXELS = 100_000_000  # of a full copy; what has more goes out at half its sides
LARGEST_FILE = 48 << 20
_LONGEST_SIDE = {"jpeg": 65_000, "webp": 16_383}  # in pixels, by the formats themselves
_SHARP_VIEW = 1440
_FEW_COLOURS = 128
_FINE_PIXELS = 1_500_000  # up to here colours are as fine as brightness: in small pictures one sees the difference
_QUALITIES = (90, 80, 60)
_MOST_FRAMES = 600
_MOST_FRAMES_PIXELS = 60_000_000  # of all frames of an animation together
_FRAME_MS = (20, 60_000)

Encoded = tuple[str, bytes]


def copies(picture: Picture, file: int, *, screen: bool) -> Reply:
    """Answer with the copy, the thumbnail, and what a page shows of the copy where that is another picture (of the same format)."""
    drawn = _drawn(picture, VIEW_SIDE if screen else _full_side(picture))
    view = _view(drawn)
    small = _on_white(view.resize(_within(view.size, THUMBNAIL_SIDE), reducing_gap=2.0))
    moving = _moving(picture, file, view.size)
    format, copy = moving or _encoded(drawn)
    size = view.size if moving else drawn.size
    blobs = [copy, webp(small, 76, method=2)]
    if view.size != size:
        blobs.append(_as(view, format))
    return Reply({"width": size[0], "height": size[1], "format": format}, blobs)


def look_again(file: int) -> dict[str, Any]:
    """Decode every frame of a copy; a JPEG at an eighth of its sides, for which all that is in it is read."""
    picture = Image.open(io.BufferedReader(Source(file)), formats=("JPEG", "PNG", "WEBP"))
    width, height = picture.size
    frames = getattr(picture, "n_frames", 1)
    picture.draft(None, (max(width // 8, 1), max(height // 8, 1)))
    for frame in range(frames):
        picture.seek(frame)
        picture.load()
    return {"format": str(picture.format).lower(), "width": width, "height": height, "frames": frames}


def _full_side(picture: Picture) -> int:
    longer = max(picture.width, picture.height)
    pixels = picture.width * picture.height
    while pixels > MOST_FULL_PIXELS or longer > _LONGEST_SIDE["jpeg"]:
        longer, pixels = math.ceil(longer / 2), math.ceil(pixels / 4)
    return longer


def _drawn(picture: Picture, limit: int) -> Image.Image:
    """Return the picture as it is to be shown, as RGB, or as RGBA where something shines through."""
    pixels = picture.load(limit)
    longer = max(pixels.width, pixels.height)
    if longer > limit:
        small = averaged(pixels, round(longer / limit)) if limit > VIEW_SIDE else shrunk(pixels, limit)
        small = small.resize(_within(small.size, limit)) if max(small.size) > limit else small
        pixels = Pixels(small.width, small.height, _rows(small), pixels.profile, pixels.damaged)
    return _seen(_turned(pixels, picture.turn))


def _rows(image: Image.Image) -> Callable[[int, int], Image.Image]:
    return lambda top, bottom: image if (top, bottom) == (0, image.height) else image.crop((0, top, image.width, bottom))


def _turned(pixels: Pixels, turn: int) -> Image.Image:
    """Turn and convert strip by strip into a new picture, so that a large one lies in memory twice and not four times."""
    width, height = pixels.width, pixels.height
    rows = max(STRIP_PIXELS // width, 1)
    whole: Image.Image | None = None
    for top in range(0, height, rows):
        bottom = min(top + rows, height)
        part = _coloured(plain(pixels.crop(top, bottom)), pixels.profile)
        part = part.transpose(TURNS[turn]) if turn in TURNS else part
        whole = whole or Image.new(part.mode, (height, width) if turn >= 5 else (width, height))
        whole.paste(part, _corner(turn, top, height - bottom))
    if whole is None:
        raise ValueError("it has no rows")
    return whole


def _corner(turn: int, above: int, below: int) -> tuple[int, int]:
    """Where a strip lies after the turn, given how many rows lie above and below it before."""
    return {3: (0, below), 4: (0, below), 5: (above, 0), 6: (below, 0), 7: (below, 0), 8: (above, 0)}.get(turn, (0, above))


def _coloured(image: Image.Image, profile: bytes | None) -> Image.Image:
    if image.mode not in ("LA", "RGBA"):
        return by_profile(image, profile)
    colours = by_profile(image.convert(image.mode[:-1]), profile)
    colours.putalpha(image.getchannel("A"))
    return colours


def _seen(image: Image.Image) -> Image.Image:
    """Drop the colours that nobody can see: behind what is (nearly) transparent whole pictures have been found."""
    if image.mode != "RGBA":
        return image
    if image.getchannel("A").getextrema() == (255, 255):
        return image.convert("RGB")
    return image.convert("RGBa").convert("RGBA")


def _view(image: Image.Image) -> Image.Image:
    """Shrink for a page: by averaging whole squares where enough is left then, which is many times quicker."""
    longer = max(image.size)
    factor = math.ceil(longer / VIEW_SIDE)
    if factor > 1 and longer // factor >= _SHARP_VIEW:
        return image.reduce(factor)
    return image.resize(_within(image.size, VIEW_SIDE)) if factor > 1 else image


def _within(size: tuple[int, int], limit: int) -> tuple[int, int]:
    shrink = min(limit / max(size), 1)
    return max(round(size[0] * shrink), 1), max(round(size[1] * shrink), 1)


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode == "RGB":
        return image
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    return paper


def _encoded(image: Image.Image) -> Encoded:
    """JPEG; PNG for drawings of few colours; WebP for what shines through, PNG again where it's too large for WebP."""
    fits = max(image.size) <= _LONGEST_SIDE["webp"]
    if image.getcolors(_FEW_COLOURS) or (image.mode == "RGBA" and not fits):
        file = _as(image, "png")
        if len(file) <= LARGEST_FILE:
            return "png", file
    image = image if fits else _on_white(image)
    format = "webp" if image.mode == "RGBA" else "jpeg"
    for quality in _QUALITIES:
        file = _as(image, format, quality)
        if len(file) <= LARGEST_FILE:
            return format, file
    raise ValueError("its copy would be larger than any guest could want")


def _as(image: Image.Image, format: str, quality: int = _QUALITIES[0]) -> bytes:
    if format == "png":
        return _saved(image, "PNG", compress_level=6)
    if format == "webp":
        return _saved(image, "WEBP", quality=quality, method=2)
    fine = "4:4:4" if image.width * image.height <= _FINE_PIXELS else "4:2:0"
    return _saved(_on_white(image), "JPEG", quality=quality, subsampling=fine)


def _saved(image: Image.Image, format: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def _moving(picture: Picture, file: int, size: tuple[int, int]) -> Encoded | None:
    """Return an animation of this size made anew from its frames, or None where there is none, or too much of it."""
    if picture.format not in ("gif", "webp", "png") or not 1 < picture.frames <= _MOST_FRAMES:
        return None
    if picture.frames * size[0] * size[1] > _MOST_FRAMES_PIXELS:
        return None
    frames, durations = [], []
    series = Image.open(io.BufferedReader(Source(file)), formats=("GIF", "WEBP", "PNG"))
    for number in range(picture.frames):
        series.seek(number)
        frames.append(_frame(series, picture.turn, size))
        durations.append(_duration(series.info.get("duration")))
    moving = _saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], duration=durations, loop=0, quality=80, method=1)
    return ("webp", moving) if len(moving) <= LARGEST_FILE else None


def _frame(series: Image.Image, turn: int, size: tuple[int, int]) -> Image.Image:
    frame = _coloured(series.convert("RGBA"), series.info.get("icc_profile"))
    frame = frame.transpose(TURNS[turn]) if turn in TURNS else frame
    fresh = Image.new("RGBA", size)
    fresh.paste(frame.resize(size, reducing_gap=2.0))
    return _seen(fresh)


def _duration(value: object) -> int:
    low, high = _FRAME_MS
    return round(min(max(value, low), high)) if isinstance(value, int | float) else 100
