"""Installing the picture model: its published files in, what this machine serves out."""

import json
import shutil
from pathlib import Path

import pytest

from appliance.adapters import models_entries, models_installed
from appliance.adapters.models_catalogue import file_sha256
from appliance.adapters.picture_model import PICTURE_EMBEDDER, folder_of, installed_version
from tests.adapters.test_models_install import install

SOURCE = Path(__file__).parents[1] / "models" / "sample-pictures"


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The catalogue as it is, but with the weights of the sample."""
    written = models_entries.CATALOGUE.read_text(encoding="utf-8")
    weights = models_entries.entry(PICTURE_EMBEDDER).file("model.safetensors")
    assert weights is not None
    written = written.replace(weights.sha256, file_sha256(SOURCE / weights.name))
    written = written.replace("812_672_320", str((SOURCE / weights.name).stat().st_size))
    (tmp_path / "catalogue.toml").write_text(written, encoding="utf-8")
    monkeypatch.setattr(models_entries, "CATALOGUE", tmp_path / "catalogue.toml")
    monkeypatch.setattr(models_entries, "known", models_entries.known.__wrapped__)
    return tmp_path / "models"


def test_the_published_files_become_what_is_served_and_a_copy_of_that_can_be_installed(models: Path, tmp_path: Path) -> None:
    models.mkdir()
    assert install(models, SOURCE).state == "confirm"
    job = install(models, SOURCE, confirmed=True)
    assert (job.model, job.state) == (PICTURE_EMBEDDER, "done"), job.said
    assert installed_version(models).startswith("sample-siglip-")
    assert models_installed.faults(models, PICTURE_EMBEDDER, lambda *_: None) == []
    assert list((models / ".parts").iterdir()) == []
    other = tmp_path / "other"
    other.mkdir()
    assert install(other, folder_of(models)).state == "done"
    assert installed_version(other) == installed_version(models)
    damaged = tmp_path / "damaged"
    shutil.copytree(folder_of(models), damaged)
    said = json.loads((damaged / "model.json").read_bytes())
    (damaged / "model.json").write_text(json.dumps(said | {"files": {**said["files"], "words.onnx": "0" * 64}}), encoding="utf-8")
    assert "words.onnx is not the published file" in install(other, damaged).said
