"""Inside the sandbox: from decoded pixels to a picture as it is shown: shrunk, in sRGB by its own profile, upright."""

import io
import math

from PIL import Image, ImageCms

from appliance.adapters.pixels_open import Pixels

STRIP_PIXELS = 4 << 20
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
SRGB = ImageCms.createProfile("sRGB")
_COLOURS = {"RGB": "RGB", "L": "GRAY", "CMYK": "CMYK", "LAB": "Lab"}


def upright(pixels: Pixels, turn: int, limit: int) -> Image.Image:
    """Shrink first, for the rest then costs little; colours are judged by the profile before it is dropped."""
    image = fitted(shrunk(pixels, limit), limit)
    image = opaque_srgb(image, pixels.profile)
    return image.transpose(TURNS[turn]) if turn in TURNS else image


def shrunk(pixels: Pixels, limit: int) -> Image.Image:
    """Return a plain picture of at least twice `limit` where there is so much, made strip by strip by averaging whole pixels."""
    factor = max(max(pixels.width, pixels.height) // (2 * limit), 1)
    if factor == 1:
        return plain(pixels.crop(0, pixels.height))
    return averaged(pixels, factor)


def averaged(pixels: Pixels, factor: int) -> Image.Image:
    """Average squares of `factor` × `factor` pixels, strip by strip."""
    rows = max(STRIP_PIXELS // pixels.width // factor, 1) * factor
    whole: Image.Image | None = None
    for top in range(0, pixels.height, rows):
        part = plain(pixels.crop(top, min(top + rows, pixels.height))).reduce(factor)
        if whole is None:
            whole = Image.new(part.mode, (part.width, math.ceil(pixels.height / factor)))
        whole.paste(part, (0, top // factor))
    return whole or plain(pixels.crop(0, pixels.height))


def plain(image: Image.Image) -> Image.Image:
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


def fitted(image: Image.Image, limit: int) -> Image.Image:
    """Return `image` with its longer side at most `limit`; it never grows."""
    longer = max(image.size)
    if longer <= limit:
        return image
    size = (max(round(image.width * limit / longer), 1), max(round(image.height * limit / longer), 1))
    return image.resize(size, Image.Resampling.LANCZOS)


def opaque_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    alpha = image.getchannel("A") if image.mode in ("LA", "RGBA") else None
    colours = image.convert(image.mode[:-1]) if alpha else image
    colours = by_profile(colours, profile)
    if not alpha:
        return colours
    paper = Image.new("RGB", colours.size, "white")
    paper.paste(colours, mask=alpha)
    return paper


def by_profile(image: Image.Image, profile: bytes | None) -> Image.Image:
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
        return ImageCms.profileToProfile(image, source, SRGB, renderingIntent=intent, outputMode="RGB") or image.convert("RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image.convert("RGB")


def webp(image: Image.Image, quality: int, *, method: int = 4) -> bytes:
    """Encode from fresh pixels: nothing that the picture carried along comes with them."""
    fresh = Image.frombytes("RGB", image.size, image.tobytes())
    file = io.BytesIO()
    fresh.save(file, "WEBP", quality=quality, method=method)
    return file.getvalue()
