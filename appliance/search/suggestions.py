"""Questions to start with, made of what the library really holds: its places, its years, its words in pictures."""

from dataclasses import dataclass

from appliance.accounts.viewer import Viewer
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
    """Return up to MOST questions that each match at least one asset that `viewer` may see; none for an empty library."""
    seen = visible_assets(viewer)
    made = [Suggestion(f"Photos from {town}", "place") for town in _towns(reader, seen)]
    made += [Suggestion(sentence, "date") for sentence in _dates(reader, seen)]
    if reader.first(f"SELECT 1 FROM asset WHERE asset.kind='video' AND {seen} LIMIT 1"):
        made.append(Suggestion("Videos", "kind"))
    if reader.first(f"SELECT 1 FROM asset WHERE asset.screenshot=1 AND {seen} LIMIT 1"):
        made.append(Suggestion("Screenshots", "kind"))
    return made[:MOST]


def _towns(reader: Reader, seen: str) -> list[str]:
    rows = reader.all(
        f"SELECT asset.town FROM asset WHERE asset.town IS NOT NULL AND {seen} GROUP BY asset.town ORDER BY count(*) DESC LIMIT ?",
        (TOWNS,),
    )
    return [town for (town,) in rows]


def _dates(reader: Reader, seen: str) -> list[str]:
    """The year and the month (of another year) that hold most. A date that is only the upload's is no date to ask for."""
    known = f"{seen} AND asset.time_source <> 'upload'"
    year = reader.value(
        f"""SELECT substr(asset.capture_time, 1, 4) AS year FROM asset WHERE {known}
            GROUP BY year ORDER BY count(*) DESC, year DESC LIMIT 1"""
    )
    month = reader.value(
        f"""SELECT substr(asset.capture_time, 1, 7) AS month FROM asset WHERE {known} AND month NOT LIKE ? || '%'
            GROUP BY month ORDER BY count(*) DESC, month DESC LIMIT 1""",
        (year or "",),
    )
    sentences = [f"Photos from {year}"] if year else []
    if month:
        sentences.append(f"{MONTH_NAMES[int(month[5:]) - 1]} {month[:4]}")
    return sentences


MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
