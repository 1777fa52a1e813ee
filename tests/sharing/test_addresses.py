"""The address of a link, as a guest types it."""

from pathlib import Path

import pytest

from appliance.errors import WrongUsage
from appliance.settings import Settings
from appliance.sharing.addresses import address_of, is_of_this_machine_alone

TOKEN = b"t" * 32
SHOWN = "dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHQ"


@pytest.mark.parametrize(
    ("household", "guest_port", "share_address", "address"),
    [
        ("http://mantel.local:8080", 0, "", "http://mantel.local:8080"),
        ("https://mantel.local", 0, "", "https://mantel.local"),
        ("https://mantel.local:8443", 8090, "", "http://mantel.local:8090"),
        ("http://[fe80::1]:8080", 8090, "", "http://[fe80::1]:8090"),
        ("http://mantel.local:8080", 8090, "https://photos.example.org/", "https://photos.example.org"),
    ],
)
def test_it_begins_where_guests_reach_it(household: str, guest_port: int, share_address: str, address: str) -> None:
    settings = Settings(home=Path("/nowhere"), guest_port=guest_port, share_address=share_address)
    assert address_of(settings, TOKEN, household=household) == f"{address}/s/{SHOWN}"


@pytest.mark.parametrize("wrong", ["photos.example.org", "ftp://photos.example.org", "https://", "https://a.example/?x=1"])
def test_a_setting_that_is_no_address_is_told(wrong: str) -> None:
    with pytest.raises(WrongUsage, match="share_address"):
        address_of(Settings(home=Path("/nowhere"), share_address=wrong), TOKEN, household="http://mantel.local")


def test_an_address_of_this_machine_is_known() -> None:
    assert is_of_this_machine_alone("http://127.0.0.1:8080/s/x")
    assert is_of_this_machine_alone("http://[::1]:8080/s/x")
    assert not is_of_this_machine_alone("http://mantel.local:8080/s/x")
