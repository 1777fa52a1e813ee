"""Installing a text model by the same path: from its one file, whose hash the owner compares, and from a folder of another box."""

import shutil
from pathlib import Path

from appliance.adapters import models_entries, models_installed, text_models, vision_models
from appliance.adapters.embedder import MODEL
from appliance.adapters.models_catalogue import file_sha256
from tests.adapters.running_vision import SAMPLE_TEXT
from tests.adapters.test_models_install import install

QWEN = "qwen2.5-1.5b-instruct"
FILE = f"{QWEN}-q4_k_m.gguf"


def published(folder: Path) -> Path:
    """The sample's weights under the name that the catalogue's text model is published by."""
    folder.mkdir()
    return Path(shutil.copy(SAMPLE_TEXT / "text.gguf", folder / FILE))


def test_its_file_is_recognised_and_waits_until_the_owner_compared_its_hash(tmp_path: Path) -> None:
    source, models = published(tmp_path / "stick"), tmp_path / "models"
    waiting = install(models, source)
    assert (waiting.model, waiting.state, waiting.hashes) == (QWEN, "confirm", {FILE: file_sha256(source)})
    assert text_models.in_use(models, "") is None
    assert install(models, source, confirmed=True).state == "done"
    model = text_models.in_use(models, "")
    assert model is not None
    text_models.verify(model)
    known = models_entries.entry(QWEN).text
    assert known is not None and model.description.prompts == known.prompts
    assert "not published" in next(iter(model.description.record.keys() - {"published as"}))
    assert vision_models.installed(models) == [], "it looks at no pictures"


def test_a_folder_of_another_box_is_installed_as_it_is_and_listed(tmp_path: Path) -> None:
    models = tmp_path / "models"
    assert install(models, SAMPLE_TEXT).state == "done"
    assert text_models.read(models / "sample-text").description == text_models.read(SAMPLE_TEXT).description
    listed = {one.name: one for one in models_installed.every(models, MODEL)}
    assert (listed["sample-text"].kind, listed["sample-text"].state) == ("text", "installed")
    assert (listed[QWEN].kind, listed[QWEN].state) == ("text", "missing")
    assert models_installed.faults(models, "sample-text", lambda doing, done, total: None) == []


def test_it_is_verified_and_removed_like_any_other(tmp_path: Path) -> None:
    models = tmp_path / "models"
    install(models, SAMPLE_TEXT)
    with (models / "sample-text" / "text.gguf").open("r+b") as stream:
        stream.write(b"gone")
    faults = models_installed.faults(models, "sample-text", lambda doing, done, total: None)
    assert faults == ["text.gguf is not what was installed"]
    assert models_installed.remove_folder(models, "sample-text")
    assert text_models.installed(models) == []
