"""What a file says about itself, read by exiftool: one process kept open for all files, restarted when it dies or hangs.

The file is hostile, and so may the process become that reads it: it is confined (no network, no programs, no other file than
the one shown in its window), loads no configuration, follows no embedded stream, prints the tags that we use and no others,
has a time limit, an output limit and a memory limit, and dies with us.
"""

import json
import secrets
import selectors
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from os import fsencode, read
from pathlib import Path
from typing import Any

import exiftool
from exiftool.exceptions import ExifToolException

from appliance.adapters import process
from appliance.adapters.exiftool_window import Window
from appliance.errors import DecoderCrashed, DecoderFailed, ToolFailed

TIMEOUT_SECONDS = 30.0
LARGEST_OUTPUT = 4 << 20
BLOCK_BYTES = 1 << 16
MEMORY_MB = 1000
# Perl's own folders; those below /usr/lib every confined program may read.
PERL = tuple(map(Path, ("/usr/share/perl5", "/usr/share/perl", "/usr/local/share/perl", "/usr/local/lib/site_perl")))
# -n: numbers as numbers; -a: the same tag of several groups.
# QuickTimeUTC stays off: library/capture_time.py reads those dates itself.
OPTIONS = ("-n", "-a", "-api", "LargeFileSupport=1")
# -G1: “ExifIFD:DateTimeOriginal”, not “EXIF:…”; -fast: no search for trailers.
USED = ("-j", "-G1", "-fast")
# -G0:1: “EXIF:GPS:GPSLatitude”; trailers are searched.
# -u, -U: also what exiftool has no name for; -ee: also embedded streams.
NAMES = ("-j", "-G0:1")
EVERYTHING = (*NAMES, "-u", "-U", "-ee")
TAGS = (
    *("FileType", "MIMEType", "ImageWidth", "ImageHeight", "Orientation", "Rotation", "Warning", "Error"),
    *("DateTimeOriginal", "CreateDate", "DateCreated", "TimeCreated", "CreationDate*", "ContentCreateDate", "DateTimeCreated"),
    *("OffsetTimeOriginal", "OffsetTimeDigitized", "OffsetTime", "GPSDateStamp", "GPSTimeStamp", "GPSDateTime"),
    *("GPSLatitude", "GPSLatitudeRef", "GPSLongitude", "GPSLongitudeRef", "GPSPosition", "GPSCoordinates*", "LocationISO6709"),
    *("Make", "Model", "LensModel", "Lens", "Software", "UserComment", "Comment"),
    *("Keywords", "Subject", "TagsList", "LastKeywordXMP", "XPKeywords"),
    *("Description", "ImageDescription", "Caption-Abstract", "XPComment", "Title", "ObjectName", "XPTitle", "Headline"),
    *("City", "State", "Province-State", "Country", "Country-PrimaryLocationName", "Location", "Sub-location"),
    *("LocationCreatedCity", "LocationCreatedProvinceState", "LocationCreatedCountryName"),
)


class _Process(exiftool.ExifTool):  # type: ignore[misc]
    """pyexiftool's process with a reading loop of our own: theirs waits for ever, spins at the end of the pipe, has no limit,
    and reads standard error only after standard output, which deadlocks on a file with many warnings. `window` is all it sees."""

    def __init__(self, program: Path, window: Window) -> None:
        super().__init__(str(program), common_args=list(OPTIONS), config_file="", encoding="utf-8")
        self._program = program.resolve()
        self._window = window

    def run(self) -> None:
        """Start it as Perl with exiftool's script, since a confined program can start no other."""
        own = self._program.parent / "lib"  # where exiftool's own package keeps its modules
        confine = process.Confinement((self._program, own, *PERL, self._window.folder), memory_mb=MEMORY_MB)
        words = ["-config", "", "-stay_open", "True", "-@", "-", "-common_args", *OPTIONS]
        self._process = process.spawn_piped(["perl", self._program, *words], confine=confine)
        self._running = True
        self._ver = self._parse_ver()

    def execute(self, *params: str | bytes, raw_bytes: bool = False) -> str | bytes:
        """What pyexiftool itself calls, to ask for the version."""
        output = self.answer(*params)
        return output if raw_bytes else output.decode(errors="replace")

    def answer(self, *params: str | bytes) -> bytes:
        """Run one command; raises EOFError when the process died, TimeoutError and BufferError at the limits."""
        mark = b"%d" % (10**8 + secrets.randbelow(9 * 10**8))
        lines = [param if isinstance(param, bytes) else fsencode(param) for param in params]
        try:
            self._process.stdin.write(b"\n".join([*lines, b"-execute" + mark, b""]))  # far less than a pipe holds
        except BrokenPipeError as error:
            raise EOFError from error
        return self._read_until(b"{ready" + mark + b"}")

    def _read_until(self, mark: bytes) -> bytes:
        deadline = time.monotonic() + TIMEOUT_SECONDS
        output = bytearray()
        with selectors.DefaultSelector() as pipes:
            pipes.register(self._process.stdout, selectors.EVENT_READ)
            pipes.register(self._process.stderr, selectors.EVENT_READ)
            while not output[-len(mark) - 2 :].rstrip().endswith(mark):
                ready = pipes.select(max(0.0, deadline - time.monotonic()))
                if not ready:
                    raise TimeoutError
                for key, _ in ready:
                    block = read(key.fd, BLOCK_BYTES)
                    if not block:
                        raise EOFError
                    if key.fileobj is self._process.stdout:
                        output += block
                if len(output) > LARGEST_OUTPUT:
                    raise BufferError
        return bytes(output[: output.rindex(mark)])

    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """Kill the process, if there is one; nothing that it does is worth waiting for."""
        if self._process is not None:
            self._process.kill()
            self._flag_running_false()


