"""A question about one picture: what the vision model is told beside it, and whether it can understand the question at all."""

from collections.abc import Callable, Iterator
from pathlib import Path

from appliance.assistant.answer import day
from appliance.assistant.look_words import in_english
from appliance.library import derivatives
from appliance.library.assets import Asset, camera
from appliance.search.words import words_of

LONGEST_QUESTION = 300
MOST_LINES_OF_TEXT = 20
LONGEST_LINE = 160
NO_QUESTION = "Type a question first."
NOT_ENGLISH = (
    "The vision model understands English only, and would guess. Short questions are put into English for it (what it says, how "
    "many, which colour, who or what it is); this one is none of these. Ask again in English."
)
NOT_READY = "This picture is still being prepared. Ask again in a moment."
SAID_NOTHING = "The model had no answer to this."
UNDATED = "upload"  # `time_source` of an asset whose date nobody knows

# Small words that questions are made of. One that stands in two languages' lists decides nothing.
ENGLISH = frozenset(
    """a about an and any are at be been but can color colour did do does doing for from had has have he her him his how i if in
    is isn it its kind like look looks made many me more most much my no not of off on one or our out over picture read s say
    says see she show some sort standing t text than that the their them there these they this those to under up was wearing were
    what when where which who whose why will with word words would write written yes you your""".split()  # noqa: SIM905
)
GERMAN = frozenset(
    """aber alle als am an auch auf aus bei bild da das dem den der des dieser dieses die du ein eine einem einen einer er es
    farbe foto für gibt hat haben hier ich ihr im in ist kann man mit nach nicht noch oder sagt schild sie siehst sieht sind
    stehen steht trägt und unter viel viele von vor war warum was welche welchem welchen welcher welches wem wen wer wie wieviel
    wieviele wird wo wurde zu zeig zum zur über""".split()  # noqa: SIM905
)
FRENCH = frozenset(
    """a au aux avec bien ce cela ces cette combien comment couleur dans de des dit du elle elles en est et fait il ils image je
    la le les leur lui ma mais mes mon ne nous on ont ou où par pas photo porte pour pourquoi quand que quel quelle quelles quels
    qui quoi sa se ses son sont sur tu un une vois voit vous y""".split()  # noqa: SIM905
)
SPANISH = frozenset(
    """a al algo aquí color como con cuando cuál cuáles cuánta cuántas cuánto cuántos cual de del dice dónde donde el ella ellos
    en es esa ese esta está están este esto estos foto ha hace hay imagen la las lleva lleva lo los más mi muy no o para pero
    persona personas por porque puedo que qué quien quién quiénes se ser sí son su sus también tiene un una unos ves y
    yo""".split()  # noqa: SIM905
)
FOREIGN = GERMAN | FRENCH | SPANISH


def facts_of(asset: Asset, country: Callable[[str], str]) -> tuple[str, ...]:
    """What is known of `asset`, the most telling first, a line each. What the file or a person wrote is hostile: the vision
    process fences it. `country` gives a code's name. The model's own caption is left out: it would believe itself."""
    return tuple(line[:LONGEST_LINE] for line in _facts(asset, country))


def _facts(asset: Asset, country: Callable[[str], str]) -> Iterator[str]:
    row = asset.row
    if row.description:
        yield f"Described by the family as {' '.join(row.description.split())}"
    if row.time_source != UNDATED:
        yield f"Taken on {day(row.capture_time)} at {row.capture_time[11:16]}"
    names = (row.town, row.region, country(row.country) if row.country else None)
    if place := ", ".join(dict.fromkeys(name for name in names if name)):
        yield f"Taken in {place}"
    if asset.tags:
        yield f"Tagged {', '.join(asset.tags)}"
    lines = [line for line in (asset.text or "").splitlines() if line.strip()]
    for line in lines[:MOST_LINES_OF_TEXT]:
        yield f"A reader of letters found {' '.join(line.split())}"
    if name := camera(row.camera_make, row.camera_model):
        yield f"Camera {name}"


def seems_english(question: str) -> bool:
    """False for a question that is plainly in another language; a word or a name alone may be in any, and passes.

    The models are trained on English, and answer another language's question with a guess."""
    letters = [letter for letter in question if letter.isalpha()]
    foreign_letters = sum(1 for letter in letters if ord(letter) > 0x24F)  # beyond Latin
    if foreign_letters * 2 > len(letters) or "¿" in question or "¡" in question:
        return False
    words = words_of(question)
    english = sum(1 for word in words if word in ENGLISH and word not in FOREIGN)
    foreign = sum(1 for word in words if word in FOREIGN and word not in ENGLISH)
    return foreign <= english


def for_the_model(question: str) -> str:
    """Return `question` as the model is asked it: a known form in another language in English, any other as it is."""
    return in_english(question) or question


def refusal(question: str, preview: Path) -> str:
    """Why `question` about the picture with that `preview` is not put to the model, as a sentence; "" when it is."""
    if not question:
        return NO_QUESTION
    if len(question) > LONGEST_QUESTION:
        return f"A question may have up to {LONGEST_QUESTION} characters; this one has {len(question)}."
    if not seems_english(for_the_model(question)):
        return NOT_ENGLISH
    return "" if derivatives.filled(preview) else NOT_READY
