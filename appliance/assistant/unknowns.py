"""What a sentence asks of the library that it does not have: a birthday, an album. Said plainly, instead of a search."""

import re
from difflib import get_close_matches

from appliance.search.sentence import fold
from appliance.search.vocabulary import Album, Born

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


def no_birthday(sentence: str, known: tuple[Born, ...]) -> str | None:
    """Return why “when Anna was five” cannot be answered; None when it can, and when the sentence says nothing of the kind."""
    match = _AGE.fullmatch(fold(sentence).strip())
    if match is None or match["who"] in _NOBODY or any(match["who"] in one.words for one in known):
        return None
    start = fold(sentence).rfind(match["who"])
    who = sentence[start : start + len(match["who"])] if len(fold(sentence)) == len(sentence) else match["who"].capitalize()
    return f"Mantel does not know when {who} was born. Ask for the year instead; birthdays are kept with accounts, in Settings."


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
