"""Countries as adjectives: “our Greek holiday”, “italienische Fotos”, “nos vacances marocaines”.

Only beside photos or a journey: “Italian food” is food. Stems in English, German, French and Spanish; what may follow is
an ending."""

import re

from appliance.search.filters import PlaceFilter
from appliance.search.glue import GLUE, PHOTOS
from appliance.search.idle_words import JOURNEYS, are_idle
from appliance.search.reading import Reading
from appliance.search.sentence import fold, word_set

STEMS = {
    "AR": "argentin argentinisch", "AT": "austrian osterreichisch autrichien austriac", "AU": "australian australisch australien",
    "BE": "belgian belgisch belge belg", "BR": "brazilian brasilianisch bresilien brasilen",
    "CA": "canadian kanadisch canadien canadiens",
    "CH": "swiss schweizer schweizerisch suisse suiz", "CN": "chinese chinesisch chinois chin", "CU": "cuban kubanisch cubain",
    "CZ": "czech tschechisch tcheque chec", "DE": "german deutsch allemand aleman", "DK": "danish danisch danois danes",
    "EG": "egyptian agyptisch egyptien egipci", "ES": "spanish spanisch espagnol espanol",
    "FI": "finnish finnisch finlandais finlandes",
    "FR": "french franzosisch francais frances", "GB": "british britisch britannique britanic",
    "GR": "greek griechisch grec grecque grieg",
    "HR": "croatian kroatisch croate croat", "HU": "hungarian ungarisch hongrois hungar", "IE": "irish irisch irlandais irlandes",
    "IL": "israeli israelisch israelien", "IN": "indian indisch indien indi", "IS": "icelandic islandisch islandais islandes",
    "IT": "italian italienisch italien italian", "JP": "japanese japanisch japonais japones",
    "KR": "korean koreanisch coreen corean",
    "MA": "moroccan marokkanisch marocain marroqui", "MX": "mexican mexikanisch mexicain mexican", "NL": "dutch niederlandisch "
    "hollandisch neerlandais hollandais holandes neerlandes", "NO": "norwegian norwegisch norvegien norueg",
    "NZ": "kiwi neuseelandisch neo-zelandais neozelandes", "PE": "peruvian peruanisch peruvien peruan",
    "PL": "polish polnisch polonais "
    "polac", "PT": "portuguese portugiesisch portugais portugues", "RU": "russian russisch russe rus", "SE": "swedish schwedisch "
    "suedois suec", "TH": "thai thailandisch thailandais tailandes", "TR": "turkish turkisch turc turque turc", "US": "american "
    "amerikanisch americain american estadounidens", "VN": "vietnamese vietnamesisch vietnamien vietnamit",
    "ZA": "south-african sudafrikanisch sud-africain sudafrican",
}  # fmt: skip
ENDING = "(?:e|en|er|es|em|s|ne|nes|enne|ennes|a|as|o|os|i|is|ns)?"
CODES = {fold(stem): code for code, stems in STEMS.items() for stem in stems.split()}
ADJECTIVE = re.compile(f"({'|'.join(sorted(map(re.escape, CODES), key=len, reverse=True))}){ENDING}")
LAND = word_set("soil ground land territory boden gebiet sol territoire suelo territorio tierra tierras")
OTHERWISE = GLUE | LAND
AWAY = word_set(JOURNEYS) | LAND | PHOTOS


def recognise(reading: Reading) -> None:
    """Take such adjectives when nothing else is left that could be seen."""
    found = [(index, code) for index in range(len(reading.words)) if (code := _country(reading.at(index)))]
    taken = {index for index, _ in found}
    others = [word for index, word in enumerate(reading.folded) if index not in taken and word.isalpha()]
    if not found or not are_idle(others, OTHERWISE | PHOTOS) or not any(word in AWAY for word in others):
        return
    for index, code in found:
        if (place := _place(reading, code)) is not None:
            reading.places.append(place)
            reading.take(index, index + 1)
    for index, word in enumerate(reading.folded):
        if word in LAND:
            reading.take(index, index + 1)


def _country(word: str) -> str | None:
    hit = ADJECTIVE.fullmatch(word)
    return CODES[hit[1]] if hit else None


def _place(reading: Reading, code: str) -> PlaceFilter | None:
    """Return the country by its English adjective's land, as the gazetteer calls it."""
    name = reading.vocabulary.gazetteer.country_names(code)
    return PlaceFilter(name[0], country=code) if name else None
