"""`mantel ask` with a vision model: a question about one picture is answered, “find every …” begins an inspection."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.store.db import Store
from appliance.store.layout import Layout
from tests.adapters.running_vision import Running
from tests.library.test_ingest import written
from tests.test_cli import Mantel, mantel
from tests.web.test_look import add_umbrella, install_sample

__all__ = ["mantel"]


@pytest.fixture
def umbrella(mantel: Mantel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A library of one photo, which shows a red umbrella on a beach, with the sample model running."""
    monkeypatch.setenv("MANTEL_VISION_MODEL", "sample")
    mantel("init", "--owner", "Olive", "--password-file", written(tmp_path / "password", b"correct horse battery"))
    layout = Layout(mantel.home)
    store = Store(layout.database, layout.database_copies)
    asset_id = add_umbrella(store, layout)
    store.close()
    install_sample(layout)
    running = Running(layout.run).wait_until_it_answers()
    yield asset_id
    running.stop()


def test_a_question_about_the_one_photo_found_is_answered_by_the_model(mantel: Mantel, umbrella: int) -> None:
    first = mantel.answer("ask", "photos from 2024")
    talk = ("--conversation", str(first["conversation"]))
    looked = mantel.answer("ask", "Describe this image.", *talk)
    assert (looked["intent"], looked["answer"], looked["evidence"]) == ("look", "A red umbrella on a beach.", [umbrella])


def test_find_every_tells_the_inspection_that_it_began(mantel: Mantel, umbrella: int) -> None:
    asked = mantel.answer("ask", "find every umbrella from 2024")
    assert asked["intent"] == "check"
    assert f"/inspections/{asked['inspection']}" in asked["answer"]
