"""What can be done with photos that were chosen: the one list behind the bar of every grid, the photo page, albums and answers.

A page or an action that comes to Mantel adds one line to OFFERS; when it is a page, `page` is its address, and it is opened with
`?selection=N` (library/selections.py)."""

from dataclasses import dataclass

from appliance.accounts.viewer import Child, Family
from appliance.assistant.actions import NOT_FOR_CHILDREN
from appliance.assistant.plan import ActKind


@dataclass(frozen=True, slots=True)
class Offer:
    """`then` is the kind of the action and the value of the button, `name` its words."""

    then: ActKind
    name: str
    picture: str
    page: str = ""


OFFERS = (
    Offer("album", "Album", "album"),
    Offer("tag", "Tag", "tag"),
    Offer("favourite", "Favourite", "star"),
    Offer("hide", "Hide", "hide"),
    Offer("share", "Share", "share", "/shares/new"),
    Offer("map", "Show on map", "map", "/map"),
)
BY_KIND = {offer.then: offer for offer in OFFERS}


def offers(viewer: Family) -> tuple[Offer, ...]:
    """Those that `viewer` may do."""
    return tuple(offer for offer in OFFERS if not (isinstance(viewer, Child) and offer.then in NOT_FOR_CHILDREN))
