"""What a sentence is: a search, or something about what was found before, one picture, something to be done, or the box itself.

Rules, no model: each pattern of intent_words.py is matched with the whole sentence, and everything that is not clearly one of them
is a search. Only a person's own sentence comes here; nothing that was read in a picture does."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from itertools import count
from typing import cast

from appliance.assistant import intent_words as table
from appliance.assistant import picks, time_words
from appliance.assistant.conversation import Turn
from appliance.assistant.look_words import in_english
from appliance.assistant.plan import Act, ActKind, Plan, Topic
from appliance.assistant.unknowns import no_album, no_birthday, no_names
from appliance.search import chips, follow_up
from appliance.search.filters import Query
from appliance.search.persons import asks_who
from appliance.search.query import labelled, parse
from appliance.search.reading import Reading
from appliance.search.sentence import Word, split
from appliance.search.vocabulary import Vocabulary

_POINTING = re.compile(table.POINTING)
_WHAT = re.compile(f"{table.POINTING}|{picks.ONE_OR_MORE}|{table.DESCRIBED}|{table.EVERYTHING}")
MARKS = "\"'“”„«»‘’ .,;:!?()[]"
SPANS_OF_VALUES = ("dates", "places", "cameras")


@dataclass(frozen=True)
class Sentence:
    """A sentence as patterns see it: folded words with one space between, no marks."""

    typed: str

    @cached_property
    def words(self) -> tuple[Word, ...]:
        return tuple(word for word in split(self.typed, 250) if word.folded.isalnum())

    @cached_property
    def folded(self) -> str:
        return " ".join(word.folded for word in self.words)

    def as_typed(self, match: re.Match[str], group: str) -> str:
        """The part of the sentence that `group` matched, as the person wrote it."""
        if match[group] is None:
            return ""
        first = self.folded[: match.start(group)].count(" ")
        last = first + match[group].count(" ")
        return self.typed[self.words[first].start : self.words[last].end].strip(MARKS)


@dataclass(frozen=True)
class Understanding:
    """What is known while a sentence is understood. `trail` ends with the turn that one looks at; `pins` hold for new questions."""

    sentence: Sentence
    today: date
    vocabulary: Vocabulary
    trail: tuple[Turn, ...]
    pins: Query | None

    @property
    def prior(self) -> Query | None:
        return self.trail[-1].query if self.trail else None

    @cached_property
    def reading(self) -> Reading:
        """The sentence before anything in it is understood; to look at, not to take from."""
        return Reading(self.sentence.typed, self.today, self.vocabulary)

    def read(self, text: str, prior: Query | None = None) -> Query:
        return parse(text, today=self.today, vocabulary=self.vocabulary, prior=prior)

    def with_chips(self, query: Query) -> Query:
        return labelled(query, self.vocabulary)


def understand(
    sentence: str,
    *,
    today: date,
    vocabulary: Vocabulary,
    trail: Sequence[Turn] = (),
    pins: Query | None = None,
    plain: bool = False,
) -> Plan:
    """Return what `sentence` wants, seen from `today` and from the last turn of `trail`.

    `plain`: the person wants photos and no words, so that only searches and their follow-ups are understood. Never raises.
    """
    known = Understanding(Sentence(sentence), today, vocabulary, tuple(trail), pins)
    rules = (
        (_needs_names, _back, _picked, _who, _asked_of_these)
        if plain
        else (_needs_names, _back, _picked, _who, _asked_of_these, _box, _act, _check, _look, _unknown, _compared)
    )
    for rule in rules:
        if (plan := rule(known)) is not None:
            return replace(plan, query=known.with_chips(plan.query))
    return _search(known)


def _search(known: Understanding) -> Plan:
    """A new question (within what is pinned), or one that changes the question before it."""
    alone = known.read(known.sentence.typed)
    if known.prior is not None:
        query = known.read(known.sentence.typed, _for_follow_up(known))
        if query != alone:
            return Plan(query=_without_pick_for_new_words(known, query), follows=True)
    if known.pins is not None:
        return Plan(query=known.with_chips(follow_up.merged(known.pins, alone, "narrow")))
    return Plan(query=alone)


def _for_follow_up(known: Understanding) -> Query:
    """“Only 2019” stays within what was pointed at; “and in winter?” asks of all again."""
    assert known.prior is not None
    change = follow_up.opening(Reading(known.sentence.typed, known.today, known.vocabulary)).change
    return known.prior if change == "narrow" else replace(known.prior, only=())


def _without_pick_for_new_words(known: Understanding, query: Query) -> Query:
    """New words have to find something, and what was pointed at is not ranked."""
    assert known.prior is not None
    return known.with_chips(replace(query, only=())) if query.only and query.text != known.prior.text else query


def _needs_names(known: Understanding) -> Plan | None:
    """“Who is in this photo?” while People is locked, “photos of me” while nobody knows who that is."""
    said = no_names(known.reading, known.prior)
    if said is None:
        return None
    query = known.prior if known.prior is not None else Query()
    return Plan("box", query, follows=bool(known.trail), note=said, nameless=known.vocabulary.people == "locked")


def _who(known: Understanding) -> Plan | None:
    """“Who is on the third?”"""
    if known.prior is None or known.vocabulary.people != "open" or asks_who(known.reading) is None:
        return None
    asset = picks.pointed_at(known.sentence.folded, known.trail)
    if asset is None:
        return None
    query = replace(known.prior, only=(asset,), intent="which", which_of="persons", sort="relevance", limit=None)
    return Plan(query=query, follows=True)


def _back(known: Understanding) -> Plan | None:
    return Plan("back", known.trail[-1].query) if known.trail and _whole(table.BACK, known.sentence) else None


def _picked(known: Understanding) -> Plan | None:
    """“The third”, “the first two”, “the other one”, “all of them again”."""
    if not known.trail:
        return None
    if _whole(table.AGAIN, known.sentence):
        turn = next((turn for turn in reversed(known.trail) if not turn.query.only and not turn.query.like), known.trail[-1])
        return Plan(query=replace(turn.query, only=(), intent="find"), follows=True)
    if (alike := picks.alike(known.sentence.folded, known.trail)) is not None:
        return _resembling(known, alike)
    picked = picks.picked(known.sentence.folded, known.trail)
    return None if picked is None else _pick(known, picked)


def _resembling(known: Understanding, alike: picks.Picked) -> Plan:
    """“More like the third”: a search of its own for what resembles it."""
    return Plan(query=chips.resembling(Query(), alike.assets), follows=True) if alike.assets else _pick(known, alike)


def _pick(known: Understanding, picked: picks.Picked) -> Plan:
    assert known.prior is not None
    if not picked.assets:
        return Plan(query=known.prior, follows=True, note=picked.lacks)
    return Plan(query=replace(known.prior, only=picked.assets, intent="find", sort="relevance", limit=None), follows=True)


def _asked_of_these(known: Understanding) -> Plan | None:
    """“When was this taken?”, “where are these?”, “how many?” ask the same rows something else."""
    if known.prior is None:
        return None
    for intent, pattern in (("when", table.WHEN_THESE), ("where", table.WHERE_THESE), ("count", table.COUNT_THESE)):
        if _whole(pattern, known.sentence):
            return Plan(query=replace(known.prior, intent=intent, sort="relevance"), follows=True)  # type: ignore[arg-type]
    return _often_or_which_of_these(known)


def _often_or_which_of_these(known: Understanding) -> Plan | None:
    """“Which towns are these from?”, “how often?” name nothing to look for, so they ask it of what is shown."""
    alone = known.read(known.sentence.typed)
    asked = {"intent": alone.intent, "which_of": alone.which_of, "often_by": alone.often_by}
    if known.prior is None or alone.intent not in ("often", "which") or re.search(table.IN_LIBRARY, known.sentence.folded):
        return None
    if replace(alone, kind=None, chips=()) != replace(Query(), **asked):  # type: ignore[arg-type]
        return None
    return Plan(query=replace(known.prior, **asked), follows=True)  # type: ignore[arg-type]


def _box(known: Understanding) -> Plan | None:
    for topic, patterns in table.BOX.items():
        if any(_whole(pattern, known.sentence) for pattern in patterns):
            return Plan("box", topic=cast("Topic", topic))
    return None


def _act(known: Understanding) -> Plan | None:
    for kind, patterns in table.ACTS.items():
        for pattern in patterns:
            if (match := _whole(pattern, known.sentence)) is not None:
                return _act_on(known, Act(cast("ActKind", kind), _name(known, match)), match)
    return None


def _name(known: Understanding, match: re.Match[str]) -> str:
    """The title, the tag or the person as it was typed; of a time what is wrong with it."""
    groups = match.groupdict()
    span = next((words for group, words in groups.items() if group.startswith("span") and words), None)
    name = next((group for group, words in groups.items() if group.startswith("name") and words), None)
    return known.sentence.as_typed(match, name) if name else time_words.change(span)


def _act_on(known: Understanding, act: Act, match: re.Match[str]) -> Plan | None:
    """What `act` is done with: what is shown, some of it that is pointed at, or what the sentence describes."""
    group = next((name for name, value in match.groupdict().items() if name.startswith("what") and value), None)
    what = match[group] if group else ""
    if not what or _POINTING.fullmatch(what):
        return Plan("act", known.prior, follows=True, act=act) if known.prior is not None else Plan("box", topic="ask first")
    if known.trail and (picked := picks.picked(what, known.trail)):
        found = _pick(known, picked)
        return replace(found, kind="act", act=act) if picked.assets else found
    if re.fullmatch(f"{picks.ONE_OR_MORE}|{table.EVERYTHING}", what):
        return Plan("box", topic="ask first")
    query = replace(known.read(known.sentence.as_typed(match, group or "")), intent="find")
    return Plan("act", query, act=act) if replace(query, chips=()) != Query() else None


def _check(known: Understanding) -> Plan | None:
    """“Find every receipt”: a set whose members are looked at one by one."""
    match = _whole(table.CHECK, known.sentence)
    groups = match.groupdict() if match else {}
    group = next((name for name, value in groups.items() if value and not name.startswith("pointing")), None)
    if match is None or group is None or re.fullmatch(table.DESCRIBED, match[group]):
        return None
    thing = known.sentence.as_typed(match, group)
    if group == "of_these":
        return Plan("check", known.prior, follows=True, thing=thing) if known.prior is not None else None
    return Plan("check", known.read(thing), thing=thing)


def _look(known: Understanding) -> Plan | None:
    """A question about the one picture that is shown, or that the sentence points at (“what is the total on the second?”)."""
    if known.prior is None or re.search(rf"\b{table.PHOTOS}\b", known.sentence.folded):
        return None
    asset = picks.pointed_at(known.sentence.folded, known.trail)
    asks = _whole(table.LOOK, known.sentence) or in_english(known.sentence.typed)
    if asset is None and len(known.trail[-1].shown) == 1 and asks:
        asset = known.trail[-1].shown[0]
    if asset is None:
        return None
    query = replace(known.prior, only=(asset,), intent="find", sort="relevance", limit=None)
    return Plan("look", query, follows=True, asset=asset, question=known.sentence.typed)


def _unknown(known: Understanding) -> Plan | None:
    """What the library does not have: a person's birthday, an album of that name."""
    typed = known.sentence.typed
    said = no_birthday(typed, known.vocabulary)
    if said is None and not known.read(typed).albums and not known.read(typed).not_albums:
        said = no_album(typed, known.vocabulary.albums)
    return None if said is None else Plan("box", note=said)


