"""Where the vision process gets its model from: a pair of files here (`Local`), or another machine (vision_remote.Remote); and
the text model beside it (`Words`)."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from appliance.adapters import text_models, vision_engine, vision_models
from appliance.adapters.rgb import Rgb
from appliance.adapters.text_models import TextModel
from appliance.adapters.vision_engine import Engine
from appliance.adapters.vision_models import VisionModel
from appliance.adapters.vision_protocol import Reuse
from appliance.adapters.vision_text import TextEngine


class Away(Exception):
    """The other machine cannot be asked now; the text is a clause for people."""


class Looker(Protocol):
    """What looks at one open picture at a time; vision_engine.Engine says what each of these promises."""

    def open(self, picture: Rgb, stop: Callable[[], bool]) -> Reuse: ...
    def fits(self, prompt: str, tokens: int) -> bool: ...
    def weigh(self, prompt: str, choices: Sequence[Sequence[str]], stop: Callable[[], bool]) -> list[float]: ...
    def answer(self, prompt: str, stop: Callable[[], bool]) -> Iterator[str]: ...
    def close(self) -> None: ...


class Source(Protocol):
    """Both may raise Away; `load` also ModelWrong. `gpu_missing`: layers were meant for a GPU that llama.cpp does not find."""

    gpu_missing: bool

    def model(self) -> VisionModel: ...
    def load(self) -> Looker: ...


class Local:
    """A pair of files, compared with their SHA-256 before they are loaded for the first time.

    Make it when the sandbox has closed: only then is it known which devices llama.cpp may use.
    """

    def __init__(self, model: VisionModel, threads: int, gpu_layers: int) -> None:
        self._model, self._threads = model, threads
        self._gpu_layers = gpu_layers if gpu_layers > 0 and vision_engine.offloads() else 0
        self.gpu_missing = gpu_layers > self._gpu_layers
        self._verified = False

    def model(self) -> VisionModel:
        return self._model

    def load(self) -> Looker:
        if not self._verified:
            vision_models.verify(self._model)
            self._verified = True
        return Engine(self._model, self._threads, self._gpu_layers)


class Blind:
    """No vision model at all: there is only a text model here."""

    gpu_missing = False

    def model(self) -> VisionModel:
        raise Away("no vision model is installed")

    def load(self) -> Looker:
        raise Away("no vision model is installed")


class Words:
    """A text model's file, compared with its SHA-256 before it is loaded for the first time."""

    def __init__(self, model: TextModel, threads: int, gpu_layers: int) -> None:
        self._model, self._threads = model, threads
        self._gpu_layers = gpu_layers if gpu_layers > 0 and vision_engine.offloads() else 0
        self._verified = False

    @property
    def prompts(self) -> text_models.Prompts:
        return self._model.description.prompts

    def load(self) -> TextEngine:
        """Raises ModelWrong."""
        if not self._verified:
            text_models.verify(self._model)
            self._verified = True
        return TextEngine(self._model, self._threads, self._gpu_layers)
