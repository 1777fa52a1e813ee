"""The search model is prepared once, proven, and refused when it is damaged."""

import shutil
import sys
from pathlib import Path

import pytest

from appliance.adapters import models_catalogue, process
from appliance.adapters.embedder import MODEL, TextEmbedder
from appliance.errors import ModelMissing, ModelWrong


def export(*arguments: str | Path) -> process.Finished:
    return process.run([sys.executable, "-W", "ignore", "-m", "appliance.adapters.models", *arguments], timeout=240)


def test_the_export_writes_a_model_that_serves(tmp_path: Path) -> None:
    folder = tmp_path / "models" / "text-embedder"
    done = export("export", folder)
    assert done.code == 0, done.stderr.decode()
    assert sorted(file.name for file in folder.iterdir()) == ["model.json", "model.onnx", "tokenizer.json"]
    assert [file.name for file in folder.parent.iterdir()] == ["text-embedder"], "nothing half done is left beside it"
    assert TextEmbedder(folder).embed(["a dog"]).shape == (1, 384)


def test_the_export_says_how_it_is_used() -> None:
    done = export("exprot")
    assert (done.code, done.stdout) == (2, b"")
    assert b"export FOLDER" in done.stderr


def test_the_model_of_the_home_comes_before_the_shared_one(tmp_path: Path) -> None:
    shared = models_catalogue.text_embedder_folder(tmp_path)
    assert shared.is_relative_to(sys.prefix)
    own = tmp_path / models_catalogue.TEXT_EMBEDDER
    own.mkdir()
    shutil.copy(shared / models_catalogue.MANIFEST, own)
    assert models_catalogue.text_embedder_folder(tmp_path) == own


def test_a_model_that_is_nowhere_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    with pytest.raises(ModelMissing, match="make run"):
        models_catalogue.text_embedder_folder(tmp_path)
    assert [one.state for one in models_catalogue.installed(tmp_path, MODEL)] == ["missing"]


@pytest.fixture
def own_copy(tmp_path: Path) -> Path:
    """A model folder that a test may damage."""
    folder = tmp_path / models_catalogue.TEXT_EMBEDDER
    shutil.copytree(models_catalogue.text_embedder_folder(tmp_path), folder)
    return folder


def test_an_installed_model_is_listed_with_its_size_and_hash(own_copy: Path) -> None:
    (one,) = models_catalogue.installed(own_copy.parent, MODEL)
    assert one.state == "installed" and one.licence == "Apache-2.0"
    assert one.size > 90_000_000
    assert one.sha256 == models_catalogue.file_sha256(own_copy / "model.onnx")


def test_a_damaged_model_is_refused(own_copy: Path) -> None:
    with (own_copy / "model.onnx").open("r+b") as file:
        file.seek(50_000_000)
        file.write(b"damage")
    with pytest.raises(ModelWrong, match=r"model\.onnx"):
        TextEmbedder(own_copy)
    assert [one.state for one in models_catalogue.installed(own_copy.parent, MODEL)] == ["wrong"]


@pytest.mark.parametrize("manifest", ["", "{}", '{"model":"another","source":"","licence":"","files":{}}'])
def test_a_damaged_manifest_is_refused(own_copy: Path, manifest: str) -> None:
    (own_copy / models_catalogue.MANIFEST).write_text(manifest)
    with pytest.raises(ModelWrong):
        TextEmbedder(own_copy)


def test_a_manifest_cannot_point_outside_its_folder(own_copy: Path) -> None:
    (own_copy / models_catalogue.MANIFEST).write_text(f'{{"model":"{MODEL}","source":"","licence":"","files":{{"../x":"00"}}}}')
    with pytest.raises(ModelWrong):
        TextEmbedder(own_copy)


def test_serving_never_loads_torch() -> None:
    script = "import sys, appliance.adapters.embedder; print(sorted({'torch', 'transformers'} & set(sys.modules)))"
    assert process.run([sys.executable, "-c", script], timeout=60).stdout.strip() == b"[]"
