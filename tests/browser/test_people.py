"""People in a real browser, from the consent page on, over the real people process and a real vault."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Page

from appliance.people.client import People
from appliance.store.db import Store
from appliance.store.layout import Layout
from tests.browser.conftest import PHONE, Box
from tests.browser.test_every_page import FINISHED, INLINE, SCHEMES, SMALL, UNREACHABLE, assert_accessible
from tests.conftest import PASSWORD
from tests.people.posted import LEFT, MIDDLE, RIGHT, looks, plant
from tests.processes import wait_for
from tests.web.test_serving import ROOT, stop

PASSPHRASE = "four unrelated words here"
MIA = {asset: [(LEFT, looks(0, 0.02 * asset))] for asset in range(1, 7)}
JONAS = {asset: [(RIGHT, looks(50, 0.01 * asset))] for asset in (1, 2, 7, 8)}
STRANGER = {asset: [(MIDDLE, looks(90))] for asset in (4, 5)}


def home_of(box: Box) -> Layout:
    return Layout(Path(box.home))


@pytest.fixture(scope="module")
def people(box: Box) -> Iterator[Box]:
    """Turned on by hand on the consent page; faces are planted in the inbox as the worker would post them."""
    command = [sys.executable, "-m", "appliance", "people", "serve", "--home", str(box.home)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, text=True)
    client = People(home_of(box).people_socket)
    try:
        wait_for(lambda: answers(client), "the people process never answered")
        with box.page() as page:
            turn_on(page)
        layout = home_of(box)
        photos = {asset: [*MIA.get(asset, []), *JONAS.get(asset, []), *STRANGER.get(asset, [])] for asset in range(1, 9)}
        wait_for(lambda: worker_has_looked(layout), "the worker never looked for faces")  # what it says last of a photo counts
        plant(layout, photos)
        wait_for(lambda: client.count().get("face", 0) == 12, "the faces never arrived")
        yield box
    finally:
        stop(process)


def worker_has_looked(layout: Layout) -> bool:
    with closing(Store(layout.database, layout.database_copies)) as store, store.read() as reader:
        return reader.all("SELECT DISTINCT state FROM job WHERE stage='faces'") == [("done",)]


def answers(client: People) -> bool:
    try:
        return not client.state().unlocked
    except Exception as error:  # noqa: BLE001  it is not there yet
        return error is None


def turn_on(page: Page) -> None:
    page.goto("/settings#people")
    page.get_by_role("link", name="What it does, and turning it on").click()
    shoot(page, "people-consent")
    page.get_by_label("A passphrase for People").fill(PASSPHRASE)
    page.get_by_label("The passphrase, once more").fill(PASSPHRASE)
    page.get_by_label("I have read this").check()
    if page.get_by_label("Your own password").count():
        page.get_by_label("Your own password").fill(PASSWORD)
    page.get_by_role("button", name="Turn People on").click()
    page.get_by_text("People is on and unlocked.").wait_for()


SHOTS: dict[str, Path] = {}


def shoot(page: Page, name: str) -> None:
    """Axe in the light and in the dark, nothing wider than the screen, nothing inline; a picture when pictures are asked for."""
    page.wait_for_load_state("networkidle")
    assert page.evaluate(INLINE) == 0, name
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        page.evaluate(FINISHED)
        assert page.evaluate(UNREACHABLE) <= 0, name
        if folder := SHOTS.get("folder"):
            folder.mkdir(exist_ok=True)
            width = (page.viewport_size or {"width": 0})["width"]
            page.screenshot(path=folder / f"{name}-{width}-{scheme}.png", full_page=True)
        assert_accessible(page)
    assert page.evaluate(SMALL) == [], name
    page.emulate_media(color_scheme="light")


@pytest.fixture(scope="module", autouse=True)
def shots(box: Box) -> None:
    if box.shots:
        SHOTS["folder"] = box.shots


def test_a_family_gets_its_names_and_loses_them_again(people: Box) -> None:
    with people.page() as page:
        page.goto("/people")
        shoot(page, "people-unnamed")
        first = page.locator(".face-groups > li").first
        first.get_by_label("Name of the group").fill("Mia")
        first.get_by_role("button", name="Save").click()
        page.get_by_text("Named 6 faces Mia").wait_for()
        page.get_by_role("button", name="Undo").click()
        page.get_by_text("Taken back: Named 6 faces Mia").wait_for()
        assert page.get_by_role("link", name="Mia").count() == 0
        name_first_group(page, "Mia")
        name_first_group(page, "Jonas")
        shoot(page, "people-named")
        one_question_with_the_keyboard(people, page)
        one_person(page)
        the_journal(page)
        locked_and_unlocked(page)


def name_first_group(page: Page, name: str) -> None:
    page.goto("/people")
    first = page.locator(".face-groups > li").first
    first.get_by_label("Name of the group").fill(name)
    first.get_by_role("button", name="Save").click()
    page.get_by_role("link", name=name).wait_for()


def one_question_with_the_keyboard(people: Box, page: Page) -> None:
    plant(home_of(people), {asset: [(MIDDLE, looks(0, 0.03))] for asset in (7, 8)})
    client = People(home_of(people).people_socket)
    wait_for(lambda: client.count().get("face", 0) == 14, "the faces never arrived")  # those of Jonas stay: a person confirmed them
    page.goto("/people")
    page.goto("/people/ask")
    page.get_by_role("heading", name="Is this Mia?").wait_for()
    shoot(page, "people-question")
    page.keyboard.press("e")
    assert page.locator("details[open]").count() == 1
    page.keyboard.press("Escape")
    page.goto("/people/ask")
    page.keyboard.press("y")
    page.get_by_text("as Mia.").wait_for()
    page.keyboard.press("u")
    page.get_by_text("Taken back:").wait_for()
    page.keyboard.press("y")
    page.get_by_role("heading", name="No questions").wait_for()
    shoot(page, "people-no-question")


def one_person(page: Page) -> None:
    page.goto("/people")
    page.get_by_role("link", name="Mia").click()
    page.get_by_role("heading", name="Mia", exact=True).wait_for()
    page.get_by_label("Birthday").fill("2016-05-31")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Changed the birthday of Mia").wait_for()
    shoot(page, "people-person")
    page.get_by_role("link", name="Look through the faces").click()
    shoot(page, "people-faces")
    page.get_by_label("Choose face 1", exact=True).check()
    page.get_by_role("button", name="Split off: not Mia").click()
    page.get_by_text("Split 1 face off Mia").wait_for()
    page.goto("/people/boxes?asset=3")
    shoot(page, "people-box")
    page.get_by_label("Or a new name").fill("Grandma")
    stage = page.locator(".box-stage").bounding_box()
    assert stage
    page.mouse.move(stage["x"] + stage["width"] * 0.5, stage["y"] + stage["height"] * 0.5)
    page.mouse.down()
    page.mouse.move(stage["x"] + stage["width"] * 0.7, stage["y"] + stage["height"] * 0.8, steps=4)
    page.mouse.up()
    assert 19 < float(page.get_by_label("Width").input_value()) < 21
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Drew a box for Grandma").wait_for()


def the_journal(page: Page) -> None:
    page.goto("/people/journal")
    assert page.get_by_role("button", name="Undo: Drew a box for Grandma").count() == 1
    shoot(page, "people-journal")


def locked_and_unlocked(page: Page) -> None:
    page.goto("/people")
    page.get_by_role("button", name="Lock now").click()
    page.get_by_role("heading", name="People is locked").wait_for()
    shoot(page, "people-locked")


def test_without_scripts_and_on_a_phone(people: Box) -> None:
    restart(people)
    with people.page(PHONE, scripts=False) as page:
        page.goto("/people/journal")
        page.get_by_label("Passphrase of People").fill(PASSPHRASE)
        page.get_by_role("button", name="Unlock").click()
        page.get_by_role("heading", name="Journal").wait_for()
    with people.page(PHONE) as page:
        for name, path in (("people", "/people"), ("people-journal", "/people/journal"), ("people-off", "/people/off")):
            page.goto(path)
            shoot(page, name)
        page.goto("/people")
        page.get_by_role("link", name="Mia").click()
        shoot(page, "people-person")
        page.get_by_role("link", name="Look through the faces").click()
        shoot(page, "people-faces")
    with people.page(scripts=False) as page:
        page.goto("/people")
        page.locator(".face-groups > li").first.get_by_role("button", name="Hide").click()
        page.get_by_text("Hid 2 faces.").wait_for()
        page.get_by_role("link", name="that were put away").click()
        page.get_by_label("Choose face 1", exact=True).check()
        page.get_by_role("button", name="Bring back").click()
        page.get_by_text("Brought 1 face back").wait_for()
    # not turned off: the web process ends then, so as to forget; tests/web/test_people.py reads the receipt


def restart(people: Box) -> None:
    """What the process tree does when the vault was locked."""
    command = [sys.executable, "-m", "appliance", "people", "serve", "--home", str(people.home)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, text=True)
    RESTARTED.append(process)
    client = People(home_of(people).people_socket)
    wait_for(lambda: answers(client), "the people process never answered")


RESTARTED: list[subprocess.Popen[str]] = []


@pytest.fixture(scope="module", autouse=True)
def ended() -> Iterator[None]:
    yield
    for process in RESTARTED:
        stop(process)
