"""Albums and tags in a sentence: “in the album Rome 2019”, “from my Rome album”, “tagged garden”, “#garden”.

They are taken only where the library has such an album or tag; before everything else, since titles hold places and years.
"""

from collections.abc import Callable, Iterator

from appliance.search.glue import GLUE, PHOTOS
from appliance.search.kinds import negation_before
from appliance.search.reading import Reading
from appliance.search.sentence import phrase_set, word_set

ALBUM = word_set("album albums fotoalbum fotoalben alben álbum álbumes")
CALLED = word_set("called named titled namens mit dem titel intitulé nommé llamado titulado of von de : the")
BEFORE_AN_ALBUM = word_set(
    "in from of inside within the my our this that photo picture aus im dem den meinem unserem vom von dans de du d l"
    " mon notre le"
    " en el la mi nuestro del"
)
TAGGED = phrase_set(
    "tagged|tagged with|tagged as|with the tag|with the tags|with tag|with a tag|the tag|tag :|with the keyword|with keyword"
    "|mit dem schlagwort|mit schlagwort|schlagwort|mit dem stichwort|stichwort|mit dem tag|getaggt mit|getaggt als|getaggt"
    "|verschlagwortet mit|avec le tag|avec les tags|avec l'étiquette|avec le mot-clé|mot-clé|étiqueté|étiquetée|étiquetés"
    "|étiquetées|taguées|con la etiqueta|con las etiquetas|etiqueta|etiquetado|etiquetada|etiquetados|etiquetadas"
    "|etiquetadas con|etiquetadas como|con el tag|con la palabra clave|#"
)
AND = word_set("and or und oder et ou y o , & #")
QUOTES = frozenset("\"'“”„«»‹›‘’")
LONGEST = 8  # words of a title or tag
Named = tuple[int, tuple[object, ...]]


def recognise(reading: Reading) -> None:
    """Take albums and tags into `albums`, `tags`, `not_albums` and `not_tags`."""
    for index in range(len(reading.words)):
        if reading.at(index) in ALBUM and reading.vocabulary.albums:
            _album(reading, index)
        elif reading.vocabulary.tags and (end := TAGGED.end_at(reading.folded, index)) is not None:
            _several(reading, index, end, "tags", _tag_at)


def _album(reading: Reading, index: int) -> None:
    start = index
    while reading.at(start - 1) in BEFORE_AN_ALBUM and reading.at(start - 1):
        start -= 1
    end = index + 1
    while reading.at(end) in CALLED and reading.at(end):
        end += 1
    if not _several(reading, start, end, "albums", _album_at):
        _album_before(reading, index)


def _album_before(reading: Reading, index: int) -> None:
    """“My Rome album”, “the wedding album”."""
    for start in range(max(index - LONGEST, 0), index):
        if (albums := _albums_called(_words(reading, start, index))) and (found := albums(reading)):
            while reading.at(start - 1) in BEFORE_AN_ALBUM and reading.at(start - 1):
                start -= 1
            _note(reading, start, index + 1, "albums", found)
            return


def _several(reading: Reading, start: int, first: int, field: str, named: Callable[[Reading, int], Named | None]) -> bool:
    """Take one name at `first` and those that “and” joins to it; say whether there was one."""
    hit = named(reading, first)
    if hit is None:
        return False
    end, found = hit
    while reading.at(end) in AND and reading.at(end) and (more := named(reading, end + 1)) is not None:
        end, found = more[0], (*found, *more[1])
    _note(reading, start, end, field, found)
    return True


def _note(reading: Reading, start: int, end: int, field: str, found: tuple[object, ...]) -> None:
    index = start
    while reading.at(index) in BEFORE_AN_ALBUM and reading.at(index):
        index += 1
    excluded = negation_before(reading, index, BEFORE_AN_ALBUM)
    reading.add(field if excluded is None else f"not_{field}", *found)
    reading.take(start if excluded is None else excluded, end)


def _tag_at(reading: Reading, first: int) -> Named | None:
    """Return (end, tag) of the longest tag that is written from `first` on."""
    for end, words in _runs(reading, first):
        if (tag := reading.vocabulary.tags.get(words)) is not None:
            return end, (tag,)
    return None


def _album_at(reading: Reading, first: int) -> Named | None:
    """Return (end, ids) of the albums whose title is written from `first` on, as a whole or in part."""
    for end, words in _runs(reading, first):
        if (albums := _albums_called(words)) and (found := albums(reading)):
            return end, found
    return None


def _albums_called(words: tuple[str, ...]) -> Callable[[Reading], tuple[object, ...]] | None:
    """Return what finds the albums whose title is `words`, else holds them; None for words that say nothing."""
    if not words or all(word in GLUE or word in PHOTOS for word in words):
        return None

    def find(reading: Reading) -> tuple[object, ...]:
        every = reading.vocabulary.albums
        return tuple(one.id for one in every if one.words == words) or tuple(
            one.id for one in every if set(words) <= set(one.words) and words[0] not in GLUE
        )

    return find


def _runs(reading: Reading, first: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield (end, words) of the runs from `first` on, the longest first; the closing quotation mark belongs to a run."""
    for end in range(min(first + LONGEST, len(reading.words)), first, -1):
        if reading.at(end - 1).isalnum() and (words := _words(reading, first, end)):
            yield end + (reading.at(end) in QUOTES and reading.at(first) in QUOTES), words


def _words(reading: Reading, first: int, end: int) -> tuple[str, ...]:
    return tuple(word for word in reading.folded[first:end] if word.isalnum())
