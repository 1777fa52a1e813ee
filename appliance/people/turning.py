"""Turning People on: the vault first, then the row that says so. Turning it off is in `erasing.py`."""

from appliance.errors import WrongUsage
from appliance.people import consent, erasing
from appliance.people.client import People
from appliance.people.consent import Viewers
from appliance.store.db import Store
from appliance.store.layout import Layout


def turn_on(
    store: Store, layout: Layout, people: People, *, passphrase: str, user_id: int | None, viewers: Viewers, now: int
) -> None:
    """Afterwards People is on and unlocked. Raises PeopleAway, PeopleBusy, PassphraseTooShort, WrongUsage."""
    with erasing.alone(layout):
        erasing.clear(store, layout, now=now)
        with store.read() as reader:
            if consent.is_on(reader):
                raise WrongUsage(what="People is on already.")
        people.create(passphrase)
        with store.write(durable=True) as writer:
            consent.enable(writer, user_id=user_id, viewers=viewers, now=now)
