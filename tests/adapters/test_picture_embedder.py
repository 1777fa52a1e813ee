"""Pictures and sentences become vectors of one space, served as the original gives them, and refused when damaged."""

import json
import random
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import AutoTokenizer, SiglipImageProcessorPil, SiglipModel

from appliance.adapters import process
from appliance.adapters.picture_embedder import InstalledPictures, PictureEmbedder, WordsEmbedder
from appliance.adapters.picture_model import PICTURE_EMBEDDER, PICTURES, WORDS, installed_version, manifest_of
from appliance.adapters.pixels import Decoder
from appliance.adapters.rgb import Rgb
from appliance.errors import ModelMissing, ModelWrong
from tests.models import sample_pictures
from tests.models.drawing import FONT, render
from tests.models.scenes import Scene, Thing

UMBRELLA = Scene((Thing("umbrella", "red"),), "on a beach")
PIZZA = Scene((Thing("pizza", None),), "in a kitchen")
drawn_only = pytest.mark.skipif(not FONT.exists(), reason="Debian's fonts-noto-color-emoji is not installed")


@pytest.fixture
def own_copy(tmp_path: Path) -> Path:
    """A model folder that a test may damage."""
    folder = tmp_path / "models" / PICTURE_EMBEDDER
    shutil.copytree(sample_pictures.folder(), folder)
    return folder


def test_the_manifest_says_what_it_is_and_how_close_to_the_original() -> None:
    manifest = manifest_of(sample_pictures.folder())
    assert manifest.sample and manifest.model.startswith("sample-siglip-")
    assert (manifest.side, manifest.mean, manifest.std) == (64, (0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
    assert min(manifest.picture_cosine, manifest.words_cosine) >= 0.98
    model = SiglipModel.from_pretrained(sample_pictures.SOURCE, local_files_only=True)
    assert manifest.scale == pytest.approx(float(model.logit_scale.detach().exp()))
    assert manifest.bias == pytest.approx(float(model.logit_bias.detach()))


@drawn_only
def test_what_is_served_is_what_transformers_gives() -> None:
    source, drawing = sample_pictures.SOURCE, render(UMBRELLA, 640, 480, random.Random(3))
    model = SiglipModel.from_pretrained(source, local_files_only=True).eval()
    pixels = SiglipImageProcessorPil.from_pretrained(source)(drawing, return_tensors="pt")["pixel_values"]
    tokenizer = AutoTokenizer.from_pretrained(source, local_files_only=True)
    ids = tokenizer("A red umbrella, on a BEACH!", padding="max_length", truncation=True, return_tensors="pt")["input_ids"]
    with torch.inference_mode():
        seen = torch.nn.functional.normalize(model.vision_model(pixel_values=pixels).pooler_output[0], dim=0).numpy()
        said = torch.nn.functional.normalize(model.text_model(input_ids=ids).pooler_output[0], dim=0).numpy()
    assert float(sample_pictures.pictures().embed(sample_pictures.squeezed(drawing)) @ seen) > 0.98
    assert float(sample_pictures.words().embed("A red umbrella, on a BEACH!") @ said) > 0.98


@drawn_only
def test_a_sentence_is_likelier_of_the_picture_it_is_true_of() -> None:
    embed, words = sample_pictures.pictures().embed, sample_pictures.words()
    umbrella, pizza = (embed(sample_pictures.squeezed(render(scene, 640, 480, random.Random(5)))) for scene in (UMBRELLA, PIZZA))
    assert np.linalg.norm(umbrella) == pytest.approx(1, abs=1e-4)
    assert words.embed("a red umbrella on a beach") @ (umbrella - pizza) > 0
    assert words.embed("pizza in a kitchen") @ (pizza - umbrella) > 0


def test_a_sentence_is_embedded_once_and_any_sentence_can_be() -> None:
    words = sample_pictures.words()
    assert words.embed("a dog on a beach") is words.embed("a dog on a beach")
    for sentence in ("", " ", "\0", "🎂", "写真", "a" * 10_000, "</s> <unk>"):
        assert np.isfinite(words.embed(sentence)).all()


@drawn_only
def test_the_decoder_squeezes_as_the_model_wants_it(tmp_path: Path) -> None:
    drawing = render(UMBRELLA, 640, 480, random.Random(3))
    drawing.save(tmp_path / "drawn.png")
    decoder = Decoder(1)
    try:
        rgb = decoder.square(tmp_path / "drawn.png", 64)
    finally:
        decoder.close()
    assert rgb == sample_pictures.squeezed(drawing)


def test_a_picture_of_another_size_is_refused() -> None:
    from_a_camera = Rgb(2, 1, b"\0" * 6)
    with pytest.raises(ValueError, match="64 × 64"):
        sample_pictures.pictures().embed(from_a_camera)


@pytest.mark.parametrize("name", [PICTURES, WORDS])
def test_a_damaged_tower_is_refused(own_copy: Path, name: str) -> None:
    with (own_copy / name).open("r+b") as file:
        file.seek(50_000)
        file.write(b"damage")
    with pytest.raises(ModelWrong, match=name):
        (PictureEmbedder if name == PICTURES else WordsEmbedder)(own_copy)


@pytest.mark.parametrize("manifest", ["", "{}", '{"model":"x","source":"","licence":"","files":{}}'])
def test_a_damaged_manifest_is_no_model(own_copy: Path, manifest: str) -> None:
    (own_copy / "model.json").write_text(manifest)
    with pytest.raises(ModelWrong):
        WordsEmbedder(own_copy)
    assert installed_version(own_copy.parent) == ""


def test_what_is_not_installed_is_missing_and_what_is_put_there_is_found(tmp_path: Path, own_copy: Path) -> None:
    installed = InstalledPictures(tmp_path / "elsewhere")
    assert installed.version() == ""
    with pytest.raises(ModelMissing, match="Models page"):
        installed.get()
    shutil.copytree(own_copy, tmp_path / "elsewhere" / PICTURE_EMBEDDER)
    assert installed.get().model == installed.version() != ""


def test_a_source_that_is_no_siglip_is_refused_in_one_sentence(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    done = sample_pictures.export(empty, tmp_path / "out")
    assert (done.code, done.stderr.count(b"\n")) == (1, 1) and b"config.json" in done.stderr
    other = tmp_path / "other"
    shutil.copytree(sample_pictures.SOURCE, other)
    settings = json.loads((other / "config.json").read_text())
    settings["text_config"]["vocab_size"] += 1
    (other / "config.json").write_text(json.dumps(settings))
    done = sample_pictures.export(other, tmp_path / "out")
    assert done.code == 1 and b"Traceback" not in done.stderr
    assert not (tmp_path / "out").exists(), "nothing half done is left"


def test_serving_never_loads_torch() -> None:
    script = "import sys, appliance.adapters.picture_embedder; print(sorted({'torch', 'transformers'} & set(sys.modules)))"
    assert process.run([sys.executable, "-c", script], timeout=60).stdout.strip() == b"[]"
