"""A household's library made of rows: trips, days at home, screenshots. What is true of each row is known by construction, so a
question's exact set follows from a rule, as in photo_questions.py. Its days are seen from Wednesday, 10 June 2026."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from appliance.accounts.viewer import Owner
from appliance.adapters.embedder import TextEmbedder
from appliance.adapters.places import Gazetteer
from appliance.search.find import matches, passes
from appliance.search.index import fold_pending
from appliance.search.matrix import Matrix
from appliance.search.query import Query, parse
from appliance.search.visible import visible_by
from appliance.search.vocabulary import vocabulary
from appliance.store.db import Store, Writer

TODAY = date(2026, 6, 10)  # a Wednesday
TABLES = Path(__file__).parent
OWNER = Owner(1, "Olive")
RAW = frozenset({"dng", "cr3", "nef", "arw", "rw2", "raf"})
CAMERAS = {
    "d750": ("NIKON CORPORATION", "NIKON D750"), "iphone8": ("Apple", "iPhone 8"), "iphone13": ("Apple", "iPhone 13 Pro"),
    "s21": ("samsung", "SM-G991B"), "pixel7": ("Google", "Pixel 7"), "r6": ("Canon", "Canon EOS R6"),
    "600d": ("Canon", "Canon EOS 600D"), "sony": ("SONY", "ILCE-7M3"), "g9": ("Panasonic", "DC-G9"), "xt4": ("FUJIFILM", "X-T4"),
    "p6000": ("NIKON", "COOLPIX P6000"), "gopro": ("GoPro", "HERO9 Black"), "drone": ("DJI", "FC3411"),
    "huawei": ("HUAWEI", "VOG-L29"), "": (None, None),
}  # fmt: skip
FORMATS = {"iphone13": "heic", "iphone8": "heic", "gopro": "mp4", "drone": "mp4"}
HOURS = (8, 11, 13, 16, 19, 22)
# Names that hold for each photo of a trip, its position, first and last day, how many, and what took them in turn.
TRIPS = (
    ("Rome, Lazio, Italy", 41.9028, 12.4964, "2019-04-18", "2019-04-23", 14, "d750 iphone8"),
    ("Palermo, Sicily, Italy", 38.1157, 13.3615, "2021-09-04", "2021-09-11", 12, "r6 s21"),
    ("Palma, Mallorca, Balearics, Spain", 39.5696, 2.6502, "2018-08-10", "2018-08-20", 12, "iphone8 iphone8 gopro"),
    ("Freiburg, Black Forest, Baden-Württemberg, Germany", 47.9959, 7.8522, "2020-08-01", "2020-08-06", 10, "g9"),
    ("Zermatt, Alps, Valais, Switzerland", 46.0207, 7.7491, "2022-02-12", "2022-02-19", 12, "r6 iphone13"),
    ("Innsbruck, Alps, Tyrol, Austria", 47.2692, 11.4041, "2023-01-02", "2023-01-06", 8, "iphone13"),
    ("Paris, Île-de-France, France", 48.8566, 2.3522, "2016-05-05", "2016-05-06", 8, "d750"),
    ("Eiffel Tower, Paris, Île-de-France, France", 48.8586, 2.2950, "2016-05-07", "2016-05-08", 4, "d750"),
    ("Nice, Côte d'Azur, France", 43.7102, 7.2620, "2024-07-14", "2024-07-18", 8, "pixel7"),
    ("Barcelona, Catalonia, Spain", 41.3874, 2.1686, "2017-10-20", "2017-10-24", 8, "sony"),
    ("Lisbon, Portugal", 38.7223, -9.1393, "2022-12-30", "2023-01-02", 9, "xt4"),
    ("London, England, UK", 51.5072, -0.1276, "2015-03-06", "2015-03-08", 8, "600d"),
    ("Edinburgh, Scotland, UK", 55.9533, -3.1883, "2024-08-03", "2024-08-07", 8, "pixel7"),
    ("Berlin, Germany", 52.5200, 13.4050, "2025-12-05", "2025-12-08", 8, "iphone13"),
    ("Munich, Bavaria, Germany", 48.1372, 11.5755, "2023-09-23", "2023-09-25", 6, "s21"),
    ("Vienna, Austria", 48.2082, 16.3738, "2019-12-13", "2019-12-15", 7, "d750"),
    ("Prague, Czechia", 50.0755, 14.4378, "2014-06-19", "2014-06-22", 6, "600d"),
    ("Copenhagen, Denmark", 55.6761, 12.5683, "2026-05-01", "2026-05-03", 8, "pixel7"),
    ("Reykjavík, Iceland", 64.1466, -21.9426, "2017-06-10", "2017-06-17", 9, "sony"),
    ("New York, USA", 40.7580, -73.9855, "2013-10-11", "2013-10-18", 10, "600d"),
    ("San Francisco, California, USA", 37.7749, -122.4194, "2013-10-19", "2013-10-25", 6, "600d"),
    ("Golden Gate Bridge, San Francisco, California, USA", 37.8080, -122.4750, "2013-10-24", "2013-10-24", 2, "600d"),
    ("Tokyo, Japan", 35.6895, 139.6917, "2025-04-01", "2025-04-08", 12, "r6"),
    ("Kyoto, Japan", 35.0116, 135.7681, "2025-04-09", "2025-04-12", 8, "r6 iphone13"),
    ("Sydney, New South Wales, Australia", -33.8688, 151.2093, "2011-01-05", "2011-01-12", 8, "p6000"),
    ("Cape Town, South Africa", -33.9249, 18.4241, "2020-01-10", "2020-01-17", 8, "d750"),
    ("Marrakesh, Morocco", 31.6295, -7.9811, "2023-11-17", "2023-11-20", 6, "s21"),
    ("Athens, Greece", 37.9838, 23.7275, "2010-09-10", "2010-09-12", 5, "p6000"),
    ("Thira, Santorini, Cyclades, Greece", 36.4166, 25.4324, "2010-09-13", "2010-09-16", 5, "p6000"),
    ("Istanbul, Turkey", 41.0082, 28.9784, "2012-05-17", "2012-05-20", 6, "p6000"),
    ("Bergen, Norway", 60.3913, 5.3221, "2021-07-10", "2021-07-17", 10, "drone iphone8"),
    ("Amsterdam, Netherlands", 52.3676, 4.9041, "2026-03-28", "2026-03-29", 6, "huawei"),
    *(("Hamburg, Germany", 53.5511, 9.9937, f"{year}-12-24", f"{year}-12-26", 3, "600d") for year in range(2011, 2016)),
    *(("Hamburg, Germany", 53.5511, 9.9937, f"{year}-12-24", f"{year}-12-26", 3, "iphone8") for year in range(2018, 2021)),
    *(("Hamburg, Germany", 53.5511, 9.9937, f"{year}-12-24", f"{year}-12-26", 3, "iphone13") for year in range(2021, 2026)),
    *(("Hamburg, Germany", 53.5511, 9.9937, f"{year}-05-17", f"{year}-05-17", 2, "d750") for year in range(2014, 2021)),
    ("Hamburg, Germany", 53.5511, 9.9937, "2026-01-01", "2026-06-10", 60, "iphone13 pixel7 iphone13"),
    ("Hamburg, Germany", 53.5511, 9.9937, "2026-06-05", "2026-06-10", 12, "iphone13 r6"),
    ("", None, None, "2009-02-01", "2009-11-30", 20, ""),
    ("", None, None, "2019-05-01", "2019-10-30", 20, "d750 sony"),
    ("screenshot", None, None, "2024-01-10", "2026-06-09", 24, ""),
    ("gif", None, None, "2023-03-01", "2024-03-01", 3, ""),
    ("undated", None, None, "2026-06-02", "2026-06-02", 10, ""),
)  # fmt: skip
TEXTS = (
    ("Rome, Lazio, Italy", 0, "TRATTORIA DA ENZO\nPizza margherita 7,50\nTiramisu 5,00"),
    ("London, England, UK", 1, "MIND THE GAP"),
    ("Berlin, Germany", 2, "Weihnachtsmarkt am Gendarmenmarkt\nGlühwein 4 €"),
    ("Tokyo, Japan", 3, "Shinjuku Station South Exit"),
    ("Paris, Île-de-France, France", 4, "Boulangerie Dupont\nbaguette tradition"),
    ("Barcelona, Catalonia, Spain", 5, "Prohibido aparcar"),
    ("screenshot", 6, "Boarding pass LH 2018\nGate B42"),
    ("screenshot", 7, "Wi-Fi password: kartoffelsalat99"),
)


@dataclass(frozen=True)
class Row:
    """One asset and what is true of it: `names` of the places that hold it, `taken` None when nobody knows."""

    id: int
    names: tuple[str, ...]
    columns: dict[str, Any]
    text: str
    taken: datetime | None


Rule = Callable[[Row], bool]


def rows() -> list[Row]:
    every: list[Row] = []
    for trip in TRIPS:
        every += [_row(len(every) + index + 1, index, *trip) for index in range(trip[5])]
    return every


def _row(
    number: int, index: int, names: str, latitude: float | None, longitude: float | None, first: str, last: str, many: int, by: str
) -> Row:
    started, ended = date.fromisoformat(first), date.fromisoformat(last)
    day = started + timedelta(days=(ended - started).days * index // max(many - 1, 1))
    taken = datetime.fromisoformat(f"{day}T{HOURS[index % len(HOURS)]:02}:{number % 60:02}")
    cameras = by.split() or [""]
    camera = cameras[index % len(cameras)]
    make, model = CAMERAS[camera]
    file_format = {"screenshot": "png", "gif": "gif"}.get(names) or _format(camera, index)
    video = file_format in ("mp4", "mov")
    size = (8000, 2000) if index % 11 == 10 and not video else (3000, 4000) if index % 4 == 3 else (4000, 3000)
    columns = {
        "sha256": sha256(str(number).encode()).hexdigest(), "original": f"{day:%Y}/{day}/{number}.{file_format}",
        "file_name": f"IMG_{number:04}.{file_format}", "bytes": 1, "modified_at": 0, "format": file_format,
        "kind": "video" if video else "photo", "screenshot": int(names == "screenshot"), "width": size[0], "height": size[1],
        "capture_time": taken.isoformat(), "time_source": "upload" if names == "undated" else "exif", "added_at": 0,
        "latitude": latitude, "longitude": longitude, "camera_make": make, "camera_model": model,
        "favourite": int(number % 23 == 0),
    }  # fmt: skip
    text = next((words for where, which, words in TEXTS if (where, which) == (names, index)), "")
    return Row(number, tuple(names.split(", ")), columns, text, None if names == "undated" else taken)


def _format(camera: str, index: int) -> str:
    """A Canon R6 keeps every third photo raw; a phone films now and then."""
    if camera == "r6" and index % 3 == 0:
        return "cr3"
    if camera in ("iphone13", "pixel7") and index % 9 == 8:
        return "mov" if camera == "iphone13" else "mp4"
    return FORMATS.get(camera, "jpeg")


def fill(store: Store, gazetteer: Gazetteer) -> None:
    with store.write() as writer:
        for row in rows():
            _insert(writer, gazetteer, row)
        while fold_pending(writer):
            pass


def _insert(writer: Writer, gazetteer: Gazetteer, row: Row) -> None:
    columns = dict(row.columns)
    if columns["latitude"] is not None and (place := gazetteer.nearest(columns["latitude"], columns["longitude"])):
        columns |= {"country": place.country_code, "region": place.region, "town": place.town}
    names = ",".join(columns)
    writer.insert(f"INSERT INTO asset({names}) VALUES({','.join('?' * len(columns))})", tuple(columns.values()))
    if row.text:
        writer.run("INSERT INTO recognised_text(asset_id, model, words) VALUES(?,'sample',?)", (row.id, row.text))


@dataclass(frozen=True)
class Question:
    category: str
    sentence: str
    rule: str


@dataclass(frozen=True)
class Answered:
    question: Question
    query: Query
    found: frozenset[int]
    wanted: frozenset[int]

    @property
    def exact(self) -> bool:
        return self.found == self.wanted

    @property
    def precision(self) -> float:
        return len(self.found & self.wanted) / len(self.found) if self.found else float(not self.wanted)

    @property
    def recall(self) -> float:
        return len(self.found & self.wanted) / len(self.wanted) if self.wanted else float(not self.found)


def questions(table: str) -> Iterator[Question]:
    category = ""
    for line in (TABLES / table).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            category = line.strip("[]")
        elif line and not line.startswith("#"):
            sentence, rule = line.split("=>")
            yield Question(category, sentence.strip(), rule.strip())


def answered(store: Store, gazetteer: Gazetteer, embedder: TextEmbedder, table: str) -> list[Answered]:
    every = rows()
    with store.read() as reader:
        own = vocabulary(reader, gazetteer, visible_by(embedder))
        words = replace(own, holds=partial(passes, reader, OWNER))
        answers = []
        for question in questions(table):
            query = parse(question.sentence, today=TODAY, vocabulary=words)
            found = matches(reader, OWNER, query, embedder=embedder, matrix=Matrix("none")).assets.tolist()
            wanted = frozenset(row.id for row in _fitting(question.rule, every))
            answers.append(Answered(question, query, frozenset(found), wanted))
        return answers


def _fitting(rule: str, every: list[Row]) -> list[Row]:
    """“at Italy & 2019 | at Spain”; ending in “; newest 3” only the latest of those are wanted."""
    conditions, _, order = rule.partition(";")
    alternatives = [[_one(part.strip()) for part in one.split("&")] for one in conditions.split("|")]
    fitting = [row for row in every if any(all(test(row) for test in tests) for tests in alternatives)]
    if not order:
        return fitting
    which, count = order.split()
    dated = sorted((row for row in fitting if row.taken), key=lambda row: (str(row.taken), row.id), reverse=which == "newest")
    return dated[: int(count)]


def _one(text: str) -> Rule:
    word, _, rest = text.partition(" ")
    if word == "not":
        inner = _one(rest)
        return lambda row: not inner(row)
    named: dict[str, Callable[[str, Row], bool]] = {
        "at": lambda rest, row: rest in row.names,
        "camera": lambda rest, row: (row.columns["camera_make"], row.columns["camera_model"]) == CAMERAS[rest],
        "maker": lambda rest, row: rest in str(row.columns["camera_make"]).casefold(),
        "format": lambda rest, row: row.columns["format"] == rest,
        "raw": lambda _, row: row.columns["format"] in RAW,
        "month": lambda rest, row: row.taken is not None and row.taken.month == int(rest),
        "weekday": lambda rest, row: row.taken is not None and row.taken.weekday() == int(rest),
        "hour": _hour,
        "video": lambda _, row: row.columns["kind"] == "video",
        "photo": lambda _, row: row.columns["kind"] == "photo",
        "screenshot": lambda _, row: bool(row.columns["screenshot"]),
        "favourite": lambda _, row: bool(row.columns["favourite"]),
        "panorama": lambda _, row: not row.columns["screenshot"] and row.columns["width"] >= 2 * row.columns["height"],
        "upright": lambda _, row: row.columns["width"] < row.columns["height"],
        "wide": lambda _, row: row.columns["width"] > row.columns["height"],
        "says": lambda rest, row: rest in row.text.casefold(),
        "all": lambda _, row: True,
        "nothing": lambda _, row: False,
    }  # fmt: skip
    return partial(named[word], rest) if word in named else partial(_taken, text)


def _hour(text: str, row: Row) -> bool:
    first, last = (int(part) for part in text.split("-"))
    if row.taken is None:
        return False
    return first <= row.taken.hour < last if first < last else row.taken.hour >= first or row.taken.hour < last


def _taken(text: str, row: Row) -> bool:
    """“2008”, “2008-10”, “2003..2005-07”: the day lies in what these name, both ends included."""
    first, _, last = text.partition("..")
    day = row.taken.date().isoformat() if row.taken else ""
    return bool(day) and first <= day and day[: len(last or first)] <= (last or first)
