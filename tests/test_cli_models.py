"""`mantel models`: what is there, and installing, verifying and removing from the command line."""

from pathlib import Path

from tests.adapters.small_models import SAMPLE, small_models, stick
from tests.test_cli import Mantel, mantel

KNOWN = ("moondream2", "smolvlm2-500m", "qwen2.5-1.5b-instruct", "picture-embedder", "text-embedder", "faces")
__all__ = ["mantel", "small_models"]


def states(mantel: Mantel) -> dict[str, str]:
    return {model["name"]: model["state"] for model in mantel.answer("models", "list")}


def test_the_catalogue_is_listed_with_purpose_licence_size_and_hash(mantel: Mantel) -> None:
    found = {model["name"]: model for model in mantel.answer("models", "list")}
    assert list(found) == list(KNOWN)
    for model in found.values():
        known = model["kind"] != "text"  # of that file nobody told us size and hash
        assert model["purpose"] and model["licence"] and bool(model["size"]) == known and len(model["sha256"]) == 64 * known
    assert found["moondream2"]["state"] == "missing"


def test_a_folder_is_installed_verified_and_removed(mantel: Mantel) -> None:
    assert mantel.answer("models", "install", SAMPLE)["state"] == "done"
    (name,) = set(states(mantel)) - set(KNOWN)
    assert states(mantel)[name] == "installed"
    assert {one["state"] for one in mantel.answer("models", "verify")} == {"installed"}
    with (mantel.home / "models" / name / "text.gguf").open("r+b") as stream:
        stream.write(b"?")
    (found,) = mantel.answer("models", "verify", name, code=1)
    assert found == {"name": name, "state": "wrong", "faults": ["text.gguf is not what was installed"]}
    assert mantel.answer("models", "remove", name) == {"name": name}
    assert name not in states(mantel)


def test_the_exit_code_tells_what_became_of_it(mantel: Mantel, small_models: Path, tmp_path: Path) -> None:
    source = stick(tmp_path / "stick")
    assert mantel.answer("models", "install", source / "tiny-f16.gguf", code=3)["state"] == "needs"
    assert mantel.answer("models", "install", source / "pictures", code=1)["state"] == "confirm"
    assert mantel.answer("models", "install", source / "pictures", "--confirm", code=1)["state"] == "failed"
    (source / "tiny-mmproj.gguf").write_bytes(b"")
    code, said, _ = mantel("models", "install", source / "tiny-mmproj.gguf")
    assert (code, "0 bytes, and 1,366,912 are right" in said) == (1, True), said


def test_the_words_for_people_tell_the_licence_and_the_hash_to_compare(mantel: Mantel, small_models: Path, tmp_path: Path) -> None:
    source = stick(tmp_path / "stick")
    _, said, _ = mantel("models", "install", source / "pictures")
    assert "Compare with the publisher's, then confirm." in said
    assert "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a  config.json" in said
    _, said, _ = mantel("models", "install", source)
    assert said == "Tiny, by Olive. Licence: Apache-2.0.\nTiny is installed.\n"


def test_what_is_not_there_is_told(mantel: Mantel) -> None:
    for words, complaint in (
        (("install",), "needs to be told what"),
        (("remove", "moondream2"), "moondream2 is not installed"),
        (("install", "/nowhere"), "There is no file or folder /nowhere"),
        (("verify", "moondream2"), "is not installed"),
    ):
        code, _, said = mantel("models", *words)
        assert code in (1, 2)
        assert complaint in said
