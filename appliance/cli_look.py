"""What `mantel ask` has looked at: one picture that the question is about, or many for “find every receipt”."""

from contextlib import closing

from appliance.adapters import vision_models
from appliance.adapters.pixels import Decoder
from appliance.adapters.vision import VisionClient
from appliance.adapters.vision_answers import clean
from appliance.adapters.vision_models import VisionModel
from appliance.assistant import inspect
from appliance.assistant.look import SAID_NOTHING, facts_of, for_the_model, refusal
from appliance.assistant.plan import Plan
from appliance.cli_library import clock
from appliance.cli_search_tools import Search
from appliance.errors import CaptionUnusable, DecoderFailed, ModelWrong, VisionUnavailable, WrongUsage
from appliance.indexing.stages import VISION_SIDE
from appliance.library import assets
from appliance.settings import Settings
from appliance.store.db import Store
from appliance.store.layout import Layout


def vision_model(layout: Layout, settings: Settings) -> VisionModel | None:
    """The model that looks at pictures, or None when there is none to use."""
    return vision_models.in_use(layout.models, settings.vision_model, settings.vision_address)


def looked_at(search: Search, layout: Layout, settings: Settings, plan: Plan) -> str | None:
    """What the model says to the question of a plan `look`, or the sentence that says why nothing; None for other plans, and
    without a model. Its process answers on its socket, so “mantel serve” or “mantel vision” must run."""
    if plan.kind != "look" or plan.asset is None or vision_model(layout, settings) is None:
        return None
    asset = assets.get(search.reader, search.viewer, plan.asset)
    preview = layout.preview(asset.row.sha256)
    if sentence := refusal(plan.question, preview):
        return sentence
    try:
        with closing(Decoder(1, settings.decoder_memory_mb, settings.largest_picture_megapixels)) as decoder:
            pieces = VisionClient(layout.vision_socket).ask(
                decoder.rgb(preview, VISION_SIDE), for_the_model(plan.question), facts_of(asset, search.country)
            )
            return clean("".join(pieces)) or SAID_NOTHING
    except (VisionUnavailable, ModelWrong, CaptionUnusable, DecoderFailed, WrongUsage) as error:
        return str(error)


def inspection(search: Search, store: Store, layout: Layout, settings: Settings, sentence: str, plan: Plan) -> int | None:
    """Begin the inspection of a plan `check` and return its id; None for other plans, without a model, and without an owner."""
    if plan.kind != "check" or not search.viewer.user_id or vision_model(layout, settings) is None:
        return None
    thing = inspect.thing_of(search.understand(plan.thing).query.text or plan.thing)
    found = inspect.candidates(
        search.reader, search.viewer, plan.query, embedder=search.embedder, matrix=search.matrix, pictures=search.pictures,
        people=search.asked.unlocked,
    )  # fmt: skip
    with store.write() as writer:
        return inspect.start(writer, search.viewer, sentence, thing, found, now=clock(), keeping=search.keeping)
