"""mantel vision."""

import argparse
import sys
import time
from pathlib import Path

from appliance.adapters import sandbox_rules, text_models, vision_models, vision_server
from appliance.adapters.text_models import TextModel
from appliance.adapters.vision_models import VisionModel
from appliance.adapters.vision_server import Watched
from appliance.cli_output import Output
from appliance.errors import ModelMissing, ModelWrong
from appliance.settings import Settings
from appliance.store.layout import Layout

LOOK_SECONDS = 2.0


def run(words: argparse.Namespace, settings: Settings, output: Output) -> int:
    """Become the vision process, as soon as there is a vision model or a text model; does not return."""
    layout = Layout(settings.home)
    layout.create()
    if words.parent:  # which may have ended while this process was starting
        sandbox_rules.die_with(words.parent)
    if settings.vision_address:
        address, certificate = settings.vision_address, settings.vision_certificate
        vision_server.serve_elsewhere(socket=layout.vision_socket, address=address, certificate=certificate)
    watched, model, text = _awaited(layout.models, words.vision or settings.vision_model, settings.text_model)
    vision_server.serve(
        socket=layout.vision_socket,
        model=model,
        text=text,
        watched=watched,
        threads=settings.vision_threads,
        idle_seconds=settings.vision_idle_seconds,
        gpu_layers=settings.vision_gpu_layers,
    )


def _awaited(models: Path, name: str, text_name: str) -> tuple[Watched, VisionModel | None, TextModel | None]:
    """Wait until one of the models is installed, saying once what is missing of the vision model."""
    said = ""
    while True:
        watched, text = vision_server.watched(models), text_models.in_use(models, text_name)
        try:
            return watched, vision_models.find(models, name), text
        except (ModelMissing, ModelWrong) as error:
            if str(error) != said:
                said = str(error)
                sys.stderr.write(f"mantel: {said}\n")
        if text:
            return watched, None, text
        time.sleep(LOOK_SECONDS)
