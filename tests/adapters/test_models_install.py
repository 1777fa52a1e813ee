"""Installing a model from files: checked, made smaller, whole or not at all, and going on after a kill."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from appliance.adapters import models_install, models_installed, models_jobs, vision_models
from appliance.adapters.models_catalogue import file_sha256
from appliance.adapters.models_jobs import Job
from appliance.adapters.vision_engine import Engine
from appliance.errors import ModelWrong, WrongUsage
from tests.adapters.small_models import SAMPLE, small_models, stick
from tests.models.evaluate import fresh
from tests.models.scenes import caption

__all__ = ["small_models"]


def install(models: Path, source: Path | str, **more: object) -> Job:
    with models_jobs.alone(models):
        job = models_install.begin(models, str(source), **more)  # type: ignore[arg-type]
        return models_install.carry_out(models, job.model)


def loaded_from(models: Path) -> list[str]:
    """What the loaders would find."""
    return [str(path.relative_to(models)) for path in models.glob("*/*") if not path.parent.name.startswith(".")]


def test_a_stick_is_recognised_and_its_text_model_made_smaller(small_models: Path, tmp_path: Path) -> None:
    job = install(small_models, stick(tmp_path / "stick"))
    assert (job.model, job.state) == ("tiny", "done"), job.said
    model = vision_models.find(small_models, "")
    vision_models.verify(model)
    assert model.text.name == "tiny-Q4_K_M.gguf"
    assert model.text.stat().st_size < 0.5 * (SAMPLE / "text.gguf").stat().st_size
    assert model.description.record["SHA-256 of that"] == file_sha256(SAMPLE / "text.gguf")
    assert model.description.files.text.sha256 == file_sha256(model.text)
    assert sorted(path.name for path in small_models.iterdir()) == [".jobs", ".parts", "tiny"]
    assert list((small_models / ".parts").iterdir()) == []


def test_the_smaller_model_still_sees(small_models: Path, tmp_path: Path) -> None:
    install(small_models, stick(tmp_path / "stick"))
    model = vision_models.find(small_models, "tiny")
    engine = Engine(model, threads=1)
    right = 0
    for scene, picture in fresh("any", count=20, seed=7):
        engine.open(picture)
        right += "".join(engine.answer(model.description.prompts.caption[0])).strip() == caption(scene)
    engine.close()
    assert right >= 14, f"{right} of 20"


def test_as_published_means_the_very_files(small_models: Path, tmp_path: Path) -> None:
    install(small_models, stick(tmp_path / "stick"), as_published=True)
    model = vision_models.find(small_models, "tiny")
    assert file_sha256(model.text) == file_sha256(SAMPLE / "text.gguf")


def test_one_file_after_the_other(small_models: Path, tmp_path: Path) -> None:
    source = stick(tmp_path / "stick")
    job = install(small_models, source / "tiny-f16.gguf")
    assert (job.state, job.said) == ("needs", "Tiny still needs tiny-mmproj.gguf. Install that file too.")
    assert loaded_from(small_models) == []
    assert install(small_models, source / "tiny-mmproj.gguf").state == "done"


def test_a_wrong_file_is_refused_and_nothing_of_it_stays(small_models: Path, tmp_path: Path) -> None:
    source = stick(tmp_path / "stick")
    content = bytearray((source / "tiny-f16.gguf").read_bytes())
    content[-9] ^= 1
    (source / "tiny-f16.gguf").write_bytes(content)
    job = install(small_models, source)
    assert job.state == "failed"
    assert "tiny-f16.gguf is not the published file: its SHA-256 is" in job.said
    assert loaded_from(small_models) == []
    assert [path.name for path in (small_models / ".parts" / "tiny").iterdir()] == []


def test_a_file_of_another_size_is_refused_before_it_is_read(small_models: Path, tmp_path: Path) -> None:
    source = stick(tmp_path / "stick")
    with (source / "tiny-f16.gguf").open("ab") as stream:
        stream.write(b"more")
    assert "bytes, and" in install(small_models, source).said


def test_a_refused_file_leaves_the_installed_model_alone(small_models: Path, tmp_path: Path) -> None:
    source = stick(tmp_path / "stick")
    install(small_models, source)
    before = file_sha256(small_models / "tiny" / "model.json")
    (source / "tiny-f16.gguf").write_bytes(b"x")
    assert install(small_models, source).state == "failed"
    assert file_sha256(small_models / "tiny" / "model.json") == before


def test_files_without_a_published_hash_wait_for_the_owner(small_models: Path, tmp_path: Path) -> None:
    source = stick(tmp_path / "stick") / "pictures"
    job = install(small_models, source)
    assert job.state == "confirm"
    assert job.hashes == {"config.json": file_sha256(source / "config.json")}
    assert loaded_from(small_models) == []
    confirmed = install(small_models, source, confirmed=True)
    assert "Pictures was not installed: it could not be prepared" in confirmed.said, "these are no weights"
    assert loaded_from(small_models) == []


def test_a_folder_that_describes_itself_is_installed_as_it_is(small_models: Path) -> None:
    job = install(small_models, SAMPLE)
    assert (job.model, job.state) == (json.loads((SAMPLE / "model.json").read_bytes())["name"], "done")
    assert vision_models.read(small_models / job.model).description == vision_models.read(SAMPLE).description


@pytest.mark.parametrize("name", ["../../elsewhere", "A B", "", ".parts"])
def test_a_folder_cannot_choose_where_it_is_put(small_models: Path, tmp_path: Path, name: str) -> None:
    folder = stick(tmp_path / "stick")
    said = json.loads((SAMPLE / "model.json").read_bytes())
    (folder / "model.json").write_text(json.dumps(said | {"name": name}), encoding="utf-8")
    with pytest.raises(ModelWrong, match="its name may hold"):
        install(small_models, folder)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("nowhere", "There is no file or folder"),
        ("ftp://127.0.0.1/a.gguf", "is not an address that Mantel can fetch from"),
        ("http:///a.gguf", "is not an address that Mantel can fetch from"),
        ("https://olive:secret@127.0.0.1/a.gguf", "with a password in it"),
    ],
)
def test_what_is_no_source_is_refused_in_a_sentence(small_models: Path, source: str, reason: str) -> None:
    with pytest.raises(WrongUsage, match=reason):
        install(small_models, source)


def test_a_file_of_no_known_model_has_to_be_named(small_models: Path, tmp_path: Path) -> None:
    source = stick(tmp_path / "stick") / "holiday.jpg"
    with pytest.raises(WrongUsage, match="does not say which model it is; name it with --model: tiny, pictures"):
        install(small_models, source)
    with pytest.raises(WrongUsage, match=r"holds no file of Tiny; its files are tiny-f16\.gguf, tiny-mmproj\.gguf"):
        install(small_models, source, model="tiny")


def test_a_second_install_waits_for_the_first(small_models: Path, tmp_path: Path) -> None:
    with models_jobs.alone(small_models), pytest.raises(WrongUsage, match="one goes at a time"):
        install(small_models, stick(tmp_path / "stick"))


def test_stopping_keeps_what_is_here(small_models: Path, tmp_path: Path) -> None:
    source = stick(tmp_path / "stick")
    with models_jobs.alone(small_models):
        job = models_install.begin(small_models, str(source))
        models_jobs.ask_to_stop(small_models, job.model)
        assert models_install.carry_out(small_models, job.model).state == "stopped"
    assert install(small_models, source).state == "done"


def test_removing_takes_the_model_and_what_was_gathered(small_models: Path, tmp_path: Path) -> None:
    source = stick(tmp_path / "stick")
    install(small_models, source)
    install(small_models, source / "tiny-f16.gguf")
    models_install.remove(small_models, "tiny")
    assert loaded_from(small_models) == []
    assert not (small_models / ".parts" / "tiny").exists()
    with pytest.raises(WrongUsage, match="tiny is not installed"):
        models_install.remove(small_models, "tiny")
    with pytest.raises(WrongUsage):
        models_install.remove(small_models, "../stick")


KILLED = """
import os, signal, sys
from pathlib import Path
from appliance.adapters import models_entries, models_install, models_jobs
models_entries.CATALOGUE = Path(sys.argv[1])
models = Path(sys.argv[2])
end = sys.argv[4]
def watch(job):
    if end in job.doing:
        os.kill(os.getpid(), signal.SIGKILL)
