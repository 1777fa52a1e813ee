"""The sample picture model as Mantel serves it, exported once for all tests; and drawn pictures as it looks at them."""

import fcntl
import sys
from functools import cache
from pathlib import Path

from PIL import Image

from appliance.adapters import process
from appliance.adapters.models_catalogue import file_sha256
from appliance.adapters.picture_embedder import PictureEmbedder, WordsEmbedder
from appliance.adapters.picture_model import manifest_of
from appliance.adapters.rgb import Rgb
from appliance.errors import ModelMissing, ModelWrong

SOURCE = Path(__file__).parent / "sample-pictures"
FOLDER = Path(sys.prefix) / "share" / "mantel" / "sample-models" / "picture-embedder"


def export(source: Path, folder: Path) -> process.Finished:
    return process.run(
        [sys.executable, "-W", "ignore", "-m", "appliance.adapters.picture_export", "export", source, folder], timeout=600
    )


@cache
def folder() -> Path:
    """Where `make` exported it; made here when it isn't there, or another one's."""
    FOLDER.parent.mkdir(parents=True, exist_ok=True)
    with (FOLDER.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            fresh = manifest_of(FOLDER).source.endswith(file_sha256(SOURCE / "model.safetensors"))
        except (ModelMissing, ModelWrong):
            fresh = False
        if not fresh:
            done = export(SOURCE, FOLDER)
            assert done.code == 0, done.stderr.decode()
    return FOLDER


@cache
def pictures() -> PictureEmbedder:
    return PictureEmbedder(folder())


@cache
def words() -> WordsEmbedder:
    return WordsEmbedder(folder())


def squeezed(picture: Image.Image) -> Rgb:
    """A picture as the decoder hands it to the model."""
    side = pictures().side
    return Rgb(side, side, picture.convert("RGB").resize((side, side), Image.Resampling.BICUBIC).tobytes())