def _compared(known: Understanding) -> Plan | None:
    """“More photos from Rome or from Paris?”, and “2019 or 2020?” when it says nothing else."""
    folded = known.sentence.folded
    if not re.search(table.OR, folded):
        return None
    more = re.match(rf"{table.POLITE}{table.MORE}\s", folded + " ")
    if more is not None:
        rest = folded[: more.end()].strip().count(" ") + 1
        text = known.sentence.typed[known.sentence.words[rest].start :] if rest < len(known.sentence.words) else ""
        query = replace(known.read(text), intent="find")
        return Plan(query=query, compares=True) if _alternatives(query) else None
    query = known.read(known.sentence.typed)
    joined = {name: getattr(query, name) for name in SPANS_OF_VALUES if getattr(query, name)}
    says_no_more = not query.text and len(query.chips) == 2 and [len(values) for values in joined.values()] == [2]
    if not says_no_more or not known.sentence.typed.rstrip().endswith("?"):
        return None
    prior = known.prior if known.prior is not None else Query()
    return Plan(query=replace(prior, intent="find", only=(), **joined), follows=bool(known.trail), compares=True)


def _alternatives(query: Query) -> bool:
    return any(len(getattr(query, name)) > 1 for name in SPANS_OF_VALUES) or bool(re.search(table.OR, query.text.lower()))


