"""mantel serve: web, worker, vision, backup and people as one process tree; what dies is started again."""

import argparse
import os
import signal
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from appliance.adapters import process
from appliance.adapters.process import Running
from appliance.cli_output import AGAIN, DONE, FAILED, Output
from appliance.errors import WrongUsage
from appliance.settings import Settings
from appliance.store.layout import Layout

LOOK_SECONDS = 0.25
STEADY_SECONDS = 60.0  # what has run so long is forgiven its earlier deaths
LONGEST_WAIT_SECONDS = 60.0
WEB_GIVES_UP_AFTER = 3  # a web that cannot start (its port is taken) should say so, not try for ever
START_SECONDS = 20.0  # what has run so long can start: it is never given up
GRACE_SECONDS = 9.0


@dataclass(slots=True)
class Part:
    """One child of the tree: its command, and how it has been doing. `once`: it is not started again when it ends."""

    name: str
    command: list[str | Path]
    once: bool = False
    running: Running | None = None
    started: float = 0.0
    deaths: int = 0
    failed_starts: int = 0
    has_stood: bool = False
    start_at: float = field(default=0.0)


def run(words: argparse.Namespace, settings: Settings, output: Output) -> int:
    if words.photos and not words.photos.is_dir():
        raise WrongUsage(what=f"There is no folder {words.photos}.")
    Layout(settings.home).create()
    return run_tree(_parts(words, settings))


def run_tree(parts: "list[Part]") -> int:
    """Keep `parts` running until SIGTERM or SIGINT; return the exit code."""
    tree = Tree(parts, _environment())
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: tree.stopping.set())
    return tree.run()


class Tree:
    """Keeps `parts` running until `stopping` is set."""

    def __init__(self, parts: list[Part], environment: Mapping[str, str]) -> None:
        self.stopping = threading.Event()
        self._parts = parts
        self._environment = environment

    def run(self) -> int:
        """Return when told to stop, or when the web has failed at its start again and again."""
        code = DONE
        try:
            while not self.stopping.wait(LOOK_SECONDS):
                for part in self._parts:
                    self._look_after(part, time.monotonic())
                if any(part.name == "web" and part.failed_starts >= WEB_GIVES_UP_AFTER for part in self._parts):
                    sys.stderr.write("mantel: The web pages could not be served; the lines above say why.\n")
                    code = FAILED
                    break
        finally:
            self._stop()
        return code

    def _look_after(self, part: Part, now: float) -> None:
        """Start what should run; wait longer after each death."""
        if part.running is None:
            if now >= part.start_at:
                part.running, part.started = process.spawn(part.command, environment=self._environment), now
            return
        if (code := part.running.poll()) is None:
            part.has_stood = part.has_stood or now - part.started > START_SECONDS
            if now - part.started > STEADY_SECONDS:
                part.deaths = 0
            return
        part.running = None
        if part.once:
            part.start_at = float("inf")
            return
        if code == AGAIN:
            return
        part.deaths += 1
        if code >= 0 and not part.has_stood:  # a negative code: somebody killed it
            part.failed_starts += 1
        wait = min(2.0 ** (part.deaths - 1), LONGEST_WAIT_SECONDS)
        part.start_at = now + wait
        sys.stderr.write(f"mantel: {part.name} ended with code {code}; starting it again in {wait:.0f} s.\n")

    def _stop(self) -> None:
        """All at once, so that the slowest says how long it takes."""
        stopping = [
            threading.Thread(target=part.running.stop, args=(GRACE_SECONDS,)) for part in self._parts if part.running is not None
        ]
        for thread in stopping:
            thread.start()
        for thread in stopping:
            thread.join()


def web_parts(settings: Settings) -> list[Part]:
    """The household's pages and, when there is a port for guests, the process that serves share links alone; raises WrongUsage."""
    if settings.guest_port == settings.port:
        raise WrongUsage(what=f"Guests need a port of their own: guest_port and port are both {settings.port}.")
    names = ["web", "guests"] if settings.guest_port else ["web"]
    return [Part(name, _command(settings, name, "--parent", str(os.getpid()))) for name in names]


def _command(settings: Settings, name: str, *more: str | Path) -> list[str | Path]:
    return process.python("appliance", name, "--home", settings.home, *more)


def _parts(words: argparse.Namespace, settings: Settings) -> list[Part]:
    parent = ("--parent", str(os.getpid()))
    parts = [*web_parts(settings), Part("worker", _command(settings, "worker", *parent))]
    chosen = ("--vision", words.vision) if words.vision else ()
    parts.append(Part("vision", _command(settings, "vision", *parent, *chosen)))  # it waits for a model itself
    parts.append(Part("backup", _command(settings, "backup", "serve", *parent)))  # and this one for a repository
    parts.append(Part("people", _command(settings, "people", "serve", *parent)))  # it holds nothing until it is unlocked
    if words.photos:
        parts.append(Part("add", _command(settings, "add", *parent, words.photos.resolve()), once=True))
    return parts


def _environment() -> dict[str, str]:
    """Children hear the settings and the time zone that we were given, and nothing else of our environment."""
    return {name: value for name, value in os.environ.items() if name.startswith("MANTEL_") or name == "TZ"}
