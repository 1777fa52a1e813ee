"""Which models are on this box, as pages tell it. Looks at folders only: hashing a model is for `mantel models verify`."""

from appliance.adapters import text_models, vision_models
from appliance.adapters.models_catalogue import TEXT_EMBEDDER_FIX, text_embedder_folder
from appliance.adapters.picture_model import installed_version as picture_model_version
from appliance.adapters.text_models import TextModel
from appliance.adapters.text_reader import TextReader
from appliance.adapters.vision_models import VisionModel
from appliance.errors import ModelMissing
from appliance.web.contexts import ModelView
from appliance.web.state import Web

INSTALL_ONE = "Install one on the Models page."


def models(web: Web) -> tuple[ModelView, ...]:
    """One line for each purpose: what is installed for it, or what to do."""
    reader = ModelView(TextReader.MODEL, "Reads the words in pictures.", True, False, "")
    return (_embedder(web), _pictures(web), _vision(web), _text(web), reader)


def vision_model(web: Web) -> VisionModel | None:
    """The model that writes captions, or None when there is none to use."""
    return vision_models.in_use(web.layout.models, web.settings.vision_model, web.settings.vision_address)


def text_model(web: Web) -> TextModel | None:
    """The model that proposes what unread words mean, or None when there is none to use; another machine reads no sentences."""
    return None if web.settings.vision_address else text_models.in_use(web.layout.models, web.settings.text_model)


def is_sample(web: Web, version: str) -> bool:
    """Was a caption of this version written by a sample model, which knows drawn pictures only?"""
    name = version.partition("@")[0]
    samples = {model.description.name for model in vision_models.installed(web.layout.models) if model.description.sample}
    return name in samples or "sample" in name


def _embedder(web: Web) -> ModelView:
    purpose = "Compares your question with captions and words."
    try:
        text_embedder_folder(web.layout.models)
    except ModelMissing:
        return ModelView("Search model", purpose, False, False, f"Until then search goes by exact words: {TEXT_EMBEDDER_FIX}.")
    return ModelView("all-MiniLM-L6-v2", purpose, True, False, "")


def picture_model(web: Web) -> str:
    """The id of the model that compares pictures with words, '' when there is none to use."""
    return picture_model_version(web.layout.models)


def _pictures(web: Web) -> ModelView:
    purpose = "Compares your question with what pictures show."
    version = picture_model(web)
    if not version:
        return ModelView("Picture model", purpose, False, False, f"Until then only captions and words are compared. {INSTALL_ONE}")
    sample = version.startswith("sample-")
    more = "It knows drawn sample pictures only; about real photos it says nothing." if sample else ""
    return ModelView(version.partition("/")[0], purpose, True, sample, more)


def _vision(web: Web) -> ModelView:
    model = vision_model(web)
    purpose = "Looks at pictures and writes captions."
    if model is None:
        return ModelView("Vision model", purpose, False, False, f"Captions wait for it. {INSTALL_ONE}")
    sample = model.description.sample
    more = "It knows drawn sample pictures only; its words about real photos mean nothing." if sample else ""
    return ModelView(model.description.name, purpose, True, sample, more)


def _text(web: Web) -> ModelView:
    purpose = "Proposes what words of a question may mean that were not read."
    model = text_model(web)
    if model is None:
        return ModelView("Text model", purpose, False, False, "Not needed: nothing waits for it.")
    more = "It knows a dozen phrases only." if model.description.sample else ""
    return ModelView(model.description.name, purpose, True, model.description.sample, more)
