"""The address of a share link, as a guest types it."""

from urllib.parse import SplitResult, urlsplit

from appliance.errors import WrongUsage
from appliance.settings import Settings
from appliance.sharing.links import token_text

NOWHERE_ELSE = {"localhost", "127.0.0.1", "::1"}


def address_of(settings: Settings, token: bytes, *, household: str) -> str:
    """Return the address of the link with this token. `household` is where the people of the house reach Mantel themselves:
    'http://mantel.local:8080'. Raises WrongUsage when the setting share_address is no address."""
    return f"{base(settings, household)}/s/{token_text(token)}"


def base(settings: Settings, household: str) -> str:
    if settings.share_address:
        parts = urlsplit(settings.share_address)
        if parts.scheme not in ("http", "https") or not _name(parts) or parts.query or parts.fragment:
            raise WrongUsage(
                what=f"The setting share_address is “{settings.share_address}”; it has to be like https://photos.example.org."
            )
        return settings.share_address.rstrip("/")
    return _on_port_of_guests(settings, household) if settings.guest_port else household.rstrip("/")


def _on_port_of_guests(settings: Settings, household: str) -> str:
    """There Mantel speaks plain HTTP; whoever puts HTTPS before it sets share_address."""
    name = urlsplit(household).hostname or ""
    return f"http://{f'[{name}]' if ':' in name else name}:{settings.guest_port}"


def is_of_this_machine_alone(address: str) -> bool:
    """Would a guest's device look for this address on itself?"""
    return _name(urlsplit(address)) in NOWHERE_ELSE


def _name(parts: SplitResult) -> str:
    return parts.hostname or ""
