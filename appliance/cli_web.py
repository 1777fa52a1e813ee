"""mantel web, mantel guests, mantel setup-link."""

import argparse

from appliance.adapters import sandbox_rules
from appliance.app import open_setup, serve_guests, serve_web
from appliance.cli_output import DONE, FAILED, Output
from appliance.cli_serve import run_tree, web_parts
from appliance.errors import WrongUsage
from appliance.settings import Settings


def run(words: argparse.Namespace, settings: Settings, output: Output) -> int:
    if words.command == "web":
        return _serve_web(words, settings)
    if words.command == "guests":
        if not settings.guest_port:
            raise WrongUsage(what="No port is set for guests; set guest_port in mantel.toml.")
        if words.parent:
            sandbox_rules.die_with(words.parent)
        serve_guests(settings)
        return DONE
    link = open_setup(settings)
    said = f"{link}\nThe link works once, for 24 hours." if link else "There is an owner already; log in instead."
    output.show({"link": link}, [said])
    return DONE if link else FAILED


def _serve_web(words: argparse.Namespace, settings: Settings) -> int:
    """Under `mantel serve`, or without a port for guests, the pages are this process; else two stand below it."""
    if words.parent:
        sandbox_rules.die_with(words.parent)
    elif settings.guest_port:
        return run_tree(web_parts(settings))
    serve_web(settings)
    return DONE