def alternatives(query: Query) -> Iterator[tuple[str, Query, tuple[str, ...]]]:
    """Return what a comparing `query` joins by OR: its name, the query for it alone, the tokens of the chips that this lacks."""
    for name in SPANS_OF_VALUES:
        values = getattr(query, name)
        if len(values) > 1:
            labels = {chip.token: chip.label for chip in query.chips}
            tokens = [chips.token(name, value) for value in values]
            for value, token in zip(values, tokens, strict=True):
                others = tuple(other for other in tokens if other != token)
                yield labels.get(token, token), replace(query, **{name: (value,)}), others  # type: ignore[arg-type]
            return
    for text in re.split(table.OR, query.text, flags=re.IGNORECASE):
        if text.strip():
            yield f"“{text.strip()}”", replace(query, text=text.strip()), ()


def _whole(pattern: str, sentence: Sentence) -> re.Match[str] | None:
    """Match the whole sentence, and see that what stands for photos does name some."""
    match = _compiled(pattern).fullmatch(sentence.folded)
    for group, words in (match.groupdict() if match else {}).items():
        if words and group.startswith("what") and not _WHAT.fullmatch(words):
            return None
        if words and group.startswith("pointing") and not _POINTING.fullmatch(words):
            return None
    return match


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    """Any words stand for photos at first: one large pattern to check them is made once instead of a hundred times."""
    numbers = count()
    filled = re.sub(r"(\(\?P<what\w*>)\{WHAT\}\)", r"\1.+?)", pattern)
    filled = re.sub(r"\(\?:\{WHAT\}\)", lambda _: f"(?P<what_{next(numbers)}>.+?)", filled)
    filled = filled.replace("{SPAN}", time_words.SPAN)
    filled = re.sub(r"\(\?:\{POINTING\}\)", lambda _: f"(?P<pointing_{next(numbers)}>.+?)", filled)
    return re.compile(f"{table.POLITE}(?:{filled}){table.PLEASE}")
