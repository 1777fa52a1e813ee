"""The Models page: everybody reads, the owner steers, and what was begun is carried out by a process of its own."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from litestar import Litestar

from appliance.adapters import models_jobs, vision_gpu, vision_models
from appliance.adapters.models_jobs import Job
from appliance.store.layout import Layout
from appliance.web.installing import Installing
from appliance.web.state import Web
from tests.adapters.small_models import SAMPLE, small_models, stick
from tests.conftest import Browser
from tests.processes import wait_for

__all__ = ["small_models"]


def state(layout: Layout, model: str) -> str:
    job = models_jobs.read(layout.models, model)
    return job.state if job else ""


def carried_out(app: Litestar, layout: Layout, model: str, *ends: str) -> None:
    installing = Installing()

    def ended() -> bool:
        installing.step(app.state.web)
        return state(layout, model) in ends

    wait_for(ended, "it was not carried out")


def test_everybody_reads_and_only_the_owner_is_offered_to_steer(olive: Browser, max_: Browser, kit: Browser) -> None:
    for browser in (max_, kit):
        html = browser.get("/models").text
        assert "Moondream 2" in html and "Captions wait" in html and "Apache-2.0" in html
        assert "<form" not in html.split("<main")[1].split("</main>")[0]
    assert 'action="/models/install"' in olive.get("/models").text


@pytest.mark.skipif(bool(vision_gpu.built_for()), reason="llama.cpp here is built for a GPU")
def test_the_page_says_what_llama_can_do_with_a_gpu(app: Litestar, olive: Browser) -> None:
    assert "GPU: not used; llama.cpp here is built for the processor only." in olive.get("/models").text
    web: Web = app.state.web
    app.state.web = replace(web, settings=replace(web.settings, vision_gpu_layers=20))
    html = olive.get("/models").text
    assert "vision_gpu_layers is 20, but llama.cpp here is built for the processor only; the model runs on the processor." in html
    assert "make setup LLAMA=vulkan" in html and "GPU: not used" not in html


def test_the_owner_installs_from_a_folder_verifies_and_removes(app: Litestar, layout: Layout, olive: Browser) -> None:
    assert olive.post("/models/install", data={"source": str(SAMPLE)}).status_code == 303
    assert 'hx-trigger="every 1s"' in olive.get("/models").text
    carried_out(app, layout, "sample", "done")
    assert vision_models.read(layout.models / "sample").description.sample
    html = olive.get("/models").text
    assert "sample is installed." in html and "every 1s" not in html
    assert olive.post("/models/verify", data={"model": "sample"}).status_code == 303
    carried_out(app, layout, "sample", "done")
    assert "Every file is as it was installed." in olive.get("/models").text
    (layout.models / "sample" / "text.gguf").write_bytes(b"rot")
    olive.post("/models/verify", data={"model": "sample"})
    carried_out(app, layout, "sample", "failed")
    assert "text.gguf is not what was installed. Install sample again." in olive.get("/models").text
    answer = olive.post("/models/remove", data={"model": "sample"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200 and 'id="models"' in answer.text and "sample is" not in answer.text
    assert not (layout.models / "sample").exists()


def test_what_cannot_begin_is_said_beside_what_was_typed(olive: Browser, layout: Layout) -> None:
    for source, reason in (
        ("/nowhere/at all", "There is no file or folder"),
        ("", "Type the path"),
        ("ftp://x/y", "is not an address"),
    ):
        answer = olive.post("/models/install", data={"source": source, "hosts": "cdn.example", "as_published": "true"})
        assert answer.status_code == 422
        assert reason in answer.text and 'value="cdn.example"' in answer.text and " checked" in answer.text
    assert models_jobs.every(layout.models) == []


def test_an_install_that_a_kill_cut_off_goes_on_at_the_next_start(app: Litestar, layout: Layout) -> None:
    models_jobs.write(layout.models, Job("sample", source=str(SAMPLE), state="running", starts=1))
    carried_out(app, layout, "sample", "done")


def test_the_process_that_installs_ends_with_the_web_and_goes_on_later(app: Litestar, layout: Layout) -> None:
    models_jobs.write(layout.models, Job("sample", source=str(SAMPLE)))
    installing = Installing()
    installing.step(app.state.web)
    installing.stop()
    assert not models_jobs.is_running(layout.models)
    carried_out(app, layout, "sample", "done")


def test_files_without_a_published_hash_are_shown_and_confirmed(
    layout: Layout, olive: Browser, small_models: Path, tmp_path: Path
) -> None:
    hashes = {"config.json": "ab" * 32}
    source = str(stick(tmp_path / "stick") / "pictures")
    models_jobs.write(layout.models, Job("pictures", source=source, state="confirm", said="Compare them.", hashes=hashes))
    html = olive.get("/models").text
    assert "ab" * 32 in html and "I have compared them: install" in html
    olive.post("/models/confirm", data={"model": "pictures"})
    job = models_jobs.read(layout.models, "pictures")
    assert job is not None and (job.state, job.confirmed) == ("waiting", True)


def test_stopping_marks_it_and_going_on_takes_the_mark_away(layout: Layout, olive: Browser) -> None:
    models_jobs.write(layout.models, Job("moondream2", source="/x", state="running", doing="Copying", done=3 << 30, total=4 << 30))
    html = olive.get("/models/list").text
    assert "Copying: 3.22 GB of 4.29 GB" in html
    olive.post("/models/stop", data={"model": "moondream2"})
    assert models_jobs.should_stop(layout.models, "moondream2")
    models_jobs.write(layout.models, Job("moondream2", source="/x", state="stopped", said="Stopped."))
    assert olive.post("/models/again", data={"model": "moondream2"}).status_code == 303
    assert not models_jobs.should_stop(layout.models, "moondream2")
    assert state(layout, "moondream2") == "waiting"


def test_what_a_job_says_is_escaped(layout: Layout, olive: Browser) -> None:
    said = "<script>alert(1)</script>"
    job = Job("moondream2", source="/x", state="confirm", said=said, hashes={said: said})
    models_jobs.write(layout.models, job)
    assert said not in olive.get("/models").text


def test_a_damaged_job_file_costs_no_page(layout: Layout, olive: Browser) -> None:
    models_jobs.write(layout.models, Job("moondream2"))
    (layout.models / ".jobs" / "moondream2.json").write_text(json.dumps({"model": 7}), encoding="utf-8")
    assert olive.get("/models").status_code == 200
