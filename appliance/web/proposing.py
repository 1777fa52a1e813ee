"""What a text model proposes that the unread words of a sentence mean: asked while the results are there, checked, and offered."""

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, replace
from typing import cast

from appliance.accounts.viewer import Family
from appliance.adapters.vision_protocol import Field
from appliance.assistant.plan import Plan
from appliance.errors import CaptionUnusable, DecoderCrashed, DecoderFailed, ModelWrong, VisionUnavailable, WrongUsage
from appliance.library import albums
from appliance.search import proposals
from appliance.search.filters import Query
from appliance.search.find import NOTHING_FOUND
from appliance.search.vocabulary import Vocabulary
from appliance.store.db import Reader
from appliance.web import preferences, wording
from appliance.web.asking import Place, Reply, find, knowing, resolved, today_of
from appliance.web.contexts_asking import ProposalView
from appliance.web.installed import text_model
from appliance.web.rendering import environment
from appliance.web.state import Web

PULSE_SECONDS = 0.5
NOTHING = "The text model proposes nothing for “{}”."
AWAY = "The text model could not be asked about “{}”; these results are complete without it."
FIELDS = ("when", "where", "camera", "album", "see")

Values = dict[str, str]


@dataclass(frozen=True, slots=True)
class Unread:
    """What is asked of the text model: the form's fields, and what it is told."""

    left: str
    sentence: str
    fields: tuple[str, ...]
    names: tuple[str, ...]


def left_unread(web: Web, reader: Reader, viewer: Family, reply: Reply) -> str:
    """Return the words about which the text model shall be asked; “” when there is none, or it is switched off, or all was read."""
    if reply.plan.kind != "search" or reply.plan.note or text_model(web) is None or not preferences.proposals(reader, viewer):
        return ""
    return proposals.unread(reply.sentence, reply.query)


def seen_words(web: Web, reader: Reader, viewer: Family) -> Vocabulary:
    """What the library knows, with the albums that `viewer` sees alone."""
    seen = {album.id for album in albums.listed(reader, viewer)}
    known = knowing(web, reader, viewer).words
    return replace(known, albums=tuple(album for album in known.albums if album.id in seen))


def checked(web: Web, reader: Reader, viewer: Family, query: Query, values: Values) -> Query | None:
    """Return what `values` make of `query`; None when that is nothing, or nothing that `viewer` sees matches."""
    query_then = proposals.taken(query, values, today=today_of(web), vocabulary=seen_words(web, reader, viewer))
    return query_then if query_then and _count(web, reader, viewer, query_then) else None


def proposal(web: Web, viewer: Family, place: Place) -> Generator[None, None, ProposalView | str]:
    """Yield for each half second without an answer; return the proposal, or the sentence that says why there is none."""
    with web.store.read() as reader:
        unread = _unread(web, reader, viewer, place)
    if unread is None:
        return ""
    try:
        fields = cast("tuple[Field, ...]", unread.fields)
        asked = web.vision.fill(unread.left, fields, sentence=unread.sentence, names=unread.names, pulse=PULSE_SECONDS)
        with closing(asked):
            values: Values = {}
            for said in asked:
                if said is None:
                    yield
                else:
                    values = {str(name): value for name, value in said.items()}
    except (VisionUnavailable, DecoderCrashed, DecoderFailed, CaptionUnusable, ModelWrong, WrongUsage):
        return AWAY.format(unread.left)
    with web.store.read() as reader:
        return _view(web, reader, viewer, place, values) or NOTHING.format(unread.left)


def _unread(web: Web, reader: Reader, viewer: Family, place: Place) -> Unread | None:
    settled, sentence, plan = resolved(web, reader, viewer, place)
    left = left_unread(web, reader, viewer, Reply(settled, sentence, plan, NOTHING_FOUND))
    if not left:
        return None
    return Unread(left, sentence, proposals.open_fields(plan.query), proposals.names(seen_words(web, reader, viewer)))


def _view(web: Web, reader: Reader, viewer: Family, place: Place, values: Values) -> ProposalView | None:
    settled, _, plan = resolved(web, reader, viewer, place)
    query, model = checked(web, reader, viewer, plan.query, values), text_model(web)
    if query is None or model is None:
        return None
    return ProposalView(
        means=meaning(plan.query, query),
        count=wording.counted(_count(web, reader, viewer, query), "match", "matches"),
        here=settled.encoded(),
        values=tuple((name, values.get(name, "")) for name in FIELDS),
        model=model.description.name,
        sample=model.description.sample,
    )


def meaning(before: Query, after: Query) -> str:
    """What was proposed, in words of this box: the new filters' labels, and the words that are left to be seen."""
    tokens = {chip.token for chip in before.chips}
    labels = [chip.label for chip in after.chips if chip.token not in tokens]
    return ", ".join([after.text, *labels] if after.text else labels)


def _count(web: Web, reader: Reader, viewer: Family, query: Query) -> int:
    return find(web, reader, viewer, Plan(query=query), limit=1).total


def events(web: Web, viewer: Family, place: Place, csrf: str) -> Generator[tuple[str, str], None, None]:
    """`wait` while the model reads, then `proposal` with what is shown, and `done`."""
    asking = proposal(web, viewer, place)
    with closing(asking):
        try:
            while True:
                next(asking)
                yield "wait", " "
        except StopIteration as ended:
            yield "proposal", " ".join(_html(ended.value, csrf).split())
    yield "done", "done"


def whole(web: Web, viewer: Family, place: Place) -> ProposalView | str:
    """The same for a browser without scripts, which waits for it."""
    asking = proposal(web, viewer, place)
    while True:
        try:
            next(asking)
        except StopIteration as ended:
            return cast("ProposalView | str", ended.value)


def _html(proposed: ProposalView | str, csrf: str) -> str:
    said = proposed if isinstance(proposed, str) else ""
    offered = None if isinstance(proposed, str) else proposed
    return environment().get_template("ask/_proposal.html").render(proposal=offered, said=said, csrf=csrf)
