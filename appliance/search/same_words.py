"""What is printed means the same in another language: a word of a question is looked for in four. Data, and one look-up.

Only words that stand on signs, receipts and notes as themselves; what a picture shows is the embeddings' part. Words between
quotes, and those after “that says”, are meant as they stand."""

from functools import cache

_GROUPS = """
    wifi wlan
    password passwort kennwort contraseña
    total summe gesamtbetrag gesamtsumme
    exit ausgang sortie salida
    entrance eingang entrée entrada
    closed geschlossen fermé fermée cerrado
    caution vorsicht attention cuidado
    price preis prix precio
    pharmacy apotheke pharmacie farmacia
    bakery bäckerei boulangerie panadería
    bookshop buchhandlung librairie librería
    station bahnhof gare estación
    handwritten handgeschrieben handgeschriebene handgeschriebenen handschriftlich handschriftliche handschriftlichen manuscritos
    police polizei policía
"""


@cache
def _others() -> dict[str, tuple[str, ...]]:
    groups = [tuple(line.split()) for line in _GROUPS.strip().splitlines()]
    return {word: group for group in groups for word in group}


def in_other_languages(word: str) -> tuple[str, ...]:
    """Return `word` (in lower case) and what it is called in the other languages; most words stand alone."""
    return _others().get(word, (word,))
