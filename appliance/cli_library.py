"""mantel init, show, describe, verify."""

import argparse
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from typing import Any

from appliance.accounts import passwords, users
from appliance.accounts.viewer import Owner
from appliance.adapters.places import Gazetteer
from appliance.cli_output import DONE, FAILED, Output, plain
from appliance.errors import HomeExists, HomeMissing, PeopleOff, WrongUsage
from appliance.library import assets
from appliance.library.verify import verify
from appliance.people import consent
from appliance.people.client import People
from appliance.search import index
from appliance.settings import Settings
from appliance.store import audit
from appliance.store.db import Reader, Store
from appliance.store.layout import Layout

NOBODY = Owner(user_id=0, name="the command line")
"""Whoever may write to the home may do everything; this is who it is while there is no owner."""


def run(words: argparse.Namespace, settings: Settings, output: Output) -> int:
    return {"init": _init, "show": _show, "describe": _describe, "verify": _verify}[words.command](words, settings, output)


def clock() -> int:
    """Milliseconds since 1970 UTC."""
    return time.time_ns() // 1_000_000


@contextmanager
def opened(settings: Settings, *, make: bool = False) -> Iterator[tuple[Store, Layout]]:
    """Open the library at home. Raises HomeMissing when there is none, unless `make` says to begin one."""
    layout = Layout(settings.home)
    if not make and not layout.database.is_file():
        raise HomeMissing(home=settings.home)
    layout.create()
    with closing(Store(layout.database, layout.database_copies)) as store:
        yield store, layout


def owner(reader: Reader) -> Owner:
    """The command line acts for the owner."""
    row = reader.first("SELECT id, name FROM user WHERE kind='owner'")
    return Owner(*row) if row else NOBODY


def _init(words: argparse.Namespace, settings: Settings, output: Output) -> int:
    layout = Layout(settings.home)
    if layout.database.exists():
        raise HomeExists(home=settings.home)
    try:
        password = words.password_file.read_text(encoding="utf-8").splitlines()[0]
    except (OSError, IndexError, UnicodeDecodeError) as error:
        raise WrongUsage(what=f"{words.password_file} holds no password on its first line.") from error
    users.tidy_name(words.owner)  # refused before there is a home that the next try would find
    hashed = passwords.hash_password(password)
    with opened(settings, make=True) as (store, _), store.write(durable=True) as writer:
        owner_id = users.add_user(writer, name=words.owner, kind="owner", password_hash=hashed, now=clock())
        audit.record(writer, now=clock(), user_id=owner_id, action="user.created", subjects=[owner_id])
    output.show(
        {"home": str(settings.home), "owner_id": owner_id},
        [f"{settings.home} is ready. “mantel serve” shows it in a browser; {words.owner} can log in."],
    )
    return DONE


def _show(words: argparse.Namespace, settings: Settings, output: Output) -> int:
    with opened(settings) as (store, layout), store.read() as reader:
        document = assets.as_json(assets.get(reader, owner(reader), words.id))
        if words.people:
            document["people"] = _names_in(reader, layout, words.id)
    output.show(document, _lines(document))
    return DONE


def _names_in(reader: Reader, layout: Layout, asset_id: int) -> list[str]:
    """Return who has a confirmed face in an asset, from left to right. Raises PeopleOff, PeopleLocked, PeopleAway."""
    if not consent.is_on(reader):
        raise PeopleOff
    people = People(layout.people_socket, patience=0.0)
    names = {one.id: one.name for one in people.names()}
    return [names[face.person] for face in people.faces_in(asset_id) if face.person in names]


def _lines(document: dict[str, Any]) -> Iterator[str]:
    for name, value in document.items():
        if name == "stages":
            value = ", ".join(f"{stage} {state['state']}" for stage, state in value.items())
        elif name == "place":
            value = ", ".join(part for part in (value["town"], value["region"], value["country"]) if part)
        elif isinstance(value, list):
            value = ", ".join(value)
        if value not in (None, "", False):
            yield f"{name.replace('_', ' ')}: {plain(str(value))}"


def _describe(words: argparse.Namespace, settings: Settings, output: Output) -> int:
    with opened(settings) as (store, _), store.write(durable=True) as writer:
        kept = assets.describe(writer, owner(writer), words.id, words.text, clock())
        index.fold_pending(writer, index.place_words(Gazetteer(), settings.languages))
    output.show({"id": words.id, "description": kept}, [f"Described asset {words.id}." if kept else "The description is gone."])
    return DONE


def _verify(words: argparse.Namespace, settings: Settings, output: Output) -> int:
    with opened(settings) as (store, layout):
        differences = verify(store, layout, hash_files=words.hash, now=clock())
    if differences or output.as_json:
        document = {"differences": [asdict(difference) for difference in differences]}
        output.show(document, [plain(f"{difference.subject}: {difference.what}.") for difference in differences])
    return FAILED if differences else DONE
