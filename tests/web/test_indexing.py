"""The Indexing page: numbers, pause and resume by the owner, failures with their reason and a retry."""

import shutil
from dataclasses import replace

from appliance.accounts.viewer import Viewer
from appliance.adapters import vision_models
from appliance.indexing import nights, pipeline
from appliance.indexing.nights import Rest
from appliance.settings import Settings
from appliance.store.db import Store
from appliance.store.layout import Layout
from tests.adapters.running_vision import SAMPLE
from tests.conftest import Browser, Clock, add_photo, served


def with_jobs(store: Store, layout: Layout) -> int:
    asset_id = add_photo(store, layout)
    with store.write() as writer:
        pipeline.first_jobs(writer, asset_id, "photo", 0)
    return asset_id


def states(store: Store) -> dict[str, str]:
    with store.read() as reader:
        return dict(reader.all("SELECT stage, state FROM job"))


def test_an_empty_box_has_nothing_to_do(olive: Browser) -> None:
    assert "there are no photos here" in olive.get("/indexing").text


def test_captions_that_wait_for_a_model_say_so(olive: Browser, store: Store, layout: Layout) -> None:
    with_jobs(store, layout)
    html = olive.get("/indexing/stages").text
    assert "Captions wait for a vision model" in html and "<html" not in html


def test_the_page_says_how_long_the_captions_take_here(
    settings: Settings, cast: dict[str, Viewer], store: Store, layout: Layout
) -> None:
    shutil.copytree(SAMPLE, layout.models / "sample")
    with_jobs(store, layout)
    with served(replace(settings, vision_model="sample"), Clock()) as made:
        olive = Browser(made).enter(cast["Olive"])
        assert "Nobody knows yet how long the rest takes" in olive.get("/indexing").text
        version = vision_models.read(layout.models / "sample").version
        with store.write() as writer:
            writer.run("INSERT INTO caption_work(model, rest, milliseconds, ended_at) VALUES(?,1,41000,1)", (version,))
        html = olive.get("/indexing").text
        assert "About 1 minute at 41 s a caption." in html and "<dd>1 minute</dd>" in html
        with store.write() as writer:
            nights.choose(writer, Rest("paused"))
        html = olive.get("/indexing").text
        assert "The rest is paused" in html and 'href="/captions"' in html
        assert "1 caption still to be written." in olive.get("/settings").text


def test_a_missing_picture_model_is_told(olive: Browser, store: Store, layout: Layout) -> None:
    with_jobs(store, layout)
    assert "waits for a picture model" in olive.get("/indexing/stages").text
    assert "Install one on the Models page." in olive.get("/settings").text


def test_the_owner_pauses_and_resumes_a_stage(olive: Browser, store: Store, layout: Layout) -> None:
    with_jobs(store, layout)
    assert olive.post("/indexing/pause", data={"stage": "text"}).status_code == 303
    assert "Resume Words in pictures" in olive.get("/indexing").text
    assert "Pause Words in pictures" in olive.post("/indexing/resume", data={"stage": "text"}, headers={"HX-Request": "true"}).text


def test_a_member_sees_the_numbers_and_steers_nothing(max_: Browser, store: Store, layout: Layout) -> None:
    with_jobs(store, layout)
    assert "Pause" not in max_.get("/indexing").text
    for act in ("pause", "resume", "retry"):
        assert max_.post(f"/indexing/{act}", data={"stage": "text"}).status_code == 403


def test_a_failure_shows_its_reason_and_is_retried(olive: Browser, store: Store, layout: Layout) -> None:
    asset_id = with_jobs(store, layout)
    with store.write() as writer:
        writer.run("UPDATE job SET state='failed', reason='out of memory' WHERE stage='text'")
    assert "out of memory" in olive.get("/indexing").text
    olive.post("/indexing/retry", data={"stage": "text", "asset": str(asset_id)})
    assert states(store)["text"] == "waiting"


def test_an_unknown_stage_is_not_found(olive: Browser) -> None:
    assert olive.post("/indexing/pause", data={"stage": "dreams"}).status_code == 404
