"""The box “Ask about this picture”: what it shows, and the words of the vision model as they come."""

from collections.abc import Generator
from contextlib import closing
from functools import partial
from html import escape

from appliance.adapters.rgb import Rgb
from appliance.adapters.vision_answers import clean
from appliance.assistant.look import LONGEST_QUESTION, SAID_NOTHING, facts_of, for_the_model, refusal
from appliance.errors import CaptionUnusable, DecoderCrashed, DecoderFailed, ModelMissing, ModelWrong, VisionUnavailable, WrongUsage
from appliance.indexing.stages import VISION_SIDE
from appliance.library import derivatives
from appliance.library.assets import Asset
from appliance.web.asking import country_name
from appliance.web.contexts_looking import LookedView, LookView
from appliance.web.installed import vision_model
from appliance.web.state import Web

PULSE_SECONDS = 0.5
PATIENCE_SECONDS = 600.0  # on a small machine a picture takes half a minute, and somebody else may be before us
Events = Generator[tuple[str, str], None, None]

ENDED = "The vision process ended over this question. It starts again by itself; ask again in a moment."


def look_view(web: Web, asset: Asset, looked: LookedView | None = None) -> LookView:
    """`looked`: a question that has just been asked, with its answer or the address that streams it."""
    model = vision_model(web)
    said = model.description if model else None
    return LookView(
        ready=derivatives.filled(web.layout.preview(asset.row.sha256)),
        model=said.name if said else "",
        sample=said.sample if said else False,
        longest=LONGEST_QUESTION,
        looked=looked,
    )


def pixels(web: Web, asset: Asset) -> Rgb:
    """What the model sees: the same pixels as for its caption, so that what was made of them once is used again."""
    return web.decoder.rgb(web.layout.preview(asset.row.sha256), VISION_SIDE)


def answer(web: Web, asset: Asset, question: str) -> Generator[str, None, str]:
    """Yield what has been said so far each time there is more, and "" for each half second of silence; return the whole answer,
    or the sentence that says why there is none. Closing hangs up on the model, which stops."""
    if sentence := refusal(question, web.layout.preview(asset.row.sha256)):
        return sentence
    said = ""
    try:
        facts = facts_of(asset, partial(country_name, web))
        pieces = web.vision.ask(pixels(web, asset), for_the_model(question), facts, timeout=PATIENCE_SECONDS, pulse=PULSE_SECONDS)
        with closing(pieces):
            for piece in pieces:
                said += piece
                yield clean(said) if piece else ""
    except DecoderCrashed:
        return ENDED
    except (VisionUnavailable, ModelMissing, ModelWrong, CaptionUnusable, DecoderFailed, WrongUsage) as error:
        return str(error)
    return clean(said) or SAID_NOTHING


def events(web: Web, asset: Asset, question: str) -> Events:
    """`wait` while there is nothing yet, `words` with all that was said so far, once `said` with the whole, and `done`."""
    saying = answer(web, asset, question)
    silent = 0
    with closing(saying):
        try:
            while True:
                said = next(saying)
                silent += 0 if said else 1
                yield ("words", escape(said)) if said else ("wait", f"Looking… {silent * PULSE_SECONDS:.0f} s")
        except StopIteration as ended:
            yield "wait", " "
            yield "words", " "
            yield "said", escape(ended.value)
    yield "done", "done"


def whole_answer(web: Web, asset: Asset, question: str) -> str:
    """The same for a browser without scripts, which waits for it."""
    saying = answer(web, asset, question)
    while True:
        try:
            next(saying)
        except StopIteration as ended:
            return str(ended.value)
