"""What a sentence was understood as: plain data that goes through JSON and back unchanged.

Filters of different fields are joined by AND; values inside one field by OR.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Kind = Literal["photo", "video"]
Sort = Literal["relevance", "newest", "oldest"]
Intent = Literal["find", "count", "when", "where", "often", "which"]
WhichOf = Literal["towns", "countries", "cameras", "years", "albums", "tags", "persons"]
Period = Literal["year", "month"]
Frame = Literal["panorama", "upright", "wide", "square"]


@dataclass(frozen=True, slots=True)
class DateRange:
    """Local days from `first` to `last`, both included; `label` is for people: “1–31 March 2019”."""

    first: date
    last: date
    label: str


@dataclass(frozen=True, slots=True)
class PlaceFilter:
    """Where an asset lies. Given `radius_km`, only the distance to (latitude, longitude) counts; else the names that are set.

    `country` is an ISO 3166 code, `region` and `town` are names as in the table `asset`; `area` is a name in areas.tsv, of which a
    `country` beside it is the part that is meant.
    """

    label: str
    country: str | None = None
    region: str | None = None
    town: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    radius_km: float | None = None
    area: str | None = None


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing that was understood. `parse(..., without={chip.token})` understands the sentence without it."""

    kind: str
    label: str
    token: str


@dataclass(frozen=True, slots=True)
class Query:
    """The plan of one search.

    `months` 1–12 and `weekdays` (0 = Monday) hold in any year; `month_days` ('MM-DD') too; `hours` is [from, to) and may go
    over midnight: (21, 5). `cameras` are models as in `asset.camera_model`, `formats` as in `asset.format`, `albums` ids.
    `frames` say how long the picture's
    sides are. What begins with `not_` leaves out; an asset whose time, place or camera nobody knows is not left out.
    `which_of` says what the intent “which” asks for, `often_by` how the intent “often” counts.
    `text` is what is left for embedding and words, `aside` what is left of the sentence beside that (aside.py) and looked for
    nowhere; an asset whose words hold one of `not_words` is left out. `like` are assets that what is found shall resemble; as
    `text` does, they rank. `only` holds asset ids that a person pointed at, in their order; words do not rank these.
    `persons` are ids of the sealed People records: of each group one must be in the picture, all groups together; `not_persons`
    must not be in it. `unsettled` are those of them that share the name that was typed. `faceless`: no face was found in it.
    `text_in_picture`: `phrases` are words that can be read in the picture; else they may stand in any words of an asset.
    """

    text: str = ""
    aside: str = ""
    like: tuple[int, ...] = ()
    phrases: tuple[str, ...] = ()
    not_words: tuple[str, ...] = ()
    text_in_picture: bool = False
    dates: tuple[DateRange, ...] = ()
    not_dates: tuple[DateRange, ...] = ()
    months: tuple[int, ...] = ()
    not_months: tuple[int, ...] = ()
    month_days: tuple[str, ...] = ()
    not_month_days: tuple[str, ...] = ()
    weekdays: tuple[int, ...] = ()
    hours: tuple[int, int] | None = None
    places: tuple[PlaceFilter, ...] = ()
    not_places: tuple[PlaceFilter, ...] = ()
    cameras: tuple[str, ...] = ()
    not_cameras: tuple[str, ...] = ()
    albums: tuple[int, ...] = ()
    not_albums: tuple[int, ...] = ()
    tags: tuple[str, ...] = ()
    not_tags: tuple[str, ...] = ()
    kind: Kind | None = None
    screenshot: bool | None = None
    formats: tuple[str, ...] = ()
    not_formats: tuple[str, ...] = ()
    frames: tuple[Frame, ...] = ()
    not_frames: tuple[Frame, ...] = ()
    favourite: bool | None = None
    persons: tuple[tuple[str, ...], ...] = ()
    not_persons: tuple[str, ...] = ()
    unsettled: tuple[str, ...] = ()
    faceless: bool = False
    only: tuple[int, ...] = ()
    sort: Sort = "relevance"
    limit: int | None = None
    intent: Intent = "find"
    which_of: WhichOf | None = None
    often_by: Period | None = None
    chips: tuple[Chip, ...] = ()

    @property
    def asks_for_persons(self) -> bool:
        """Only the people process can say which photos pass."""
        return bool(self.persons or self.not_persons or self.faceless or self.which_of == "persons")
