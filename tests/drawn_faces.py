"""Drawn faces that the detector takes for faces: ovals with shaded eyes, a nose and a mouth. Nobody's."""

from PIL import Image, ImageDraw, ImageFilter

SKINS = ("#e8b996", "#c98d63", "#8a5a3c", "#f0cdb0")
SIDE = 300


def face(number: int = 0, *, turned: float = 0.0) -> Image.Image:
    """A picture of SIDE × SIDE with one face; another `number`, another face. `turned` moves nose and mouth to one side."""
    canvas = Image.new("RGB", (SIDE, SIDE), "#7f93a8")
    pen = ImageDraw.Draw(canvas)
    skin, wide, low = SKINS[number % 4], 68 + 5 * (number % 3), 6 * (number % 2)
    pen.ellipse((150 - wide - 14, 30, 150 + wide + 14, 210), fill="#2b211b")
    pen.ellipse((150 - wide, 62, 150 + wide, 252), fill=skin)
    shift = turned * 60
    for side in (-1, 1):
        x, y = 150 + side * (30 + 2 * (number % 3)) + shift, 135 + low
        pen.ellipse((x - 20, y - 13, x + 20, y + 13), fill=_darker(skin, 0.8))
        pen.ellipse((x - 15, y - 8, x + 15, y + 8), fill="#f7f4ef")
        pen.ellipse((x - 7, y - 7, x + 7, y + 7), fill="#241a14")
        pen.line((x - 20, y - 22, x, y - 27, x + 20, y - 22), fill="#2b211b", width=7)
    pen.polygon([(150 + shift * 1.5, 130), (136 + shift * 2, 176), (164 + shift * 2, 176)], fill=_darker(skin, 0.9))
    pen.ellipse((136 + shift * 2, 170, 164 + shift * 2, 182), fill=_darker(skin, 0.7))
    pen.ellipse((122 + shift * 1.5, 198 + low, 178 + shift * 1.5, 222 + low), fill="#8f3a3a")
    pen.line((122 + shift * 1.5, 209 + low, 178 + shift * 1.5, 209 + low), fill="#4c1818", width=4)
    return canvas.filter(ImageFilter.GaussianBlur(1.2))


def _darker(colour: str, share: float) -> tuple[int, int, int]:
    return tuple(round(int(colour[at : at + 2], 16) * share) for at in (1, 3, 5))  # type: ignore[return-value]
