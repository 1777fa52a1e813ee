"""Names in sidecars because the owner asked for it, by the command line and the real people process."""

from collections.abc import Iterator

import pytest

from appliance import cli
from appliance.people.client import People
from appliance.people.faces import Box
from appliance.people.protocol_persons import Draw
from appliance.people.turning import turn_on
from appliance.settings import Settings
from appliance.store.db import Store
from appliance.store.layout import Layout
from tests.conftest import START, Clock, add_photo
from tests.people.people import PASSPHRASE, serving_people


@pytest.fixture
def people(store: Store, layout: Layout, clock: Clock) -> Iterator[People]:
    for name in ("a.jpg", "b.jpg"):
        add_photo(store, layout, name)
    with store.write() as writer:
        writer.run("UPDATE asset SET width=4000, height=3000")
    with serving_people(layout, clock) as client:
        turn_on(store, layout, client, passphrase=PASSPHRASE, user_id=None, viewers="owner", now=START)
        client.decide(Draw(START, 1, 1, Box(0.1, 0.1, 0.2, 0.2), None, "Mia"))
        yield client


def sidecars(layout: Layout) -> list[str]:
    return sorted(path.name for path in layout.originals.rglob("*.xmp"))


def run(settings: Settings, *words: str) -> int:
    return cli.main(["people", *words[:1], "--home", str(settings.home), *words[1:]])


@pytest.mark.usefixtures("people")
def test_names_are_exported_and_taken_back(settings: Settings, layout: Layout, store: Store) -> None:
    assert run(settings, "export") != 0
    assert sidecars(layout) == [], "first it says what that means"
    assert run(settings, "export", "--confirm") == 0
    assert sidecars(layout) == ["a.jpg.xmp"]
    assert "Mia" in next(layout.originals.rglob("*.xmp")).read_text()
    assert run(settings, "export", "--remove", "--confirm") == 0
    assert sidecars(layout) == []
    with store.read() as reader:
        said = reader.all("SELECT action, subjects FROM audit WHERE action LIKE 'people.export%' ORDER BY id")
    assert said == [("people.exported", "[]"), ("people.export_removed", "[]")]


@pytest.mark.usefixtures("people")
def test_show_names_people_only_when_asked(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    at = ["--home", str(settings.home)]
    assert cli.main(["show", *at, "1"]) == 0
    assert "Mia" not in capsys.readouterr().out
    assert cli.main(["show", *at, "1", "--people"]) == 0
    assert "people: Mia" in capsys.readouterr().out


def test_nothing_is_exported_while_locked(settings: Settings, layout: Layout, people: People) -> None:
    people.lock()
    assert cli.main(["show", "--home", str(settings.home), "1", "--people"]) != 0
    assert run(settings, "export", "--confirm") != 0
    assert sidecars(layout) == []
    assert run(settings, "export", "--remove", "--confirm") == 0, "taking away needs no passphrase"
