"""What a sentence asks of the library that it does not have: a birthday, an album. Said plainly, instead of a search."""

import re
from difflib import get_close_matches

from appliance.search.filters import Query
from appliance.search.follow_up import opening
from appliance.search.persons import asks_for_me, asks_who, forms
from appliance.search.reading import Reading
from appliance.search.sentence import fold
from appliance.search.vocabulary import Album, Vocabulary

LOCKED = "That is a question about a person, and People is locked. Unlock it, and Mantel answers."
NOBODY_KNOWS = "That was a question about a person, and nobody here knows any more who that is."
NO_SELF = "Mantel does not know which person you are. The owner can say so on your page in People, under the account it belongs to."

MOST_NAMED = 5  # albums
NEAR = 0.5
AGES = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|twenty|thirty"
    "|forty|fifty|born|eins|zwei|drei|vier|funf|sechs|sieben|acht|neun|zehn|elf|zwolf|geboren|un|deux|trois|quatre|cinq|sept|huit|neuf"
    "|dix|nee?|uno?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|nacio"
)
_AGE = re.compile(
    rf"(?:.*\b)?(?:when|as|als|wie|quand|lorsque|cuando)\s+(?P<who>[^\W\d_]+)\s+"
    rf"(?:was|turned|were|wurde|war|avait|a eu|est|tenia|cumplio)?\s*(?P<age>\d{{1,2}}|{AGES})"
    rf"(?:\s+(?:years?|months?|old|jahre?|monate?|alt|war|wurde|ans?|mois|anos?|meses|mes|and a half))*\W*"
)
_NOBODY = frozenset(
    [
        "it",
        "i",
        "we",
        "he",
        "she",
        "they",
        "there",
        "that",
        "this",
        "the",
        "er",
        "sie",
        "es",
        "wir",
        "ich",
        "il",
        "elle",
        "on",
        "nous",
    ]
)
_ALBUM = re.compile(
    r"(?:.*?\b)?(?:in|from|of|aus|im|dans|de|en|del)\s+(?:(?:the|my|our|dem|meinem|unserem|l|mon|notre|el|mi|nuestro)\s+)?"
    r"(?:photo ?|foto)?(?:album|alben|álbum)\s+(?:(?:called|named|titled|namens|intitulé|nommé|llamado|titulado)\s+)?"
    r"(?P<title>\S.*?)(?:\s+(?:in|from|vom|von|de|en)\s+\d{4})?[\s?.!]*",
    re.IGNORECASE,
)
QUOTES = "\"'“”„«»‹›‘’ "


def no_names(reading: Reading, prior: Query | None) -> str | None:
    """Return why a question about persons cannot be answered: People is locked, or nobody has said which person asks. None when it
    can, and for those to whom People is nothing."""
    people = reading.vocabulary.people
    if people == "locked":
        follows = prior is not None and prior.asks_for_persons and opening(reading).change != "new"
        return LOCKED if follows or asks_who(reading) or asks_for_me(reading) else None
    if people == "open" and asks_for_me(reading) and not any(one.asks for one in reading.vocabulary.persons):
        return NO_SELF
    return None


def no_birthday(sentence: str, known: Vocabulary) -> str | None:
    """Return why “when Anna was five” cannot be answered; None when it can, and when the sentence says nothing of the kind."""
    match = _AGE.fullmatch(fold(sentence).strip())
    if match is None or match["who"] in _NOBODY or any(match["who"] in one.words for one in known.birthdays):
        return None
    if known.people == "locked":
        return LOCKED
    start = fold(sentence).rfind(match["who"])
    who = sentence[start : start + len(match["who"])] if len(fold(sentence)) == len(sentence) else match["who"].capitalize()
    sealed = forms(known.persons).get((match["who"],), ())
    if len(sealed) > 1:
        names = [one.name for one in known.persons if one.id in sealed]
        return f"More than one person is called {who}: {' and '.join(names)}. Say the whole name."
    where = f"on the page of {who} in People" if sealed else "with accounts, in Settings"
    return f"Mantel does not know when {who} was born. Ask for the year instead; birthdays are kept {where}."


def no_album(sentence: str, albums: tuple[Album, ...]) -> str | None:
    """Return that there is no album of the name that `sentence` asks for, and which there are; None when it names none."""
    match = _ALBUM.fullmatch(sentence.strip())
    if match is None:
        return None
    title = match["title"].strip(QUOTES)
    if not albums:
        return f"There is no album “{title}”. There are no albums yet; one can be made of what a question finds."
    by_title = {fold(one.title): one.title for one in albums}
    close = [by_title[one] for one in get_close_matches(fold(title), by_title, MOST_NAMED, NEAR)]
    named = close or [one.title for one in albums[-MOST_NAMED:]]
    lead = "The nearest" if close else "There" if len(albums) <= MOST_NAMED else "Among others there"
    return f"There is no album “{title}”. {lead} {'are' if len(named) > 1 else 'is'} {', '.join(f'“{one}”' for one in named)}."
