"""Receiving files: streamed into incoming/, announced when whole, refused in time, nothing left behind."""

from typing import Any

import pytest
from litestar import Litestar

from appliance.store.db import Store
from appliance.store.layout import Layout
from appliance.web import receiving
from tests.conftest import Browser


def uploads(store: Store) -> list[tuple[Any, ...]]:
    with store.read() as reader:
        return reader.all("SELECT file_name, bytes, modified_at, state, token FROM upload ORDER BY id")


def test_a_file_is_announced_when_its_bytes_are_on_the_disk(max_: Browser, store: Store, layout: Layout) -> None:
    answer = max_.put("/upload/files?name=IMG_1.HEIC&modified=1700000000000", content=b"x" * 3_000_000)
    assert (answer.status_code, answer.json()) == (201, {"bytes": 3_000_000})
    name, size, modified, state, token = uploads(store)[0]
    assert (name, size, modified, state) == ("IMG_1.HEIC", 3_000_000, 1_700_000_000_000, "waiting")
    assert (layout.incoming / str(token)).read_bytes() == b"x" * 3_000_000


def test_a_name_cannot_climb_out_and_a_time_must_be_believable(max_: Browser, store: Store) -> None:
    max_.put("/upload/files?name=..%2F..%2Fetc%2Fpass%0Awd&modified=99999999999999999", content=b"x")
    name, _, modified, *_ = uploads(store)[0]
    assert name == "passwd" and modified < 2_000_000_000_000


def test_a_put_without_the_header_token_is_refused_unread(max_: Browser, store: Store, layout: Layout) -> None:
    del max_.headers["X-CSRF-Token"]
    assert max_.put("/upload/files?name=a.jpg", content=b"x").status_code == 403
    assert uploads(store) == [] and list(layout.incoming.iterdir()) == []


def test_a_stranger_cannot_send_anything(stan: Browser, layout: Layout) -> None:
    assert stan.put("/upload/files?name=a.jpg", content=b"x").status_code == 401
    assert list(layout.incoming.iterdir()) == []


def test_an_empty_file_is_refused_and_leaves_nothing(max_: Browser, store: Store, layout: Layout) -> None:
    answer = max_.put("/upload/files?name=a.jpg", content=b"", headers={"Accept": "application/json"})
    assert answer.status_code == 422 and "it is empty" in answer.json()["text"]
    assert uploads(store) == [] and list(layout.incoming.iterdir()) == []


def test_a_full_disk_is_said_before_the_first_byte(max_: Browser, layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "SPARE_BYTES", 1 << 60)
    assert max_.put("/upload/files?name=a.jpg", content=b"x").status_code == 507
    assert list(layout.incoming.iterdir()) == []


def test_a_file_over_the_limit_is_refused(app: Litestar, max_: Browser, layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("appliance.web.upload.GB", 10)
    announced = max_.put("/upload/files?name=a.jpg", content=b"x" * 501)
    streamed = max_.put("/upload/files?name=a.jpg", content=iter([b"x" * 300, b"x" * 300]))
    assert (announced.status_code, streamed.status_code) == (413, 413)
    assert list(layout.incoming.iterdir()) == []


def test_the_plain_form_takes_several_files(max_: Browser, store: Store) -> None:
    del max_.headers["X-CSRF-Token"]
    files = [("files", ("a.jpg", b"one")), ("files", ("b.jpg", b"two"))]
    assert max_.post("/upload", data={"csrf": max_.csrf()}, files=files).status_code == 303
    assert [(row[0], row[1]) for row in uploads(store)] == [("a.jpg", 3), ("b.jpg", 3)]


def test_outcomes_are_listed_to_who_sent_them_and_can_be_tidied_away(max_: Browser, olive: Browser, store: Store) -> None:
    for name in ("added.jpg", "refused.pdf", "coming.jpg"):
        max_.put(f"/upload/files?name={name}", content=name.encode())
    with store.write() as writer:
        writer.run("UPDATE upload SET state='added' WHERE id=1")
        writer.run("UPDATE upload SET state='refused', reason='no picture' WHERE id=2")
    html = max_.get("/upload/list").text
    assert "1 added, 1 not added, 1 being taken in" in html and "no picture" in html
    assert "added.jpg" not in olive.get("/upload/list").text
    html = max_.post("/upload/tidy", headers={"HX-Request": "true"}).text
    assert "coming.jpg" in html and "refused.pdf" not in html
