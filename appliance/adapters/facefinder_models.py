"""The two files that faces are found with: where they lie, and how they get there. Imports nothing heavy.

`python -m appliance.adapters.facefinder_models ARCHIVE FOLDER` takes them, and nothing else, out of the source archive of the
package face_recognition_models. The archive also holds a 68-point landmark model whose training data may not be used
commercially (docs/licences.md): Mantel neither unpacks nor loads it.
"""

import shutil
import sys
import tarfile
import tempfile
from pathlib import Path

import msgspec

from appliance.adapters.models_catalogue import MANIFEST, Manifest, checked_manifest, file_sha256
from appliance.errors import MantelError, ModelMissing, ModelWrong, WrongUsage

FACES = "faces"
PRINTS = "dlib_face_recognition_resnet_model_v1.dat"
LANDMARKS = "shape_predictor_5_face_landmarks.dat"
SHA256 = {
    PRINTS: "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30",
    LANDMARKS: "c4b1e9804792707d3a405c2c16a80a20269e6675021f64a41d30fffafbc41888",
}
MODEL = "dlib-resnet-v1"
FIX = "run “make setup”, which puts it in its place"


def face_models_folder(models: Path) -> Path:
    """Return where the models of faces lie: in `models` of the home, else where `make` put them once for every home.

    Raises ModelMissing when they are in neither place.
    """
    for folder in (models / FACES, Path(sys.prefix) / "share" / "mantel" / "models" / FACES):
        if (folder / MANIFEST).is_file():
            return folder
    raise ModelMissing(model="The model of faces", fix=FIX)


def checked_folder(models: Path) -> Path:
    """As `face_models_folder`, after comparing both files with the hashes that Mantel knows; raises ModelWrong too."""
    folder = face_models_folder(models)
    if checked_manifest(folder, MODEL).files != SHA256:
        raise ModelWrong(model=f"The model of faces in {folder}", reason="its manifest names other files than Mantel's")
    return folder


def take_out(archive: Path, folder: Path) -> None:
    """Write the two files of `archive` and their manifest to `folder`, replacing what is there; raises ModelWrong.

    Everything happens in a folder beside it, renamed when the hashes are right.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".faces-") as scratch:
        new = Path(scratch) / FACES
        new.mkdir()
        _unpack(archive, new)
        for name, sha256 in SHA256.items():
            if not (new / name).is_file() or file_sha256(new / name) != sha256:
                raise ModelWrong(model=f"The model of faces in {archive}", reason=f"{name} is missing, or not the known one")
        said = Manifest(MODEL, "face_recognition_models 0.3.0, by Davis King (dlib-models)", "CC0-1.0", SHA256)
        (new / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(said)) + b"\n")
        if folder.exists():
            folder.rename(Path(scratch) / "old")
        new.rename(folder)


def _unpack(archive: Path, folder: Path) -> None:
    with tarfile.open(archive) as members:
        for member in members:
            name = Path(member.name).name
            content = members.extractfile(member) if name in SHA256 and member.isfile() else None
            if content is not None:
                with content, (folder / name).open("wb") as kept:
                    shutil.copyfileobj(content, kept)


def main(*words: str) -> None:
    if len(words) != 2:
        raise WrongUsage(what="usage: python -m appliance.adapters.facefinder_models ARCHIVE FOLDER")
    take_out(Path(words[0]), Path(words[1]))


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except MantelError as error:
        sys.exit(str(error))
