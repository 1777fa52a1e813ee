"""The `mantel` command, run as people run it: exit codes, JSON, one sentence on standard error, and kill -9."""

import hashlib
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from appliance.adapters import vision_gpu
from appliance.cli import main
from appliance.cli_add import found
from appliance.cli_output import plain
from appliance.store.db import Store
from tests import drawn
from tests.library.test_ingest import XMP, files_in, photo, written

KILLS = 8


class Mantel:
    """Runs commands over one home, in this process."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home = home
        self._capsys = capsys

    def __call__(self, *words: str | Path) -> tuple[int, str, str]:
        """Return exit code, standard output and standard error."""
        self._capsys.readouterr()
        code = main([str(words[0]), "--home", str(self.home), *map(str, words[1:])])
        return code, *self._capsys.readouterr()

    def answer(self, *words: str | Path, code: int = 0) -> Any:
        """Return the JSON document of a command that must end with `code`."""
        ended, said, complaint = self(*words, "--json")
        assert ended == code, complaint
        return json.loads(said)


@pytest.fixture
def mantel(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Mantel:
    return Mantel(tmp_path / "home", capsys)


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Three photos, one of them twice, a sidecar, a hidden file, a link and something that is no picture."""
    folder = tmp_path / "pictures"
    photo(folder / "a.jpg", taken="2024:07:14 10:00:00")
    photo(folder / "b" / "b.jpg", taken="2019:01:02 03:04:05", text="same")
    photo(folder / "b" / "copy of b.jpg", taken="2019:01:02 03:04:05", text="same")
    written(folder / "c.png", drawn.picture("png", text="c"))
    written(folder / "a.xmp", XMP)
    written(folder / ".hidden.jpg", drawn.picture("jpeg"))
    written(folder / "letter.txt", b"dear all")
    (folder / "d.jpg").symlink_to(folder / "a.jpg")
    return folder


def test_init_makes_a_home_once(mantel: Mantel, tmp_path: Path) -> None:
    password = written(tmp_path / "password", b"correct horse battery\n")
    document = mantel.answer("init", "--owner", "Olive", "--password-file", password)
    assert document == {"home": str(mantel.home), "owner_id": 1}
    code, said, complaint = mantel("init", "--owner", "Stan", "--password-file", password)
    assert (code, said) == (1, "")
    assert complaint.count("\n") == 1
    code, said, _ = mantel("setup-link")
    assert code == 1
    assert "owner already" in said


