"""A guest's copy of a video plays, stands upright, and holds nothing but pictures and sound."""

import struct
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from appliance.adapters import video, video_copies
from appliance.adapters.video_copies import Output
from appliance.errors import DecoderFailed, NotClean
from appliance.sharing import film_samples, receipt
from tests import drawn
from tests.sharing.conftest import Share

CANARY = b"CANARY"


def ffmpeg(*words: str | Path) -> None:
    done = subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", *words], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def recorded(path: Path) -> Path:
    """A second of moving picture with sound, and every label, track and chapter that ffmpeg can write into it."""
    chapters, subtitles = path.with_name("chapters.txt"), path.with_name("words.srt")
    chapters.write_text(";FFMETADATA1\ntitle=CANARYtitle\n[CHAPTER]\nSTART=0\nEND=900000000\ntitle=CANARYchapter\n")
    subtitles.write_text("1\n00:00:00,000 --> 00:00:00,900\nCANARYsubtitle\n")
    inputs = ["-f", "lavfi", "-i", "testsrc2=s=320x240:r=25:d=1", "-f", "lavfi", "-i", "sine=440:d=1"]
    labels = [
        f"{key}=CANARY{key}" for key in ("artist", "comment", "album", "copyright", "description", "make", "model", "keywords")
    ]
    labels += [
        "creation_time=2019-07-14T10:00:00Z",
        "location=+43.4600+011.8800/",
        "com.apple.quicktime.location.ISO6709=+43.4600+011.8800/",
    ]
    options = [word for label in labels for word in ("-metadata", label)]
    sei = "h264_metadata=sei_user_data=086f3693-b7b3-4f2c-9653-21492feee5b8+CANARYsei"
    ffmpeg(
        *inputs, "-i", subtitles, "-i", chapters,
        *("-map", "0:v", "-map", "1:a", "-map", "2:s", "-map_metadata", "3", "-map_chapters", "3"),
        *("-c:v", "libx264", "-bsf:v", sei, "-c:a", "aac", "-c:s", "mov_text", "-timecode", "10:11:12:13", *options),
        *("-metadata:s:v", "handler_name=CANARYhandler", "-metadata:s:a", "language=deu", "-movflags", "+use_metadata_tags", path),
    )  # fmt: skip
    return path


def box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), name) + content


def test_a_video_comes_out_with_nothing_but_pictures_and_sound(share: Share, tmp_path: Path) -> None:
    original = recorded(tmp_path / "holiday.mov")
    spot = box(b"uuid", bytes(16) + b"CANARYuuid") + box(b"free", b"CANARYfree") + box(b"gpmd", b"CANARYgpmf")
    original.write_bytes(original.read_bytes() + spot + b"CANARYtrailer")
    assert original.read_bytes().count(CANARY) > 12
    made = share(original)
    assert CANARY not in made.everything
    assert {file.name for file in made.folder.iterdir()} == {"file.mp4", "view.mp4", "poster.webp", "thumb.webp"}
    assert (made.copy.media_type, made.copy.width, made.copy.height) == ("video/mp4", 320, 240)
    assert made.copy.seconds is not None
    assert 0.9 < made.copy.seconds < 1.2
    film = made.file.read_bytes()
    assert [word for word in (b"udta", b"uuid", b"tmcd", b"x264", b"Lavc", b"Lavf", b"ilst") if word in film] == []
    assert "GPS position" in receipt.sentence(made.copy.removed)


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_turned_video_is_turned_for_good(share: Share, tmp_path: Path, rotation: int) -> None:
    made = share(drawn.video(tmp_path / "turned.mp4", rotation=rotation))
    expected = drawn.scene(320, 240).rotate(-rotation, expand=True)
    probed = video.probe(made.file)
    assert ((probed.width, probed.height), probed.rotation) == (expected.size, 0)
    for still in ("poster.webp", "thumb.webp"):
        assert drawn.quarters(Image.open(made.folder / still)) == drawn.quarters(expected)


@pytest.mark.parametrize("name", ["a.webm", "a.avi", "a.mkv"])
def test_every_container_becomes_mp4(share: Share, tmp_path: Path, name: str) -> None:
    assert share(drawn.video(tmp_path / name)).copy.media_type == "video/mp4"


def test_ordinary_colours_of_a_video_in_hdr(share: Share, tmp_path: Path) -> None:
    made = share(drawn.video(tmp_path / "hdr.mp4", hdr=True))
    assert drawn.quarters(Image.open(made.folder / "poster.webp")) == list(drawn.QUARTERS)


