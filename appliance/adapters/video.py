"""The owner of ffmpeg and ffprobe: both run confined, see one file, and use the demuxer that we name."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec

from appliance.adapters import process
from appliance.adapters.sniff import HEAD_SIZE, KIND, sniff, why_refused
from appliance.errors import DecoderFailed, ToolFailed

POSTER_SIDE = 1440
MEMORY_MB = 2000
_PROBE_SECONDS = 30.0
_POSTER_SECONDS = 60.0
_LARGEST_ANSWER = 1 << 20
_LARGEST_POSTER = 16 << 20
_LATEST_POSTER = 3.0
_DEMUXERS = {"mp4": "mov", "mov": "mov", "m4v": "mov", "3gp": "mov", "mkv": "matroska", "webm": "matroska", "avi": "avi"}
_ENTRIES = (
    "format=duration:stream=width,height,duration,sample_aspect_ratio,color_transfer:stream_tags=rotate:stream_side_data=rotation"
)
HDR = ("smpte2084", "arib-std-b67")
SQUARE_PIXELS = "scale=w=trunc(iw*sar):h=ih,setsar=1"
_FIT = f"{SQUARE_PIXELS},scale=w=min({POSTER_SIDE}\\,iw):h=min({POSTER_SIDE}\\,ih):force_original_aspect_ratio=decrease"
_NOT_BLACK = "blackframe=amount=0:threshold=28,metadata=mode=select:key=lavfi.blackframe.pblack:value=95:function=less"
TONES = "zscale=t=linear:npl=100,format=gbrpf32le,tonemap=mobius:desat=0,zscale=p=bt709:t=bt709:m=bt709:r=full"
_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class VideoProbe:
    """`width` and `height` as shown; `rotation` is what the player turns it by, clockwise: 0, 90, 180 or 270."""

    width: int
    height: int
    duration_ms: int
    rotation: int


class _SideData(msgspec.Struct):
    rotation: float = 0.0


class Stream(msgspec.Struct):
    width: Annotated[int, msgspec.Meta(ge=0, le=1 << 16)] = 0
    height: Annotated[int, msgspec.Meta(ge=0, le=1 << 16)] = 0
    duration: str = ""
    sample_aspect_ratio: str = ""
    color_transfer: str = ""
    side_data_list: list[_SideData] = []


class _Format(msgspec.Struct):
    duration: str = ""


class _Answer(msgspec.Struct):
    streams: list[Stream] = []
    format: _Format = msgspec.field(default_factory=_Format)


def probe(path: Path) -> VideoProbe:
    """Raises DecoderFailed when ffprobe finds no video in the file."""
    stream, duration_ms = look(path)
    rotation = round(-_turned(stream)) % 360 // 90 * 90
    across, _, down = stream.sample_aspect_ratio.partition(":")
    width, height = stream.width, stream.height
    if across.isdecimal() and down.isdecimal() and int(across) and int(down):
        width = max(round(width * int(across) / int(down)), 1)
    if rotation in (90, 270):
        width, height = height, width
    return VideoProbe(width, height, duration_ms, rotation)


def poster(path: Path) -> bytes:
    """Return one frame, not a black one where possible, as PNG of at most 1440 px, upright: hand it to Decoder.derive."""
    stream, duration_ms = look(path)
    at = min(duration_ms / 10_000, _LATEST_POSTER)
    fit = f"{_FIT},{TONES}" if stream.color_transfer in HDR else _FIT
    for start, filters in ((at, f"{_NOT_BLACK},{fit}"), (at, fit), (0.0, _FIT)):
        frame = _frame(path, start, filters)
        if frame:
            return frame
    raise DecoderFailed(reason="no frame of this video can be decoded")


def _turned(stream: Stream) -> float:
    return next((data.rotation for data in stream.side_data_list if data.rotation), 0.0)


def look(path: Path) -> tuple[Stream, int]:
    """Return the first moving picture in the file (not its cover) and the file's duration in milliseconds."""
    answer = run(
        "ffprobe", path, ["-select_streams", "V:0", "-show_entries", _ENTRIES, "-of", "json"], [], _PROBE_SECONDS, _LARGEST_ANSWER
    )
    try:
        found = msgspec.json.decode(answer.stdout, type=_Answer) if answer.code == 0 else _Answer()
    except msgspec.DecodeError:
        found = _Answer()
    if not found.streams or not found.streams[0].width or not found.streams[0].height:
        raise DecoderFailed(reason="there is no moving picture in it")
    stream = found.streams[0]
    return stream, _milliseconds(found.format.duration) or _milliseconds(stream.duration)


def _milliseconds(seconds: str) -> int:
    try:
        return max(0, min(round(float(seconds) * 1000), 1 << 40))
    except (ValueError, OverflowError):
        return 0


def _frame(path: Path, start: float, filters: str) -> bytes | None:
    """Return the first frame after `start` seconds that passes the filters, or None."""
    output = ["-an", "-sn", "-dn", "-map", "0:V:0", "-vf", filters, "-frames:v", "1", "-pix_fmt", "rgb24"]
    output += ["-c:v", "png", "-compression_level", "1", "-f", "image2pipe", "pipe:1"]
    answer = run(
        "ffmpeg", path, ["-nostdin", "-threads", "1", "-ss", f"{start:.3f}", "-t", "10"], output, _POSTER_SECONDS, _LARGEST_POSTER
    )
    return answer.stdout if answer.code == 0 and answer.stdout.startswith(_PNG) else None


def run(
    tool: str, path: Path, before: list[str], after: Sequence[str | Path], seconds: float, limit: int, *, into: Path | None = None
) -> process.Finished:
    """Run ffprobe or ffmpeg on one file, which is all that they can see; they can write nowhere but in the folder `into`."""
    with path.open("rb") as file:
        format = sniff(file.read(HEAD_SIZE))
    if format is None or KIND.get(format) != "video":
        raise DecoderFailed(reason=why_refused(format))
    path = path.resolve()
    words: list[str | Path] = [
        tool,
        "-v",
        "error",
        "-protocol_whitelist",
        "file,pipe",
        "-f",
        _DEMUXERS[format],
        *before,
        "-i",
        path,
        *after,
    ]
    try:
        confine = process.Confinement((path,), (into,) if into else (), MEMORY_MB)
        return process.run(words, timeout=seconds, confine=confine, output_limit=limit)
    except ToolFailed as failure:
        raise DecoderFailed(reason=str(failure.facts["reason"])) from failure
