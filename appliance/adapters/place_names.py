"""How people write the names of places: folding of spelling, and the short names of countries that no list holds."""

import re
import unicodedata

ARTICLES = ("the ", "der ", "die ", "das ", "den ", "dem ", "la ", "le ", "les ", "l ", "el ", "los ", "las ", "il ", "lo ", "gli ")
ENDINGS = ("s", "n")  # German genitive ("Italiens") and dative plural ("in den Niederlanden")
SHORTEST_INFLECTED = 5

# Letters that Unicode does not take apart into a plain letter and a mark.
PLAIN_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "&": " and "})
NOT_A_LETTER = re.compile(r"[^\w]+|_+")

SHORT_NAMES = {
    "US": ("USA", "U.S.", "U.S.A.", "America", "Amerika", "Amérique", "América", "United States of America", "EEUU", "EE.UU.",
           "Estados Unidos de América", "Vereinigte Staaten von Amerika", "États-Unis d'Amérique", "the States"),
    "GB": ("UK", "U.K.", "Great Britain", "Britain", "England", "Großbritannien", "Grande-Bretagne", "Gran Bretaña", "Angleterre",
           "Inglaterra", "Inghilterra"),
    "NL": ("Holland", "Hollande", "Holanda", "Olanda"),
    "CZ": ("Czech Republic", "Tschechische Republik", "Tschechei", "République tchèque", "República Checa"),
    "TR": ("Turkey", "Türkei", "Turquie", "Turquía"),
    "MM": ("Burma", "Birma", "Birmanie", "Birmania", "Myanmar"),
    "CI": ("Ivory Coast", "Elfenbeinküste"),
    "CV": ("Cape Verde", "Kap Verde", "Cap-Vert", "Cabo Verde"),
    "SZ": ("Swaziland", "Swasiland", "Suazilandia"),
    "MK": ("Macedonia", "Mazedonien", "Macédoine"),
    "KR": ("Korea", "South Korea", "Corée", "Corea", "Republic of Korea"),
    "KP": ("North Korea",),
    "HK": ("Hong Kong", "Hongkong"),
    "MO": ("Macau", "Macao"),
    "VA": ("Vatican", "Vatikan", "Vaticano"),
    "AE": ("UAE", "Emirates", "Emirate", "Émirats", "Emiratos"),
    "BA": ("Bosnia", "Bosnien", "Bosnie"),
    "CD": ("DR Congo", "DRC", "Democratic Republic of the Congo"),
    "CG": ("Congo", "Kongo", "Republic of the Congo"),
    "IE": ("Eire", "Republic of Ireland"),
    "RU": ("Russian Federation",),
    "PS": ("Palestine", "Palästina", "Palestina"),
    "TL": ("East Timor",),
    "TT": ("Trinidad",),
    "CN": ("People's Republic of China", "PRC"),
    "BY": ("Weißrussland", "White Russia", "Biélorussie", "Bielorrusia"),
    "MD": ("Moldavia", "Moldavie", "Moldawien"),
    "TZ": ("Tansania",),
    "LK": ("Ceylon",),
}  # fmt: skip

# Words as well as names: taken for the country only when written in capitals.
ONLY_IN_CAPITALS = {"US": "US"}


def _plainly(letter: str) -> str:
    """Return `letter` without case and marks, a space for what is no letter."""
    apart = unicodedata.normalize("NFKD", letter.casefold())
    bare = "".join(part for part in apart if not unicodedata.combining(part)).translate(PLAIN_LETTERS)
    return bare if bare.isalnum() or letter == "&" else " "


# All that European languages write: one look into a table instead of taking 300,000 names apart at start.
LATIN = {code: _plainly(chr(code)) for code in (*range(0x250), *map(ord, "‐‑–—‘’“”"))}


def fold(name: str) -> str:
    """Return `name` without case, marks and punctuation: “Côte d'Azur” and “cote d azur” fold alike."""
    if name.isascii() and name.isalpha():
        return name.lower()
    folded = name.translate(LATIN)
    if not folded.isascii():
        apart = unicodedata.normalize("NFKD", folded.casefold())
        folded = NOT_A_LETTER.sub(" ", "".join(letter for letter in apart if not unicodedata.combining(letter)).casefold())
    return " ".join(folded.split())


def spellings(name: str) -> list[str]:
    """Return the folded ways to look `name` up, as written first, then without its article, then without its ending."""
    folded = fold(name)
    found = [folded]
    bare = next((folded.removeprefix(article) for article in ARTICLES if folded.startswith(article)), folded)
    found.append(bare)
    found += [bare.removesuffix(ending) for ending in ENDINGS if bare.endswith(ending) and len(bare) > SHORTEST_INFLECTED]
    return list(dict.fromkeys(word for word in found if word))