def test_a_large_video_is_shown_smaller_than_it_is_downloaded(share: Share, tmp_path: Path) -> None:
    made = share(drawn.video(tmp_path / "big.mp4", seconds=0.2, width=2560, height=1600), "full")
    assert (made.copy.width, made.copy.height) == (2560, 1600)
    assert video.probe(made.folder / "view.mp4").width == 1920


def test_a_video_without_pictures_is_refused_in_words(share: Share, tmp_path: Path) -> None:
    path = drawn.video(tmp_path / "cut.mp4")
    path.write_bytes(path.read_bytes()[:600])
    with pytest.raises(DecoderFailed):
        share(path)
    assert list((tmp_path / "copies").iterdir()) == []


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A proven copy of a video with sound."""
    folder = tmp_path_factory.mktemp("film")
    file = folder / "file.mp4"
    video_copies.copy(recorded(folder / "a.mov"), [Output(file, 320, 5)])
    film_samples.drop_labels(file)
    film_samples.prove(file)
    return file.read_bytes()


def grown(film: bytes, added: bytes) -> bytes:
    """Put a box at the end of moov, into the room of the empty box behind it."""
    at = film.index(b"moov") - 4
    size = int.from_bytes(film[at : at + 4], "big")
    spare = int.from_bytes(film[at + size : at + size + 4], "big")
    assert spare - len(added) >= 8
    behind = box(b"free", bytes(spare - len(added) - 8))
    return film[:at] + struct.pack(">I", size + len(added)) + film[at + 4 : at + size] + added + behind + film[at + size + spare :]


def patched(film: bytes, found: bytes, offset: int, new: bytes) -> bytes:
    at = film.index(found) + offset
    return film[:at] + new + film[at + len(new) :]


CHANGES = {
    "a trailer": lambda film: film + b"CANARY",
    "a box at the end": lambda film: film + box(b"uuid", bytes(16) + CANARY),
    "tags in moov": lambda film: grown(film, box(b"udta", CANARY)),
    "a second free box": lambda film: grown(film, box(b"free", CANARY)),
    "a date of the film": lambda film: patched(film, b"mvhd", 8, b"\xd0\0\0\0"),
    "a date of a track": lambda film: patched(film, b"tkhd", 8, b"\xd0\0\0\0"),
    "a date of its media": lambda film: patched(film, b"mdhd", 12, b"\xd0\0\0\0"),
    "a language": lambda film: patched(film, b"mdhd", 24, b"\x15\xc7"),
    "a turned picture": lambda film: patched(film, b"tkhd", 44, struct.pack(">4i", 0, 1 << 16, -1 << 16, 0)),
    "an encoder's name": lambda film: patched(film, b"avc1\0\0\0\0\0\0\0\1", 46, b"\x06CANARY"),
    "a maker": lambda film: patched(film, b"avc1\0\0\0\0\0\0\0\1", 16, b"Cnry"),
    "a handler's name": lambda film: patched(film, b"hdlr", 20, b"CNRY"),
    "something in the empty box": lambda film: patched(film, b"free", 5, b"C"),
    "another brand": lambda film: patched(film, b"isomiso2", 0, b"cnry"),
    "an SEI unit": lambda film: patched(film, film[film.index(b"mdat") + 4 :][:8], 4, b"\x06"),
    "a comment in the sound": lambda film: sound_commented(film),
    "a hole between samples": lambda film: patched(film, b"stsz", 16, b"\0\0\0\1"),
    "a table with room": lambda film: patched(film, b"stts", 8, b"\0\0\0\0"),
}


def sound_commented(film: bytes) -> bytes:
    """Turn the first sound into a data element (ISO/IEC 14496-3: DSE is 4)."""
    second = film.index(b"stco", film.index(b"stco") + 4)
    (at,) = struct.unpack_from(">I", film, second + 12)
    return film[:at] + bytes([film[at] & 0x1F | 4 << 5]) + film[at + 1 :]


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_proof_sees_whatever_was_put_into_a_video(clean: bytes, tmp_path: Path, change: object) -> None:
    assert callable(change)
    path = tmp_path / "a.mp4"
    path.write_bytes(change(clean))
    assert path.read_bytes() != clean
    with pytest.raises(NotClean):
        film_samples.prove(path)
