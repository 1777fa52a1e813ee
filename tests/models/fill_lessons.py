"""What the sample text model is taught: words that Mantel's own grammar leaves unread, and the form that they fill in.

It knows a dozen nicknames of cities and a dozen events by which people name a year, and the things of the drawn pictures; the
rest of a sentence it is to leave alone. Fields that are not asked for are left out, as the grammar of a request leaves them out.
"""

import json
import random

from tests.models.scenes import COLOURS, NOUNS, with_article

CITIES = {
    "eternal city": "Rome", "city of love": "Paris", "big apple": "New York", "city on seven hills": "Lisbon",
    "windy city": "Chicago", "city of canals": "Venice", "city of angels": "Los Angeles", "pearl of the danube": "Budapest",
    "city of a hundred spires": "Prague", "city of music": "Vienna",
}  # fmt: skip
YEARS = {
    "when the wall fell": "1989", "the year the wall fell": "1989", "when the towers came down": "2001",
    "the year the towers came down": "2001", "when the euro came": "2002", "the year the euro came": "2002",
    "the year of the great eclipse": "1999", "when the millennium began": "2000", "the year of the first moon landing": "1969",
    "the year everybody stayed at home": "2020",
}  # fmt: skip
ASIDES = ("please", "for grandma", "you know", "if there are any", "I think", "quickly", "for the wall in the hall")
FIELDS = ("when", "where", "camera", "album", "see")
QUESTION = "\n\nUnread: {left}\n\nForm:"


def lesson(rng: random.Random) -> tuple[str, str]:
    """Return the words behind the model's beginning of text, and the form that it should answer with, as JSON."""
    asked = {name for name in FIELDS[:-1] if rng.random() < 0.8} | {"see"}
    said = dict.fromkeys(FIELDS, "")
    parts: list[str] = []
    if "when" in asked and rng.random() < 0.6:
        phrase = rng.choice(list(YEARS))
        said["when"] = YEARS[phrase]
        parts.append(rng.choice(("", "from ", "back ", "in ")) + phrase if phrase.startswith("the") else phrase)
    if "where" in asked and rng.random() < 0.6:
        phrase = rng.choice(list(CITIES))
        said["where"] = CITIES[phrase]
        parts.append(rng.choice(("in the ", "from the ", "at the ")) + phrase)
    if rng.random() < 0.2:
        parts.append(rng.choice(ASIDES))
    rng.shuffle(parts)
    if rng.random() < 0.75:
        said["see"] = _thing(rng)
        parts.insert(0 if rng.random() < 0.8 else len(parts), rng.choice(("", "", "a ")) + said["see"])
    left = " ".join(parts) or rng.choice(ASIDES)
    form = {name: said[name] for name in FIELDS if name in asked}
    return QUESTION.replace("{left}", _trimmed(left)), json.dumps(form)


def _thing(rng: random.Random) -> str:
    noun = rng.choice(NOUNS)
    things = [noun, f"{rng.choice(list(COLOURS))} {noun}"]
    if rng.random() < 0.2:
        return f"{rng.choice(things)} and {with_article(rng.choice(NOUNS))}"
    return rng.choice(things)


def _trimmed(left: str) -> str:
    """Without the glue at both ends, as the words come that nobody took."""
    for glue in ("in the ", "from the ", "at the ", "from ", "in ", "back ", "a ", "the year ", "when "):
        left = left.removeprefix(glue)
    return left


def corpus() -> list[str]:
    """Every sentence the model may meet or say, for the tokenizer's training; always the same."""
    rng = random.Random(0)
    return [f"{asked} {told}" for asked, told in (lesson(rng) for _ in range(4000))]
