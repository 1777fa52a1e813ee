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

from appliance.adapters import exiftool, exiftool_window, process
from appliance.adapters.exiftool import MetadataReader
from appliance.adapters.exiftool_window import Window
from appliance.errors import DecoderCrashed, DecoderFailed, ToolMissing
from tests.processes import gone, wait_for

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
    """Write a program that answers the version as exiftool does and everything else with the Perl statements `answer`."""
    path.write_text(
        textwrap.dedent("""\
            #!/usr/bin/perl
            $| = 1;
            while (<STDIN>) {
                chomp($asked = $_) if m{^/};
                if (/^-ver$/) { $version = 1 }
                elsif (/^-execute(.*)$/) {
                    $mark = "{ready$1}";
                    if ($version) { $version = 0; print "12.57\\n$mark\\n" } else { ANSWER }
                }
            }
            """).replace("ANSWER", answer)
    )
    return executable(path)


def executable(path: Path) -> str:
    path.chmod(0o755)
    return str(path)


def process_id(reader: MetadataReader) -> int:
    """Return the process that runs for `reader`; other tests of this process may have readers of their own."""
    assert reader._process.is_alive()
    return int(reader._process._process.pid)


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
    assert not reader._process.is_alive()


def test_an_exiftool_that_never_stops_printing_is_killed(tmp_path: Path, picture: Path) -> None:
    reader = MetadataReader(stand_in(tmp_path / "exiftool", 'print "y\n" while 1'))
    with pytest.raises(DecoderCrashed, match="more metadata"):
        reader.read(picture)


def test_many_warnings_do_not_block(tmp_path: Path, picture: Path) -> None:
    loud = r'print STDERR "!" x 300000; print qq([{"A:B": 1}]\n$mark\n)'
    reader = MetadataReader(stand_in(tmp_path / "exiftool", loud))
    assert reader.read(picture) == {"A:B": 1}
    reader.close()


def test_an_answer_that_makes_no_sense_is_a_failure_of_the_file(tmp_path: Path, picture: Path) -> None:
    reader = MetadataReader(stand_in(tmp_path / "exiftool", r'print "oops $mark\n"'))
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
        theirs = int(ours.stdout.readline())
        assert not gone(theirs)
        ours.kill()
    wait_for(lambda: gone(theirs), "exiftool outlived us")


def test_the_configuration_of_whoever_runs_us_is_not_loaded(picture: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".ExifTool_config").write_text(f"open(my $f, '>', '{tmp_path}/loaded'); 1;")
    monkeypatch.setenv("HOME", str(tmp_path))
    reader = MetadataReader()
    reader.read(picture)
    reader.close()
    assert not (tmp_path / "loaded").exists()


def test_without_exiftool_the_error_names_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "PATH", str(tmp_path))
    with pytest.raises(ToolMissing, match="libimage-exiftool-perl"):
        MetadataReader()


SPY = r"""
    $own = open(F, "<", $asked) ? <F> : "nothing";
    @others = map {{ open(F, "<", $_) ? ($_) : () }} ("{other}", "/etc/passwd", "/proc/1/environ");
    opendir(D, "{folder}") and push @others, "a folder";
    open(F, ">", "{folder}/new") and push @others, "a new file";
    rename("{other}", "{folder}/moved") and push @others, "a new name";
    chmod(0777, "{other}") and push @others, "new rights";
    utime(1, 1, "{other}") and push @others, "a new time";
    socket(S, $_, 1, 0) and push @others, "socket $_" for (1, 2, 10, 16);
    defined(fork) and push @others, "a process";
    system("/bin/true") == 0 and push @others, "a program";
    kill(0, {us}) and push @others, "a signal";
    $secret = join(",", grep {{ /OLIVE/ }} keys %ENV);
    print qq([{{"own": "$own", "others": "@others$secret"}}]\n$mark\n);
"""


def test_a_file_that_takes_exiftool_over_sees_itself_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLIVES_SECRET", "hunter2")
    home = tmp_path / "home"
    originals = home / "originals"
    originals.mkdir(parents=True)
    hostile, other = originals / "hostile.jpg", originals / "other.jpg"
    hostile.write_text("hostile")
    other.write_text("Max's photo")
    before = other.stat()
    program = stand_in(tmp_path / "exiftool", SPY.format(other=other, folder=originals, us=os.getpid()))
    reader = MetadataReader(program, home=home)
    assert reader.read(hostile) == {"own": "hostile", "others": ""}
    reader.close()
    assert (other.read_text(), other.stat().st_mtime_ns, other.stat().st_mode) == (
        "Max's photo",
        before.st_mtime_ns,
        before.st_mode,
    )
    assert sorted(originals.iterdir()) == [hostile, other]


def test_a_file_of_ours_is_not_copied_and_has_one_name_afterwards(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    picture = draw(tmp_path / "picture.jpg")
    window = Window(tmp_path)
    with window.showing(picture) as shown:
        assert shown.samefile(picture)
    assert picture.stat().st_nlink == 1
    window.close()
    assert list((tmp_path / "run").iterdir()) == []


def test_a_file_from_elsewhere_is_copied_and_keeps_its_one_name(tmp_path: Path, picture: Path) -> None:
    window = Window(tmp_path / "home")
    with window.showing(picture) as shown:
        assert shown.read_bytes() == picture.read_bytes()
        assert picture.stat().st_nlink == 1
    window.close()


def test_what_a_killed_process_left_in_its_window_is_cleared_away(tmp_path: Path, picture: Path) -> None:
    left = tmp_path / "home" / "run" / f"{exiftool_window.PREFIX}left"
    left.mkdir(parents=True)
    (left / "file.jpg").hardlink_to(picture)
    living = Window(tmp_path / "home")
    Window(tmp_path / "home").close()
    assert not left.exists()
    assert living.folder.is_dir()
    assert picture.stat().st_nlink == 1
    living.close()
