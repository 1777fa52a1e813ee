"""mantel find, mantel ask: a sentence in, hits that say why out; `ask` also says it in words."""

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from typing import Any

import msgspec

from appliance import cli_look
from appliance.accounts.viewer import Owner
from appliance.assistant import actions, answer, box, conversation, facts
from appliance.assistant.conversation import Turn
from appliance.assistant.intents import understand
from appliance.assistant.plan import Plan
from appliance.cli_library import clock, opened
from appliance.cli_output import DONE, Output, plain, table
from appliance.cli_search_tools import Search, prepare
from appliance.errors import WrongUsage
from appliance.indexing.pipeline import STAGES
from appliance.search.chips import labels_of, resembling
from appliance.search.filters import Query
from appliance.search.find import FEW_MATCHES, NOTHING_FOUND, Found, Hit
from appliance.search.query import parse
from appliance.settings import Settings
from appliance.store.db import Store
from appliance.store.layout import Layout


def run(words: argparse.Namespace, settings: Settings, output: Output) -> int:
    if words.command == "find" and not _asks_once(words):
        raise WrongUsage(what="Give “mantel find” one sentence, or a file of them with --from, or a photo with --like.")
    with opened(settings) as (store, layout):
        if words.command == "ask":
            _ask(words, store, layout, settings, output)
        elif words.file is not None:
            _find_each(words, store, layout)
        else:
            _find(words, store, layout, output)
    return DONE


def _asks_once(words: argparse.Namespace) -> bool:
    given = (words.sentence is not None) + (words.file is not None)
    return given == 1 or (not given and bool(_likes(words)))


def _likes(words: argparse.Namespace) -> tuple[int, ...]:
    return tuple(getattr(words, "like", None) or ())


def _find(words: argparse.Namespace, store: Store, layout: Layout, output: Output) -> None:
    """Plain search: what is found, and no words about it."""
    with store.read() as reader:
        search = prepare(reader, layout, words.today)
        sentence = words.sentence or ""
        trail = conversation.trail(reader, search.viewer, words.conversation, keeping=search.keeping) if words.conversation else ()
        plan = understand(sentence, today=search.today, vocabulary=search.known, trail=trail, plain=True)
        plan = _gone_back(search, words.conversation, trail) if plan.kind == "back" else plan
        plan = replace(plan, query=resembling(plan.query, _likes(words)))
        found = search.find(plan.query, words)
    if words.conversation:
        _remember(store, search, words.conversation, sentence, plan, found, trail)
    output.show(_document(plan.query, found), _lines(plan.query, found))


def _find_each(words: argparse.Namespace, store: Store, layout: Layout) -> None:
    try:
        sentences = words.file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUsage(what=f"{words.file} could not be read as text ({error}).") from error
    with store.read() as reader:
        search = prepare(reader, layout, words.today)
        for sentence in sentences:
            query = resembling(parse(sentence, today=search.today, vocabulary=search.known), _likes(words))
            print(json.dumps(_document(query, search.find(query, words)), ensure_ascii=False), flush=True)


def _ask(words: argparse.Namespace, store: Store, layout: Layout, settings: Settings, output: Output) -> None:
    with store.read() as reader:
        search = prepare(reader, layout, words.today)
        trail = conversation.trail(reader, search.viewer, words.conversation, keeping=search.keeping) if words.conversation else ()
        pins = conversation.pinned(reader, search.viewer, words.conversation, search.keeping) if words.conversation else None
        plan = search.understand(words.sentence, trail, pins)
        plan = _gone_back(search, words.conversation, trail) if plan.kind == "back" else plan
        found = NOTHING_FOUND if plan.kind == "box" else search.find(plan.query, words)
        pieces, groups = _answer(search, layout, settings, plan, found)
        inspection = cli_look.inspection(search, store, layout, settings, words.sentence, plan)
    number = _remember(store, search, words.conversation, words.sentence, plan, found, trail)
    said = "".join(piece.words for piece in pieces)
    cited = answer.evidence(pieces)
    document = {
        "conversation": number,
        "answer": said,
        "intent": "compare" if plan.compares else plan.query.intent if plan.kind == "search" else plan.kind,
        "hits": _hits(found.hits),
        "evidence": list(dict.fromkeys((*cited, *(hit.asset_id for hit in found.hits)))),
        "action": _action(search.viewer, plan, found),
    }
    if inspection is not None:
        document["inspection"] = inspection
        said += f" Each is being looked at; see /inspections/{inspection} in the browser."
        document["answer"] = said
    if groups:
        document["groups"] = [{"name": group.name, "days": group.days, "assets": group.assets} for group in groups]
    output.show(document, [plain(said), *_group_lines(groups), *_hit_lines(found.hits)])


