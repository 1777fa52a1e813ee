"""Videos made anew for guests: every frame and every sound encoded again; of the rest of the file nothing is mapped."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from appliance.adapters import video
from appliance.errors import DecoderFailed

# The first moving picture and the first sound by name: what isn't named (data, subtitles, attachments, chapters) stays behind.
_MAPPED = ("-map", "0:V:0", "-map", "0:a:0?", "-dn", "-sn", "-map_chapters", "-1")
_NO_METADATA = (
    *("-map_metadata", "-1", "-map_metadata:s:v", "-1", "-map_metadata:s:a", "-1", "-write_tmcd", "0", "-empty_hdlr_name", "1"),
    *("-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact"),  # no names and versions of encoders
)
_SOUND = ("-c:a", "aac", "-b:a", "128k", "-ac", "2", "-ar", "48000")
_NO_SEI = ("-bsf:v", "filter_units=remove_types=6")
_MOST_FRAMES_A_SECOND = "60"
_SECONDS, _SECONDS_A_SECOND, _MOST_SECONDS = 300.0, 60.0, 6 * 3600.0
_LARGEST_ANSWER = 1 << 20


@dataclass(frozen=True, slots=True)
class Output:
    """Where one copy goes, how long its longer side may be, and how many megabits a second it may take."""

    path: Path
    longest: int
    megabits: int


def copy(path: Path, outputs: Sequence[Output]) -> None:
    """Encode a video as H.264 and AAC in MP4, turned as a player shows it; decoded once for all outputs, which share a folder.

    HDR becomes ordinary colours. Raises DecoderFailed when it can't be decoded.
    """
    stream, duration_ms = video.look(path)
    words: list[str | Path] = []
    for output in outputs:
        words += [*_MAPPED, *_NO_METADATA, "-vf", _filters(output.longest, hdr=stream.color_transfer in video.HDR)]
        words += ["-c:v", "libx264", "-preset", "veryfast", "-crf", "21", "-threads", "2", "-fps_mode", "vfr"]
        words += ["-maxrate", f"{output.megabits}M", "-bufsize", f"{2 * output.megabits}M", "-fpsmax", _MOST_FRAMES_A_SECOND]
        words += [*_NO_SEI, *_SOUND, "-movflags", "+faststart", "-f", "mp4", output.path]
    before = ["-nostdin", "-y", "-threads", "2"]
    answer = video.run("ffmpeg", path, before, words, _time(duration_ms), _LARGEST_ANSWER, into=outputs[0].path.parent)
    if answer.code or not all(output.path.exists() for output in outputs):
        raise DecoderFailed(reason="its pictures or its sound cannot be decoded")


def decodes(path: Path) -> None:
    """Decode a finished copy to its end; raises DecoderFailed when anything in it is wrong."""
    _, duration_ms = video.look(path)
    before = ["-nostdin", "-xerror", "-threads", "2"]
    answer = video.run("ffmpeg", path, before, ["-map", "0", "-f", "null", "-"], _time(duration_ms), _LARGEST_ANSWER)
    if answer.code or answer.stderr:
        raise DecoderFailed(reason="its copy does not play to the end")


def _filters(longest: int, *, hdr: bool) -> str:
    fit = f"scale=w=min({longest}\\,iw):h=min({longest}\\,ih):force_original_aspect_ratio=decrease:force_divisible_by=2"
    return ",".join([video.SQUARE_PIXELS, fit, *([video.TONES] if hdr else []), "setsar=1", "format=yuv420p"])


def _time(duration_ms: int) -> float:
    return min(_SECONDS + _SECONDS_A_SECOND * duration_ms / 1000, _MOST_SECONDS)
