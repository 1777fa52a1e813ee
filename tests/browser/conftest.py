"""A real browser on a real Mantel: Chromium against `mantel web` and `mantel worker`, over a drawn library."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect, sync_playwright

from appliance.store.layout import Layout
from tests.adapters.running_vision import SAMPLE_TEXT, Running
from tests.browser import library
from tests.conftest import PASSWORD
from tests.processes import wait_for
from tests.web.test_serving import ROOT, serving, stop

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
]  # fmt: skip
expect.set_options(timeout=30_000)  # a busy machine is no failure
WIDE, PHONE = (1280, 860), (390, 844)


@dataclass
class Box:
    """A running Mantel, who is logged in, and what the browser asked for."""

    url: str
    home: Path
    browser: Browser
    state: StorageState | None = None
    shots: Path | None = None
    foreign: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    @contextmanager
    def page(
        self, size: tuple[int, int] = WIDE, scheme: str = "light", *, scripts: bool = True, may_complain: bool = False
    ) -> Iterator[Page]:
        """A page as Olive; when it closes, every request must have stayed here and the console must be silent."""
        self.foreign.clear()
        self.said.clear()
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if scheme == "dark" else "light",
            storage_state=self.state,
            java_script_enabled=scripts,
            base_url=self.url,
        )
        page = context.new_page()
        page.on("request", lambda request: self._look(request.url))
        page.on("console", lambda message: self.said.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("dialog", lambda dialog: self.said.append(f"dialog: {dialog.message}"))
        try:
            yield page
        finally:
            context.close()
        assert not self.foreign, f"requests that left the box: {self.foreign}"
        assert may_complain or not self.said, f"the console said: {self.said}"

    def _look(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob", "about") and parts.hostname != "127.0.0.1":
            self.foreign.append(url)


@pytest.fixture(scope="session")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    if not Path(CHROMIUM).exists():
        pytest.skip("Chromium is not installed; “make test” installs it")
    home, work = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("work")
    library.build(home, work)
    shutil.copytree(SAMPLE_TEXT, Layout(home).models / "sample-text")
    (home / "mantel.toml").write_text('text_model = "sample-text"\n', encoding="utf-8")
    reading = Running(Layout(home).run, model=None, text=SAMPLE_TEXT)
    command = [sys.executable, "-m", "appliance", "worker", "--home", str(home)]
    worker = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, text=True)
    try:
        with serving(home, "appliance", "web") as (web, url), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            shots = os.environ.get("MANTEL_SHOTS")
            made = Box(url, home, browser, shots=Path(shots) if shots else None)
            log_in(made)
            wait_for(lambda: knows_places(made), "the names of places never loaded")
            yield made
            browser.close()
            stop(web)
    finally:
        stop(worker)
        reading.stop()
        shutil.rmtree(work, ignore_errors=True)


def knows_places(box: Box) -> bool:
    """The names of places load while the first pages are served already."""
    with box.page() as page:
        page.goto("/ask?q=photos+from+Rome")
        return page.get_by_role("link", name="Rome: leave this out").count() > 0


def log_in(box: Box) -> None:
    with box.page() as page:
        page.goto("/login")
        page.get_by_label("Name").fill("Olive")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.get_by_role("heading", name="What would you like to see?").wait_for()
        box.state = page.context.storage_state()
