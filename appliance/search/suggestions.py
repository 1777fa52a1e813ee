"""Questions to start with, made of what the library really holds: its places, its years, its words in pictures."""

from dataclasses import dataclass

from appliance.accounts.viewer import Guest, Viewer
from appliance.library.access import visible_assets
from appliance.store.db import Reader

MOST = 6
TOWNS = 2


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A sentence that finds something; `about` is 'place', 'date', 'kind' or 'text'."""

    sentence: str
    about: str


def suggest(reader: Reader, viewer: Viewer) -> list[Suggestion]:
    """Return up to MOST questions that each match something that `viewer` may see; none for an empty library.

    What is hidden suggests nothing, to its owner neither: somebody else may be looking over the shoulder.
    """
    if isinstance(viewer, Guest):
        return []
    shown = f"{visible_assets(viewer)} AND asset.deleted_at IS NULL AND asset.hidden = 0"
    made = [Suggestion(f"Photos from {town}", "place") for town in _towns(reader, shown)]
    made += [Suggestion(sentence, "date") for sentence in _dates(reader)]
    if reader.first(f"SELECT 1 FROM asset WHERE asset.kind='video' AND {shown} LIMIT 1"):
        made.append(Suggestion("Videos", "kind"))
    if reader.first(f"SELECT 1 FROM asset WHERE asset.screenshot=1 AND {shown} LIMIT 1"):
        made.append(Suggestion("Screenshots", "kind"))
    return made[:MOST]


def _towns(reader: Reader, shown: str) -> list[str]:
    rows = reader.all(
        f"SELECT asset.town FROM asset WHERE asset.town IS NOT NULL AND {shown} GROUP BY asset.town ORDER BY count(*) DESC LIMIT ?",
        (TOWNS,),
    )
    return [town for (town,) in rows]


def _dates(reader: Reader) -> list[str]:
    """The year and the month (of another year) that hold most. A date that is only the upload's is no date to ask for."""
    year = reader.value(
        """SELECT substr(month, 1, 4) AS year FROM month WHERE dated > 0
           GROUP BY year ORDER BY sum(dated) DESC, year DESC LIMIT 1"""
    )
    month = reader.value(
        "SELECT month FROM month WHERE dated > 0 AND month NOT LIKE ? || '%' ORDER BY dated DESC, month DESC LIMIT 1", (year or "",)
    )
    sentences = [f"Photos from {year}"] if year else []
    if month:
        sentences.append(f"{MONTH_NAMES[int(month[5:]) - 1]} {month[:4]}")
    return sentences


MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
