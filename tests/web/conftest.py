"""The guest's side by itself, as it listens on the port for guests."""

from collections.abc import Iterator

import pytest
from litestar import Litestar

from appliance.app import create_guest_app
from appliance.settings import Settings
from tests.conftest import Clock


@pytest.fixture
def guest_app(settings: Settings, clock: Clock) -> Iterator[Litestar]:
    made = create_guest_app(settings, clock)
    yield made
    made.state.guest_side.store.close()
