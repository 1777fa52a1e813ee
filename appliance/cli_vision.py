"""mantel vision."""

import argparse

from appliance.adapters import vision_models, vision_server
from appliance.cli_output import Output
from appliance.settings import Settings
from appliance.store.layout import Layout


def run(words: argparse.Namespace, settings: Settings, output: Output) -> int:
    """Become the vision process; does not return."""
    layout = Layout(settings.home)
    layout.create()
    vision_server.serve(
        socket=layout.vision_socket,
        model=vision_models.find(layout.models, words.vision or settings.vision_model),
        threads=settings.vision_threads,
        idle_seconds=settings.vision_idle_seconds,
    )