@pytest.mark.parametrize(
    "words",
    [
        ["paint"],
        ["show", "one"],
        ["add"],
        ["add", "/nowhere/at/all"],
        ["find"],
        ["find", "--like", "0"],
        ["find", "dogs", "--limit", "-1"],
        ["find", "dogs", "--today", "yesterday"],
        ["index", "--stage", "cooking"],
        ["init", "--owner", "Olive", "--password-file", "/nowhere"],
        ["serve", "--photos", "/nowhere"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_one_sentence_and_code_2(mantel: Mantel, words: list[str], tmp_path: Path) -> None:
    if words[0] in ("index", "find"):
        mantel("add", photo(tmp_path / "a.jpg"))
    code, said, complaint = mantel(*words)
    assert (code, said) == (2, "")
    assert complaint.startswith("mantel: ")
    assert complaint.count("\n") == 1


@pytest.mark.parametrize("words", [["show", "1"], ["find", "dogs"], ["verify"], ["index"], ["describe", "1", "x"]], ids=" ".join)
def test_without_a_library_it_says_how_to_begin(mantel: Mantel, words: list[str]) -> None:
    code, _, complaint = mantel(*words)
    assert code == 1
    assert "mantel init" in complaint
    assert not mantel.home.exists()


def test_add_tells_what_became_of_every_file(mantel: Mantel, pictures: Path) -> None:
    document = mantel.answer("add", pictures, code=3)
    assert (document["added"], document["already_here"]) == (3, 1)
    assert [Path(refused["path"]).name for refused in document["refused"]] == ["letter.txt"]
    assert [Path(sidecar).name for sidecar in document["sidecars"]] == ["a.xmp"]
    assert [Path(asset["path"]).name for asset in document["assets"]] == ["a.jpg", "c.png", "b.jpg", "copy of b.jpg"]
    again = mantel.answer("add", pictures / "a.jpg", pictures / "b")
    assert (again["added"], again["already_here"], again["refused"]) == (0, 3, [])
    assert "2024/2024-07-14/a.jpg.xmp" in files_in(mantel.home / "originals")
    assert mantel("verify") == (0, "", "")
    assert mantel.answer("verify", "--hash") == {"differences": []}


def test_add_refuses_when_nothing_could_be_added(mantel: Mantel, pictures: Path) -> None:
    document = mantel.answer("add", pictures / "letter.txt", code=1)
    assert document["refused"][0]["reason"]


def test_add_does_not_eat_its_own_home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mantel = Mantel(tmp_path / "pictures" / "home", capsys)
    photo(tmp_path / "pictures" / "a.jpg")
    mantel.answer("add", tmp_path / "pictures")
    assert mantel.answer("add", tmp_path / "pictures")["already_here"] == 1


def test_files_are_found_in_order_and_through_no_link(pictures: Path) -> None:
    (pictures / "loop").symlink_to(pictures)
    names = [file.relative_to(pictures).as_posix() for file in found(pictures, leave_out=Path("/nowhere"))]
    assert names == ["a.jpg", "a.xmp", "c.png", "letter.txt", "b/b.jpg", "b/copy of b.jpg"]


def test_a_name_that_is_no_utf8_stops_nothing(mantel: Mantel, pictures: Path) -> None:
    name = os.fsdecode(b"caf\xe9")
    password = written(pictures.parent / "password", b"correct horse battery\n")
    mantel.answer("init", "--owner", "Olive", "--password-file", password)
    (pictures / "a.jpg").rename(pictures / f"{name}.jpg")
    (pictures / "letter.txt").rename(pictures / f"{name}.txt")
    document = mantel.answer("add", pictures, code=3)
    assert document["added"] == 3
    assert [Path(entry["path"]).name for entry in document["refused"]] == ["caf\ufffd.txt"]
    assert "caf\ufffd.jpg" in {mantel.answer("show", asset["id"])["file_name"] for asset in document["assets"]}
    assert mantel("add", pictures)[0] == 3
    mantel.answer("ask", f"photos of a {name}")
    (mantel.home / "originals" / name).write_bytes(b"stray")
    assert [difference["subject"] for difference in mantel.answer("verify", code=1)["differences"]] == ["caf\ufffd"]


def test_home_and_json_may_stand_before_the_command(mantel: Mantel, pictures: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mantel.answer("add", pictures / "a.jpg")
    assert main(["--home", str(mantel.home), "--json", "show", "1"]) == 0
    assert json.loads(capsys.readouterr().out)["file_name"] == "a.jpg"
    assert main(["--home", "/nowhere", "--json", "show", "1", "--home", str(mantel.home)]) == 0


def test_a_name_that_is_none_leaves_no_home(mantel: Mantel, tmp_path: Path) -> None:
    password = written(tmp_path / "password", b"correct horse battery\n")
    assert mantel("init", "--owner", " ", "--password-file", password)[0] == 2
    assert mantel("init", "--owner", "Olive", "--password-file", password)[0] == 0


def test_a_number_larger_than_any_id_is_not_found(mantel: Mantel, pictures: Path) -> None:
    mantel.answer("add", pictures / "a.jpg")
    for words in (("show", str(2**64)), ("describe", str(2**64), "words"), ("ask", "dogs", "--conversation", str(2**64))):
        code, _, complaint = mantel(*words)
        assert (code, complaint.count("\n")) == (1, 1)


def test_describing_keeps_the_words_of_the_place(mantel: Mantel, pictures: Path) -> None:
    mantel.answer("add", pictures / "a.jpg")
    with closing(Store(mantel.home / "mantel.db", mantel.home)) as store, store.write() as writer:
        writer.run("UPDATE asset SET country='IT', town='Roma' WHERE id=1")
    mantel.answer("describe", "1", "our holiday")
    with closing(Store(mantel.home / "mantel.db", mantel.home)) as store, store.read() as reader:
        assert reader.all("SELECT rowid FROM words WHERE words MATCH 'italy'") == [(1,)]


def test_show_find_ask_and_describe(mantel: Mantel, pictures: Path) -> None:
    assets = {Path(asset["path"]).name: asset["id"] for asset in mantel.answer("add", pictures, code=3)["assets"]}
    shown = mantel.answer("show", str(assets["a.jpg"]))
    assert shown["place"] == {"country": "IT", "region": shown["place"]["region"], "town": "Rome"}
    assert (shown["camera"], shown["capture_time"], shown["time_source"]) == ("Canon EOS 80D", "2024-07-14T10:00:00", "exif")
    assert shown["stages"]["metadata"]["state"] == "done"
    assert mantel.answer("describe", str(assets["a.jpg"]), "The tent blew away")["description"] == "The tent blew away"
    by_words = mantel.answer("find", "tent")
    assert [hit["id"] for hit in by_words["hits"]] == [assets["a.jpg"]]
    assert by_words["hits"][0]["why"]
    by_date = mantel.answer("find", "photos from 2019")
    assert by_date["total"] == 1
    assert by_date["query"]["filters"]["dates"]
    relative = mantel.answer("find", "photos from last year", "--today", "2020-05-01")
    assert [hit["id"] for hit in relative["hits"]] == [hit["id"] for hit in by_date["hits"]]
    asked = mantel.answer("ask", "how many photos from Rome?")
    assert (asked["intent"], sorted(asked["evidence"])) == ("count", sorted(hit["id"] for hit in asked["hits"]))
    code, _, complaint = mantel("show", "99")
    assert code == 1
    assert "nothing here" in complaint


def test_many_sentences_are_answered_a_line_each(mantel: Mantel, pictures: Path, tmp_path: Path) -> None:
    mantel.answer("add", pictures, code=3)
    sentences = written(tmp_path / "sentences", b"photos from 2019\nzebras on the moon\n")
    code, said, _ = mantel("find", "--from", sentences)
    assert code == 0
    assert [json.loads(line)["total"] for line in said.splitlines()] == [1, 0]


def test_what_is_like_a_photo_can_be_asked_with_and_without_words(mantel: Mantel, pictures: Path) -> None:
    mantel.answer("add", pictures, code=3)
    mantel.answer("describe", "1", "a dog on the grass")
    mantel.answer("describe", "2", "a puppy in a meadow")
    for stage in ("derivatives", "embedding"):
        mantel.answer("index", "--wait", "--stage", stage)
    for words in (["--like", "1"], ["--like", "1", "in a meadow"]):
        found = mantel.answer("find", *words)
        assert found["query"]["filters"]["like"] == [1]
        assert ([hit["id"] for hit in found["hits"]], found["maybe"]) == ([2], [])
        assert found["hits"][0]["why"][-1] == {"kind": "looks", "text": "like photo 1"}


def test_a_conversation_is_followed_up(mantel: Mantel, pictures: Path, tmp_path: Path) -> None:
    mantel("init", "--owner", "Olive", "--password-file", written(tmp_path / "password", b"correct horse battery"))
    mantel.answer("add", pictures, code=3)
    first = mantel.answer("ask", "photos from Italy")
    second = mantel.answer("ask", "only 2019", "--conversation", str(first["conversation"]))
    assert second["conversation"] == first["conversation"]
    assert len(second["hits"]) < len(first["hits"])
    talk = ("--conversation", str(first["conversation"]))
    back = mantel.answer("ask", "back", *talk)
    assert (back["intent"], [hit["id"] for hit in back["hits"]]) == ("back", [hit["id"] for hit in first["hits"]])
    third = mantel.answer("ask", "the second", *talk)
    assert [hit["id"] for hit in third["hits"]] == [first["hits"][1]["id"]]
    taken = mantel.answer("ask", "when was this taken?", *talk)
    assert (taken["intent"], taken["evidence"]) == ("when", [first["hits"][1]["id"]])
    album = mantel.answer("ask", "make an album called Italy of these", *talk)
    assert album["action"] == {"kind": "album", "name": "Italy", "assets": [first["hits"][1]["id"]]}
    assert mantel.answer("ask", "hide and seek", *talk)["action"] is None


def test_the_box_answers_for_itself(mantel: Mantel, pictures: Path) -> None:
    mantel.answer("add", pictures, code=3)
    many = mantel.answer("ask", "how many photos are there?")
    assert many["answer"].startswith("3 photos and 0 videos. The oldest is of 2 January 2019")
    assert (many["intent"], many["hits"], len(many["evidence"])) == ("box", [], 2)
    assert "No backup is set up" in mantel.answer("ask", "is my library backed up?")["answer"]
    assert mantel.answer("ask", "more photos from 2019 or 2024?")["intent"] == "compare"


def test_index_waits_pauses_and_resumes(mantel: Mantel, pictures: Path) -> None:
    mantel.answer("add", pictures / "a.jpg")
    mantel.answer("index", "--pause", "text")
    stages = {stage["stage"]: stage for stage in mantel.answer("index", "--wait")["stages"]}
    assert stages["derivatives"]["done"] == 1
    assert (stages["text"]["paused"], stages["text"]["waiting"]) == (True, 1)
    stages = {stage["stage"]: stage for stage in mantel.answer("index", "--resume", "text", "--wait")["stages"]}
    assert (stages["text"]["done"], stages["text"]["failed"], stages["caption"]["waiting"]) == (1, 0, 1)
    assert (stages["caption"]["waits_for"], stages["text"]["waits_for"]) == ("model", None)
    assert (stages["caption"]["days_left"], "days_left" in stages["text"]) == (None, False)
    assert re.search("caption .*Waiting for a model\n", mantel("index")[1])


def test_doctor_and_models_are_honest(mantel: Mantel) -> None:
    checks = {check["name"]: check for check in mantel.answer("doctor", code=1)["checks"]}
    assert not checks["home"]["ok"]
    assert checks["exiftool"]["ok"]
    assert not checks["vision model"]["ok"]
    assert checks["vision model"]["fix"]
    assert {model["state"] for model in mantel.answer("models", "list")} <= {"installed", "missing", "wrong"}


@pytest.mark.skipif(bool(vision_gpu.built_for()), reason="llama.cpp here is built for a GPU")
def test_doctor_says_what_llama_can_do_with_a_gpu_and_what_it_cannot(mantel: Mantel, monkeypatch: pytest.MonkeyPatch) -> None:
    (check,) = (check for check in mantel.answer("doctor", code=1)["checks"] if check["name"] == "GPU")
    assert check["ok"] and check["detail"] == "not used; llama.cpp here is built for the processor only"
    monkeypatch.setenv("MANTEL_VISION_GPU_LAYERS", "20")
    (check,) = (check for check in mantel.answer("doctor", code=1)["checks"] if check["name"] == "GPU")
    assert not check["ok"] and not check["needed"]
    assert "the model runs on the processor" in check["detail"] and "make setup LLAMA=vulkan" in check["fix"]
    monkeypatch.setenv("MANTEL_VISION_ADDRESS", "https://192.0.2.1:8443")
    assert "GPU" not in {check["name"] for check in mantel.answer("doctor", code=1)["checks"]}


def test_names_cannot_play_with_the_terminal() -> None:
    assert plain("dog\x1b[2J\u202e.jpg\n") == "dog [2J .jpg "


def test_help_is_there_for_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    assert "doctor" in capsys.readouterr().out


@pytest.fixture
def album(tmp_path: Path) -> Path:
    folder = tmp_path / "album"
    for number in range(24):
        photo(folder / f"IMG_{number:04}.JPG", taken=f"2024:07:{number % 3 + 10} 10:00:00", text=str(number))
    return folder


def started(home: Path, *words: str | Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "appliance", str(words[0]), "--home", str(home), *map(str, words[1:])]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)


def test_killed_again_and_again_nothing_is_lost_or_doubled(mantel: Mantel, album: Path) -> None:
    dice = random.Random(4)
    given = {hashlib.sha256(file.read_bytes()).hexdigest() for file in album.iterdir()}
    for _ in range(KILLS):
        with started(mantel.home, "add", album) as process:
            deadline = time.monotonic() + 60
            before = len(files_in(mantel.home / "originals"))
            while len(files_in(mantel.home / "originals")) <= before and process.poll() is None:
                assert time.monotonic() < deadline
                time.sleep(0.01)
            time.sleep(dice.uniform(0, 0.4))
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
    document = mantel.answer("add", album)
    assert {asset["sha256"] for asset in document["assets"]} == given
    assert len({asset["id"] for asset in document["assets"]}) == len(given)
    assert mantel("verify", "--hash") == (0, "", "")
    assert {hashlib.sha256(file.read_bytes()).hexdigest() for file in album.iterdir()} == given
    assert list((mantel.home / "incoming").iterdir()) == []


def test_a_home_that_cannot_be_used_is_told_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mantel = Mantel(written(tmp_path / "a file", b"") / "home", capsys)
    code, said, complaint = mantel("add", photo(tmp_path / "a.jpg"))
    assert (code, said) == (1, "")
    assert complaint.startswith("mantel: ")
    assert complaint.count("\n") == 1
