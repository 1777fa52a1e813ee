"""exiftool survives odd names, broken files, hangs and deaths, and leaves no process behind."""

import os
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from appliance.adapters import exiftool
from appliance.adapters.exiftool import MetadataReader
from appliance.errors import DecoderCrashed, DecoderFailed, ToolMissing

TAKEN = "2019:05:03 12:03:01"
pytestmark = pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")


@pytest.fixture
def reader() -> Iterator[MetadataReader]:
    reader = MetadataReader()
    yield reader
    reader.close()


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    return draw(tmp_path / "picture.jpg")


def draw(path: Path, description: str = "A beach") -> Path:
    exif = Image.Exif()
    exif[0x010E] = description
    exif.get_ifd(0x8769)[0x9003] = TAKEN
    Image.new("RGB", (8, 6)).save(path, "JPEG", exif=exif)
    return path


def stand_in(path: Path, answer: str) -> str:
    """Write a program that answers the version as exiftool does and everything else with the shell lines `answer`."""
    path.write_text(
        textwrap.dedent("""\
            #!/bin/sh
            while read -r line; do
              case "$line" in
                -ver) version=yes ;;
                -execute*) mark="{ready${line#-execute}}"
                  if [ "$version" ]; then version=; printf '12.57\\n%s\\n' "$mark"; else
            ANSWER
                  fi ;;
              esac
            done
            """).replace("ANSWER", answer)
    )
    path.chmod(0o755)
    return str(path)


def process_id(reader: MetadataReader) -> int:
    """Return the process that runs for `reader`, found among the children of this process."""
    children = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    running = [int(child) for file in children for child in file.read_text().split()]
    [found] = [child for child in running if b"-stay_open" in Path(f"/proc/{child}/cmdline").read_bytes()]
    return found


def test_tags_carry_their_group_and_numbers_are_numbers(reader: MetadataReader, picture: Path) -> None:
    tags = reader.read(picture)
    assert tags["ExifIFD:DateTimeOriginal"] == TAKEN
    assert tags["IFD0:ImageDescription"] == "A beach"
    assert (tags["File:ImageWidth"], tags["File:ImageHeight"]) == (8, 6)


@pytest.mark.parametrize(
    "name",
    [
        "-ver.jpg",
        "@list.jpg",
        "|touch x",
        "a b.jpg ",
        "ä\u202e#[CSTR].jpg",
        "*.jpg",
        "line\nbreak.jpg",
        "-execute\n-ver\n.jpg",
        "a\r.jpg",
        "%d.jpg",
    ],
)
def test_no_name_is_taken_for_an_option(reader: MetadataReader, tmp_path: Path, name: str) -> None:
    assert reader.read(draw(tmp_path / name))["ExifIFD:DateTimeOriginal"] == TAKEN
    assert sorted(tmp_path.iterdir()) == [tmp_path / name]


def test_a_name_that_is_not_utf_8_is_read(reader: MetadataReader, tmp_path: Path, picture: Path) -> None:
    odd = tmp_path / os.fsdecode(b"caf\xe9.jpg")
    picture.rename(odd)
    assert reader.read(odd)["ExifIFD:DateTimeOriginal"] == TAKEN


def test_text_that_is_not_utf_8_is_read(reader: MetadataReader, picture: Path) -> None:
    picture.write_bytes(picture.read_bytes().replace(b"A beach", b'\xff\xfe\x80\x01\n"\\'))
    assert "IFD0:ImageDescription" in reader.read(picture)


def test_a_broken_file_gives_what_can_be_read(reader: MetadataReader, tmp_path: Path, picture: Path) -> None:
    cut = tmp_path / "cut.jpg"
    cut.write_bytes(picture.read_bytes()[:150])
    assert reader.read(cut)["File:FileType"] == "JPEG"
    cut.write_bytes(bytes(range(256)))
    assert "ExifTool:Error" in reader.read(cut)
    cut.write_bytes(b"")
    assert "ExifTool:Error" in reader.read(cut)


