"""Which vision model is used: the one installed, never the sample unless it is asked for by name."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from appliance.adapters import vision_models
from appliance.errors import ModelMissing, ModelWrong

SAMPLE = Path(__file__).parents[1] / "models" / "sample"


def install(models: Path, name: str, **changes: Any) -> Path:
    """Install the sample pair under `name` with changes to its model.json."""
    folder = models / name
    shutil.copytree(SAMPLE, folder)
    said = json.loads((folder / "model.json").read_bytes())
    (folder / "model.json").write_text(json.dumps(said | {"name": name} | changes), encoding="utf-8")
    return folder


def test_without_a_model_the_error_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="Everything else works without it; install one on the Models page"):
        vision_models.find(tmp_path, "")


def test_the_sample_is_never_chosen_by_itself(tmp_path: Path) -> None:
    install(tmp_path, "sample")
    with pytest.raises(ModelMissing):
        vision_models.find(tmp_path, "")


def test_the_sample_is_used_when_it_is_asked_for_by_name(tmp_path: Path) -> None:
    install(tmp_path, "sample")
    assert vision_models.find(tmp_path, "sample").description.sample


def test_the_only_real_model_is_chosen_beside_the_sample(tmp_path: Path) -> None:
    install(tmp_path, "sample")
    install(tmp_path, "moondream2", sample=False)
    assert vision_models.find(tmp_path, "").description.name == "moondream2"


def test_of_two_real_models_one_has_to_be_named(tmp_path: Path) -> None:
    install(tmp_path, "moondream2", sample=False)
    install(tmp_path, "moondream3", sample=False)
    with pytest.raises(ModelMissing, match="choose one of moondream2, moondream3 with the setting vision_model"):
        vision_models.find(tmp_path, "")


def test_models_for_other_purposes_are_not_vision_models(tmp_path: Path) -> None:
    install(tmp_path, "faces", purpose="faces", sample=False)
    (tmp_path / "text-embedder").mkdir()
    (tmp_path / "text-embedder" / "model.json").write_text("{}", encoding="utf-8")
    assert vision_models.installed(tmp_path) == []


def test_a_name_cannot_lead_out_of_the_models_folder(tmp_path: Path) -> None:
    install(tmp_path / "elsewhere", "sample")
    (tmp_path / "models").mkdir()
    with pytest.raises(ModelMissing):
        vision_models.find(tmp_path / "models", "../elsewhere/sample")


def test_a_description_cannot_name_files_of_another_folder(tmp_path: Path) -> None:
    said = json.loads((SAMPLE / "model.json").read_bytes())
    install(tmp_path, "bad", files=said["files"] | {"text": {"file": "../sample/text.gguf", "sha256": "0" * 64}})
    with pytest.raises(ModelWrong, match="names files of another folder"):
        vision_models.find(tmp_path, "bad")


def test_a_damaged_description_is_told_apart_from_a_missing_one(tmp_path: Path) -> None:
    folder = install(tmp_path, "bad")
    (folder / "model.json").write_text('{"name": 7}', encoding="utf-8")
    with pytest.raises(ModelWrong, match=r"model\.json is damaged"):
        vision_models.find(tmp_path, "bad")


def test_a_flipped_byte_is_found(tmp_path: Path) -> None:
    folder = install(tmp_path, "sample")
    vision_models.verify(vision_models.find(tmp_path, "sample"))
    content = bytearray((folder / "text.gguf").read_bytes())
    content[-5] ^= 1
    (folder / "text.gguf").write_bytes(content)
    with pytest.raises(ModelWrong, match=r"the SHA-256 of text\.gguf differs"):
        vision_models.verify(vision_models.find(tmp_path, "sample"))


def test_the_version_changes_with_the_prompts_and_not_with_the_record(tmp_path: Path) -> None:
    install(tmp_path, "sample")
    install(tmp_path / "other record", "sample", record={})
    install(tmp_path / "other prompt", "sample", prompts={"caption": ["\n\nCaption:"], "question": "{question}"})
    version = vision_models.find(tmp_path, "sample").version
    assert vision_models.find(tmp_path / "other record", "sample").version == version
    assert vision_models.find(tmp_path / "other prompt", "sample").version != version


def test_the_sample_says_that_it_is_one_and_how_good_it_is() -> None:
    said = vision_models.read(SAMPLE).description
    assert said.sample
    assert int(said.record["captions, combinations never seen"]) >= 173