class MetadataReader:
    """Reads tags. Threads take turns; the process starts with the first file."""

    def __init__(self, program: str = "exiftool", *, home: Path | None = None) -> None:
        """Files below `home` are ours and are shown to exiftool where they lie; of others it gets a copy.

        Raises ToolMissing when there is no exiftool.
        """
        self._window = Window(home)
        self._process = _Process(process.find(program), self._window)
        self._turn = threading.Lock()

    def read(self, path: Path) -> dict[str, Any]:
        """Return tags as 'Group:Name' → number, text or list of these; what is broken inside the file is left out.

        Raises DecoderFailed when `path` is no file, DecoderCrashed when exiftool hung, died twice or never stopped printing:
        the picture itself may still be fine. Raises NoRoom when the disk is full."""
        return self._records([path], (*USED, *(f"-{tag}" for tag in TAGS)))[0]

    def names(self, path: Path) -> list[str]:
        """Return every tag that exiftool knows in a file as 'Group:Group:Name', without its value; raises as `read` does."""
        return list(self._records([path], NAMES)[0])

    def everything(self, paths: Sequence[Path]) -> list[dict[str, Any]]:
        """Return for each file all that exiftool finds anywhere in it, as 'Group:Group:Name' → value; raises as `read` does."""
        records = self._records(paths, EVERYTHING)
        if len(records) != len(paths):
            raise DecoderFailed(reason="exiftool found nothing readable in it")
        return records

    def _records(self, paths: Sequence[Path], options: Sequence[str]) -> list[dict[str, Any]]:
        with self._turn, ExitStack() as window:
            shown = [window.enter_context(self._window.showing(path, f"file{number}")) for number, path in enumerate(paths)]
            try:
                printed = self._ask((*options, *map(fsencode, shown)))
            except EOFError as error:
                self._process.stop()
                raise DecoderCrashed(reason="exiftool died while it read the metadata") from error
            except TimeoutError as error:
                self._process.stop()
                raise DecoderCrashed(reason=f"reading the metadata took longer than {TIMEOUT_SECONDS:.0f} seconds") from error
            except BufferError as error:
                self._process.stop()
                raise DecoderCrashed(reason="the file holds more metadata than any camera writes") from error
        return _tags(printed)

    def close(self) -> None:
        """End the process and clear its window away; nothing can be read afterwards."""
        with self._turn:
            self._process.stop()
            self._window.close()

    def _ask(self, question: Sequence[str | bytes]) -> bytes:
        """Ask the running process; when it turns out to be dead, start another and ask once more."""
        if self._process.is_alive():
            with suppress(EOFError):
                return self._process.answer(*question)
        self._process.stop()
        self._start()
        return self._process.answer(*question)

    def _start(self) -> None:
        try:
            self._process.run()
        except (ExifToolException, EOFError, TimeoutError, OSError) as error:
            raise ToolFailed(tool="exiftool", reason="it did not start") from error


def _tags(printed: bytes) -> list[dict[str, Any]]:
    try:
        records = json.loads(printed.decode(errors="replace"), strict=False)
        records[0]  # at least one
        return [{name: value for name, value in record.items() if name != "SourceFile"} for record in records]
    except (ValueError, IndexError, AttributeError, KeyError, RecursionError) as error:
        raise DecoderFailed(reason="exiftool found nothing readable in it") from error
