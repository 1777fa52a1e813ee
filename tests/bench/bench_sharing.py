"""Clean copies beside a program that only encodes the same pictures again, in the same run: the ratio is the figure.

Both use as many processes as Mantel has decoders, the same library, and write the same pictures: the copy, what the page shows
of it, and the thumbnail. Mantel also converts colours, reads the original's metadata for the receipt and proves every file.
Counted are seconds of the processors, in all processes, once they run; on a busy machine the clock on the wall tells little.
"""

import multiprocessing
import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path

from PIL import Image, ImageOps

from appliance.adapters.exiftool import MetadataReader
from appliance.adapters.pixels import Decoder
from appliance.sharing import clean_copies
from appliance.sharing.clean_copies import Size, Source, Tools
from tests.bench import bench_ingest

PROCESSES = 2
FILES = 16


def encode_again(file: Path, size: Size) -> None:
    with Image.open(file) as opened:
        if size == "screen":
            opened.draft("RGB", (2048, 2048))
        picture = ImageOps.exif_transpose(opened).convert("RGB")
    if size == "full":
        picture.save(file.with_suffix(".full.jpeg"), "JPEG", quality=90)
    picture.thumbnail((2048, 2048))
    picture.save(file.with_suffix(".view.jpeg"), "JPEG", quality=90)
    picture.thumbnail((480, 480))
    picture.save(file.with_suffix(".webp"), "WEBP", quality=76, method=2)


def spent() -> float:
    """Processor seconds of this process and of all that it started."""
    ours = {os.getpid()}
    while True:
        found = {pid for pid, parent, _ in processes() if parent in ours} - ours
        if not found:
            break
        ours |= found
    ticks = sum(used for pid, _, used in processes() if pid in ours)
    return ticks / os.sysconf("SC_CLK_TCK")


def processes() -> Iterator[tuple[int, int, int]]:
    """Yield (id, parent, clock ticks used) of every process."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            yield int(folder.name), int(fields[1]), int(fields[11]) + int(fields[12])


def baseline(files: list[Path], size: Size) -> float:
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        pool.map(partial(encode_again, size=size), files[:PROCESSES], chunksize=1)
        before = spent()
        pool.map(partial(encode_again, size=size), files, chunksize=1)
        return spent() - before


def mantel(files: list[Path], size: Size, home: Path) -> float:
    tools = Tools(Decoder(PROCESSES), MetadataReader(home=home))

    def make(number: int) -> None:
        source = Source(number, "", files[number % len(files)], "photo")
        clean_copies.make(source, size=size, keep_location=False, tools=tools, into=home / "copies" / f"{size}-{number}")

    with ThreadPoolExecutor(PROCESSES) as threads:
        list(threads.map(make, range(len(files), len(files) + PROCESSES)))  # the children start
        before = spent()
        list(threads.map(make, range(len(files))))
        seconds = spent() - before
    tools.decoder.close()
    tools.metadata.close()
    return seconds


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="mantel-bench-") as name:
        folder = Path(name)
        (folder / "originals").mkdir()
        files = bench_ingest.draw(folder / "originals")[:FILES]
        print(f"clean copies of {FILES} JPEGs of 12 megapixels, {PROCESSES} decoders")
        for size in ("screen", "full"):
            plain, clean = baseline(files, size), mantel(files, size, folder)
            print(f"  {size:6} encoded again only {plain:6.2f} s, made and proven clean {clean:6.2f} s: {clean / plain:.2f} times")


if __name__ == "__main__":
    main()
