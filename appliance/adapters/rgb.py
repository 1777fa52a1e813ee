"""Decoded pixels on their way from one process to another: plain bytes, bounded, nothing left to decode."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rgb:
    """`pixels` holds `height` rows of `width` pixels of three bytes (red, green, blue), sRGB, upright."""

    width: int
    height: int
    pixels: bytes

    def __post_init__(self) -> None:
        if self.width < 1 or self.height < 1 or len(self.pixels) != self.width * self.height * 3:
            raise ValueError("the pixels do not fill their width and height")
