"""Ingest beside a program that only decodes and resizes the same files, in the same run: the ratio is the figure.

Both use as many processes as Mantel has decoders and write the same preview and thumbnail as WebP.
"""

import multiprocessing
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image, ImageOps

FILES = 40
SIZE = (4000, 3000)


def draw(folder: Path) -> list[Path]:
    """12-megapixel JPEGs with the detail of a photo (blurred noise), each different."""
    rng = random.Random(5)
    base = Image.effect_noise((1000, 750), 60).convert("RGB").resize(SIZE, Image.Resampling.BICUBIC)
    files = []
    for number in range(FILES):
        picture = base.copy()
        picture.paste(tuple(rng.randrange(256) for _ in range(3)), (0, 0, 200 + number, 200))
        files.append(folder / f"IMG_2024{number // 28 + 1:02d}{number % 28 + 1:02d}_120000.jpg")
        picture.save(files[-1], quality=88)
    return files


def decode_and_resize(file: Path) -> None:
    with Image.open(file) as opened:
        opened.draft("RGB", (1440, 1440))
        picture = ImageOps.exif_transpose(opened).convert("RGB")
    for side, quality in ((1440, 80), (480, 75)):
        picture.thumbnail((side, side), Image.Resampling.LANCZOS)
        picture.save(file.with_suffix(f".{side}.webp"), "WEBP", quality=quality, method=2)


def baseline(files: list[Path], processes: int) -> float:
    with multiprocessing.get_context("forkserver").Pool(processes) as pool:
        pool.map(abs, range(processes))
        started = time.perf_counter()
        pool.map(decode_and_resize, files, chunksize=1)
        return time.perf_counter() - started


def mantel(arguments: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-m", "appliance", *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="mantel-bench-") as name:
        folder = Path(name)
        pictures = folder / "pictures"
        pictures.mkdir()
        files = draw(pictures)
        seconds = baseline(files, 2)
        for derivative in pictures.glob("*.webp"):
            derivative.unlink()
        start = mantel(["add", "--home", str(folder / "empty"), str(files[0])])
        ingest = mantel(["add", "--home", str(folder / "home"), str(pictures)])
        previews = mantel(["index", "--home", str(folder / "home"), "--stage", "derivatives", "--wait"])
        both = ingest + previews
        print(f"ingest of {FILES} JPEGs of 12 megapixels, 2 decoders")
        print(f"  decode and resize only {seconds:6.1f} s {FILES / seconds:5.1f} files/s  1.00")
        print(f"  mantel add + previews  {both:6.1f} s {FILES / both:5.1f} files/s  {seconds / both:.2f}")
        print(f"    of it: add {ingest:.1f} s, previews {previews:.1f} s; one file alone {start:.1f} s (start-up)")


if __name__ == "__main__":
    main()
