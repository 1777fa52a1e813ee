"""mantel web, mantel setup-link."""

import argparse

from appliance.adapters import sandbox_rules
from appliance.app import open_setup, serve_web
from appliance.cli_output import DONE, FAILED, Output
from appliance.settings import Settings


def run(words: argparse.Namespace, settings: Settings, output: Output) -> int:
    if words.command == "web":
        if words.parent:
            sandbox_rules.die_with(words.parent)
        serve_web(settings)
        return DONE
    link = open_setup(settings)
    said = f"{link}\nThe link works once, for 24 hours." if link else "There is an owner already; log in instead."
    output.show({"link": link}, [said])
    return DONE if link else FAILED
