"""A family's library made of rows, with who has a confirmed face in which of its photos: questions about persons have exact answers
by construction. Captions are in English, as the vision model writes them; what is asked beside a name is a day, a place, a kind, or
a word of these captions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from appliance.accounts.viewer import Owner
from appliance.adapters.places import Gazetteer
from appliance.search.filters import Query
from appliance.search.find import find
from appliance.search.index import fold_pending
from appliance.search.matrix import Matrix
from appliance.search.query import parse
from appliance.search.vocabulary import Person, Vocabulary, vocabulary, with_persons
from appliance.store.db import Reader, Store, Writer

TODAY = date(2026, 6, 10)
OLIVE = Owner(1, "Olive")
TABLE = Path(__file__).parent / "names.txt"
PERSONS = (
    Person("01" * 8, "Mia Berger", date(2014, 5, 31)),
    Person("02" * 8, "Jonas"),
    Person("03" * 8, "Anna Berger", date(1984, 2, 29)),
    Person("04" * 8, "Anna Kurz"),
    Person("05" * 8, "Rose"),
    Person("06" * 8, "Florence"),
    Person("07" * 8, "May"),
    Person("08" * 8, "Zoë"),
    Person("09" * 8, "Jürgen Groß"),
    Person("0a" * 8, "Olive", asks=True),
    Person("0b" * 8, "Anna-Lena"),
    Person("0c" * 8, "José"),
)
WORDS = ("mia", "jonas", "anna1", "anna2", "rose", "florence", "may", "zoe", "jurgen", "olive", "annalena", "jose")
SHORT = dict(zip(WORDS, PERSONS, strict=True))
ROME, FLORENCE, PARIS, HOME = (41.9028, 12.4964), (43.7696, 11.2558), (48.8566, 2.3522), (47.9959, 7.8522)
# Day, position, caption, kind, who; “+” after them: a face without a name as well.
PHOTOS = (
    ("2019-07-14", ROME, "a girl on a beach", "photo", "mia"),
    ("2019-07-14", ROME, "two children on a beach", "photo", "mia jonas"),
    ("2019-07-15", ROME, "a boy on a beach", "photo", "jonas"),
    ("2019-07-16", ROME, "a dog on a beach", "photo", ""),
    ("2019-12-24", HOME, "a family at a table", "photo", "mia jonas anna1 olive"),
    ("2019-12-25", HOME, "a girl with a present", "photo", "mia"),
    ("2020-02-01", HOME, "children in the snow", "photo", "mia zoe"),
    ("2020-02-01", HOME, "children in the snow", "video", "mia zoe jonas"),
    ("2020-02-02", HOME, "snow on a roof", "photo", ""),
    ("2020-05-31", HOME, "a cake with candles", "photo", "mia olive"),
    ("2020-08-08", FLORENCE, "a woman in front of a church", "photo", "florence"),
    ("2020-08-08", FLORENCE, "a church", "photo", ""),
    ("2020-08-09", FLORENCE, "two women at a table", "photo", "florence anna2"),
    ("2021-05-02", PARIS, "a woman in a garden", "photo", "may"),
    ("2021-05-03", PARIS, "a red rose in a garden", "photo", ""),
    ("2021-05-03", PARIS, "a woman in a garden", "photo", "rose"),
    ("2021-06-10", PARIS, "two women in a garden", "photo", "rose may"),
    ("2021-09-01", HOME, "a girl with a school bag", "photo", "mia anna1 olive"),
    ("2022-01-01", HOME, "a man with a bicycle", "photo", "jurgen"),
    ("2022-01-02", HOME, "a man and a girl with a bicycle", "photo", "jurgen annalena"),
    ("2022-03-03", HOME, "two women", "photo", "anna1 anna2"),
    ("2022-03-04", HOME, "a crowd at a concert", "photo", "+"),
    ("2022-03-05", HOME, "a boy with a dog", "photo", "jonas +"),
    ("2022-03-06", HOME, "a man with a guitar", "photo", "jose olive"),
    ("2023-08-08", ROME, "a girl on a beach", "photo", "zoe"),
    ("2023-08-09", ROME, "a man on a beach", "photo", "jose zoe"),
    ("2014-08-01", HOME, "a baby in a bed", "photo", "mia"),
)  # fmt: skip


@dataclass(frozen=True)
class Confirmed:
    """Who has a confirmed face where, and which photos have a face at all."""

    by_asset: Mapping[int, tuple[str, ...]]
    faces: frozenset[int]

    def assets_with(self, person: str) -> Sequence[int]:
        return [asset for asset, persons in self.by_asset.items() if person in persons]

    def assets_with_faces(self) -> Sequence[int]:
        return sorted(self.faces)

    def persons_in(self, assets: Sequence[int]) -> Mapping[int, tuple[str, ...]]:
        return {asset: self.by_asset[asset] for asset in assets if asset in self.by_asset}


@dataclass(frozen=True)
class Question:
    """`asked` are the sentences of a conversation in order; `rule` is about the last."""

    language: str
    asked: tuple[str, ...]
    rule: str


def confirmed() -> Confirmed:
    names = {number: photo[4].split() for number, photo in enumerate(PHOTOS, 1)}
    by_asset = {number: tuple(SHORT[one].id for one in there if one != "+") for number, there in names.items()}
    return Confirmed(
        {asset: who for asset, who in by_asset.items() if who}, frozenset(one for one, there in names.items() if there)
    )


def fill(store: Store, gazetteer: Gazetteer) -> None:
    with store.write() as writer:
        for number, (day, place, caption, kind, _) in enumerate(PHOTOS, 1):
            _insert(writer, gazetteer, number, day, place, caption, kind)
        while fold_pending(writer):
            pass


def _insert(
    writer: Writer, gazetteer: Gazetteer, number: int, day: str, place: tuple[float, float], caption: str, kind: str
) -> None:
    there = gazetteer.nearest(*place)
    assert there is not None
    columns = {
        "id": number, "sha256": sha256(str(number).encode()).hexdigest(), "original": f"{day[:4]}/{day}/{number}.jpeg",
        "file_name": f"IMG_{number:04}.jpeg", "bytes": 1, "modified_at": 0, "format": "jpeg" if kind == "photo" else "mp4",
        "kind": kind, "screenshot": 0, "width": 4000, "height": 3000, "capture_time": f"{day}T12:{number:02}:00",
        "time_source": "exif", "added_at": 0, "latitude": place[0], "longitude": place[1], "country": there.country_code,
        "region": there.region, "town": there.town,
    }  # fmt: skip
    writer.insert(f"INSERT INTO asset({','.join(columns)}) VALUES({','.join('?' * len(columns))})", tuple(columns.values()))
    writer.run("INSERT INTO caption(asset_id, model, words, made_at) VALUES(?,'sample',?,0)", (number, caption))


def known(reader: Reader, gazetteer: Gazetteer) -> Vocabulary:
    return with_persons(vocabulary(reader, gazetteer), PERSONS)


def questions() -> Iterator[Question]:
    language = ""
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            language = line.strip("[]")
        elif line and not line.startswith("#"):
            asked, rule = line.split("=>")
            yield Question(language, tuple(one.strip() for one in asked.split(">>")), rule.strip())


def found(reader: Reader, words: Vocabulary, asked: Sequence[str]) -> set[int]:
    query: Query | None = None
    for sentence in asked:
        query = parse(sentence, today=TODAY, vocabulary=words, prior=query)
    assert query is not None
    hits = find(reader, OLIVE, query, embedder=None, matrix=Matrix("none"), people=confirmed(), limit=100)
    return {hit.asset_id for hit in hits.hits}


def wanted(rule: str) -> set[int]:
    """“mia & jonas & beach | zoe”: names, words of the caption, “2019”, “2019-07”, “at Rome”, “video”; “not” before one of them;
    “nobody”: no face."""
    return {
        number
        for number, photo in enumerate(PHOTOS, 1)
        if any(all(_holds(part.strip(), photo) for part in one.split("&")) for one in rule.split("|"))
    }


def _holds(part: str, photo: tuple[str, tuple[float, float], str, str, str]) -> bool:
    day, place, caption, kind, who = photo
    word, _, rest = part.partition(" ")
    if word == "not":
        return not _holds(rest, photo)
    if word == "at":
        return place == {"Rome": ROME, "Florence": FLORENCE, "Paris": PARIS}[rest]
    if word == "nobody":
        return not who
    if word in SHORT:
        return word in who.split()
    if word in ("video", "photo"):
        return kind == word
    if word[:4].isdigit():
        first, _, last = word.partition("..")
        return first <= day and day[: len(last or first)] <= (last or first)
    return word in caption.split()
