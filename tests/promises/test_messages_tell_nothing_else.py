"""Messages about the backups: none while nobody asked for them, and in none a file, a copy, a person or a reason."""

import json
from pathlib import Path

import pytest

from appliance.accounts.viewer import Viewer
from appliance.adapters.telling import Target
from appliance.backup import telling
from appliance.backup.box import Box
from appliance.backup.serving import Serving
from appliance.store.db import Store
from appliance.store.layout import Layout
from tests.backup import rows
from tests.conftest import Clock, add_photo
from tests.listeners import mail_server, make_certificate, webhook

PLANTED = ("Zanzibar", "Quokka", "Wombat", "Olive", "Max", "Kit", "shelf", "aunt", "originals", "drill", "http:")
SENTENCES = ["Mantel: the backups are complete again", "Mantel: the backups need attention"]


def red(store: Store, layout: Layout, clock: Clock) -> Box:
    """Names and reasons are planted wherever the verdict finds words."""
    add_photo(store, layout, "Zanzibar.jpg")
    home, away = rows.safe(store, clock())
    with store.write() as writer:
        writer.run("UPDATE repository SET name='Quokka', address='/backups/Quokka' WHERE id=?", (away,))
    assert (home, away) == (1, 2)
    box = Box(store, layout, clock)
    make_red(box)
    return box


def make_red(box: Box) -> None:
    with box.store.write() as writer:
        rows.drill(writer, 1, at=box.clock(), outcome="failed", reason="Wombat: originals/Zanzibar.jpg was of another hash.")
        rows.run(writer, 2, "failed", at=box.clock(), reason="Wombat said no.", fault="damaged")


def a_day(serving: Serving, clock: Clock, hours: int = 24) -> None:
    for _ in range(hours):
        clock.advance(minutes=60)
        serving.tell()


def make_green(box: Box) -> None:
    with box.store.write() as writer:
        writer.run("DELETE FROM drill WHERE outcome='failed'")
        for copy in (1, 2):
            rows.complete_run(writer, copy, at=box.clock())


def test_nothing_is_sent_before_it_is_set_nor_after_it_is_off(store: Store, layout: Layout, clock: Clock) -> None:
    box = red(store, layout, clock)
    serving = Serving(box, hour=3)
    with webhook() as hook:
        a_day(serving, clock)
        assert hook.heard == []
        telling.set_target(box, Target("webhook", url=f"http://127.0.0.1:{hook.port}/x"), user_id=None)
        with store.write() as writer:
            telling.turn_off(writer, user_id=None, now=clock())
        make_green(box)
        a_day(serving, clock)
        assert hook.heard == []


def test_a_message_holds_no_name_no_reason_and_no_link(
    store: Store, layout: Layout, clock: Clock, cast: dict[str, Viewer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = red(store, layout, clock)
    certificate = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    serving = Serving(box, hour=3)
    with webhook() as hook, mail_server(certificate) as post:
        mail = Target("mail", server="127.0.0.1", port=post.port, sender="box@mail.example", recipient="me@mail.example")
        for target in (Target("webhook", url=f"http://127.0.0.1:{hook.port}/x"), mail):
            telling.set_target(box, target, user_id=None)
            make_green(box)
            a_day(serving, clock, hours=1)
            make_red(box)
            a_day(serving, clock, hours=3)
    documents = [document for _, _, document in hook.heard]
    assert [document["text"] for document in documents] == SENTENCES
    assert [letter["Subject"] for letter in post.letters] == SENTENCES
    assert all(set(document) == {"text", "colour", "at"} for document in documents)
    letters = [letter.as_string() for letter in post.letters]
    assert [word for word in PLANTED if word in json.dumps(documents) + "".join(letters)] == []