def _answer(
    search: Search, layout: Layout, settings: Settings, plan: Plan, found: Found
) -> tuple[tuple[answer.Said, ...], tuple[facts.Group, ...]]:
    """The answer in words, and what it counts by when the question was how often or which."""
    if (words := cli_look.looked_at(search, layout, settings, plan)) is not None:
        return (answer.Said(words, assets=(plan.asset,) if plan.asset else ()),), ()
    if plan.kind == "box" and plan.topic:
        captions = cli_look.vision_model(layout, settings) is not None
        state = box.Box(search.reader, search.viewer, layout, STAGES, captions, clock(), settings.vision_address)
        return tuple(box.answer(plan.topic, state)), ()
    people = search.asked.unlocked
    names = labels_of(search.known.persons)
    lookup = facts.Lookup(search.reader, search.viewer, search.matches, search.country, people, names)
    known = facts.look_up(lookup, plan, found.assets)
    return tuple(answer.answer(plan, found.total, known)), known.groups


def _action(viewer: Owner, plan: Plan, found: Found) -> dict[str, Any] | None:
    """What could be done, as a proposal only: it is done in the browser, after a click."""
    if plan.act is None or not found.total or actions.refused(viewer, plan.act, found.total):
        return None
    return {"kind": plan.act.kind, "name": plan.act.name or None, "assets": found.assets.tolist()}


def _gone_back(search: Search, number: int, trail: Sequence[Turn]) -> Plan:
    """“Back”: what the question before asked. The first one has none before it and is asked again."""
    earlier = max(trail[-1].number - 1, 1)
    before = conversation.trail(search.reader, search.viewer, number, earlier, keeping=search.keeping)[-1]
    return Plan("back", before.query)


def _remember(
    store: Store, search: Search, number: int | None, sentence: str, plan: Plan, found: Found, trail: Sequence[Turn]
) -> int | None:
    """Add the turn to its conversation, or to a new one; there is none while there is no owner to have it."""
    viewer = search.viewer
    if not viewer.user_id:
        return None
    before = None
    if trail and (plan.follows or plan.kind == "back"):
        before = max(trail[-1].number - 1, 1) if plan.kind == "back" else trail[-1].number
    shown = found.assets[: conversation.MOST_SHOWN].tolist()
    with store.write() as writer:
        number = number or conversation.begin(writer, viewer, now=clock())
        conversation.add(
            writer, viewer, number, sentence, plan.query, now=clock(), keeping=search.keeping, plan=plan, before=before, shown=shown
        )
    return number


def _document(query: Query, found: Found) -> dict[str, Any]:
    plan = msgspec.to_builtins(query)
    nothing = msgspec.to_builtins(Query())
    apart = ("text", "aside", "sort", "intent", "chips")
    filters = {name: value for name, value in plan.items() if name not in apart and value != nothing[name]}
    return {
        "query": {"text": query.text, "aside": query.aside, "filters": filters, "sort": query.sort, "intent": query.intent},
        "chips": [asdict(chip) for chip in query.chips],
        "total": found.total,
        "hits": _hits(found.hits),
        "maybe": _hits(found.maybe),
    }


def _hits(hits: Sequence[Hit]) -> list[dict[str, Any]]:
    return [
        {"id": hit.asset_id, "original": hit.original, "score": hit.score, "why": [asdict(why) for why in hit.why]} for hit in hits
    ]


def _lines(query: Query, found: Found) -> Iterator[str]:
    chips = " ".join(f"[{chip.label}]" for chip in query.chips)
    yield plain(f"{found.total} found {chips} {query.text}".strip())
    if query.aside:
        yield plain(f"left aside: {query.aside}")
    yield from _hit_lines(found.hits)
    if found.maybe and found.total <= FEW_MATCHES:
        yield "maybe:"
        yield from _hit_lines(found.maybe)


def _group_lines(groups: Sequence[facts.Group]) -> list[str]:
    return table([(f"  {group.name}", group.days, group.assets) for group in groups]) if groups else []


def _hit_lines(hits: Sequence[Hit]) -> Iterator[str]:
    for hit in hits:
        yield plain(f"  {hit.asset_id}  {hit.original}  {'; '.join(why.text for why in hit.why)}")