def test_what_is_no_file_is_refused(reader: MetadataReader, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe", tmp_path / "missing", Path("/dev/zero")):
        with pytest.raises(DecoderFailed):
            reader.read(path)


def test_a_dead_exiftool_is_started_again(reader: MetadataReader, picture: Path) -> None:
    reader.read(picture)
    dead = process_id(reader)
    os.kill(dead, signal.SIGKILL)
    assert reader.read(picture)["ExifIFD:DateTimeOriginal"] == TAKEN
    assert process_id(reader) != dead


def test_an_exiftool_that_dies_again_is_given_up_for_this_file(tmp_path: Path, picture: Path) -> None:
    reader = MetadataReader(stand_in(tmp_path / "exiftool", "exit 3"))
    with pytest.raises(DecoderCrashed, match="died"):
        reader.read(picture)
    reader.close()


def test_an_exiftool_that_hangs_is_killed(tmp_path: Path, picture: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exiftool, "TIMEOUT_SECONDS", 0.5)
    reader = MetadataReader(stand_in(tmp_path / "exiftool", "sleep 60"))
    with pytest.raises(DecoderCrashed, match="longer than"):
        reader.read(picture)
    with pytest.raises(ValueError, match="not enough values"):
        process_id(reader)


def test_an_exiftool_that_never_stops_printing_is_killed(tmp_path: Path, picture: Path) -> None:
    reader = MetadataReader(stand_in(tmp_path / "exiftool", "yes"))
    with pytest.raises(DecoderCrashed, match="more metadata"):
        reader.read(picture)


def test_many_warnings_do_not_block(tmp_path: Path, picture: Path) -> None:
    loud = 'head -c 300000 /dev/zero >&2; printf \'[{"A:B": 1}]\\n%s\\n\' "$mark"'
    reader = MetadataReader(stand_in(tmp_path / "exiftool", loud))
    assert reader.read(picture) == {"A:B": 1}
    reader.close()


def test_an_answer_that_makes_no_sense_is_a_failure_of_the_file(tmp_path: Path, picture: Path) -> None:
    reader = MetadataReader(stand_in(tmp_path / "exiftool", "printf 'oops %s\\n' \"$mark\""))
    with pytest.raises(DecoderFailed):
        reader.read(picture)
    reader.close()


def test_threads_take_turns(reader: MetadataReader, tmp_path: Path) -> None:
    pictures = [draw(tmp_path / f"{number}.jpg", f"Beach {number}") for number in range(12)]
    told: dict[Path, str] = {}
    threads = [
        threading.Thread(target=lambda path=path: told.update({path: reader.read(path)["IFD0:ImageDescription"]}))
        for path in pictures
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == {path: f"Beach {path.stem}" for path in pictures}


def test_a_thread_that_ends_does_not_take_exiftool_with_it(reader: MetadataReader, picture: Path) -> None:
    thread = threading.Thread(target=reader.read, args=(picture,))
    thread.start()
    thread.join()
    before = process_id(reader)
    time.sleep(0.2)
    reader.read(picture)
    assert process_id(reader) == before


def test_killing_us_leaves_no_exiftool_behind(picture: Path) -> None:
    program = f"""
        from pathlib import Path
        from appliance.adapters.exiftool import MetadataReader
        reader = MetadataReader()
        reader.read(Path({str(picture)!r}))
        print(reader._process._process.pid, flush=True)
        input()
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as ours:
        assert ours.stdout
        theirs = Path(f"/proc/{int(ours.stdout.readline())}")
        assert theirs.exists()
        ours.kill()
    for _ in range(50):
        if not theirs.exists() or "Z" in theirs.joinpath("stat").read_text().split()[2]:
            return
        time.sleep(0.1)
    pytest.fail("exiftool outlived us")


def test_the_configuration_of_whoever_runs_us_is_not_loaded(picture: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".ExifTool_config").write_text(f"open(my $f, '>', '{tmp_path}/loaded'); 1;")
    monkeypatch.setenv("HOME", str(tmp_path))
    reader = MetadataReader()
    reader.read(picture)
    reader.close()
    assert not (tmp_path / "loaded").exists()


def test_without_exiftool_the_error_names_the_package() -> None:
    with pytest.raises(ToolMissing, match="libimage-exiftool-perl"):
        MetadataReader("no-such-exiftool")