with models_jobs.alone(models):
    job = models_install.begin(models, sys.argv[3])
    models_install.carry_out(models, job.model, watch)
"""


@pytest.mark.parametrize(
    "moment", ["Copying tiny-f16", "Checking tiny-f16", "Copying tiny-mmproj", "Checking tiny-mmproj", "smaller"]
)
def test_a_kill_at_any_moment_leaves_nothing_half_and_the_next_start_ends_it(
    small_models: Path, tmp_path: Path, moment: str
) -> None:
    source = stick(tmp_path / "stick")
    words: list[str | Path] = [sys.executable, "-c", KILLED, tmp_path / "catalogue.toml", small_models, source, moment]
    assert subprocess.run(words, check=False, capture_output=True).returncode == -signal.SIGKILL
    assert loaded_from(small_models) == []
    left = models_jobs.read(small_models, "tiny")
    assert left is not None and left.state == "running"
    assert not models_jobs.is_running(small_models)
    with models_jobs.alone(small_models):
        assert models_install.carry_out(small_models, "tiny").state == "done"
    vision_models.verify(vision_models.find(small_models, "tiny"))


def test_an_install_that_always_ends_its_process_is_given_up(small_models: Path, tmp_path: Path) -> None:
    job = Job("tiny", source=str(stick(tmp_path / "stick")), state="running", starts=models_jobs.MOST_STARTS)
    models_jobs.write(small_models, job)
    with models_jobs.alone(small_models):
        ended = models_install.carry_out(small_models, "tiny")
    assert (ended.state, "perhaps the memory is too small" in ended.said) == ("failed", True)


def test_a_full_disk_is_told_before_anything_is_copied(small_models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("appliance.adapters.models_gather.KEPT_FREE", 1 << 60)
    job = install(small_models, stick(tmp_path / "stick"))
    assert "There is no room left" in job.said
    assert list((small_models / ".parts" / "tiny").iterdir()) == []


def test_what_is_missing_is_listed_with_what_it_would_be(small_models: Path) -> None:
    assert [one.state for one in models_installed.every(small_models, "?") if one.name != "text-embedder"] == ["missing", "missing"]
