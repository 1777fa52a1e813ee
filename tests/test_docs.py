"""Undocumented does not pass: commands, settings, stages, errors, pages and the glossary's words are looked up in docs/."""

import argparse
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from appliance import errors
from appliance.app import create_app, create_guest_app
from appliance.cli_parser import build_parser
from appliance.indexing.pipeline import STAGES
from appliance.settings import Settings

DOCS = Path(__file__).parent.parent / "docs"
ROOT = DOCS.parent
TEXT = {path.relative_to(DOCS).as_posix(): path.read_text(encoding="utf-8") for path in DOCS.rglob("*.md")}


def commands() -> Iterator[tuple[str, list[str]]]:
    """Each command with its options, read from the parser that people use."""
    (choices,) = (action for action in build_parser()._actions if isinstance(action, argparse._SubParsersAction))
    for name, parser in choices.choices.items():
        yield name, [option for option in options_of(parser) if option not in ("--help", "--json", "--home")]


def options_of(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Options of a command, and of its verbs, whose names count as options too."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for verb, words in action.choices.items():
                yield f"`{verb}"
                yield from options_of(words)
        elif action.help != argparse.SUPPRESS:
            yield from action.option_strings[-1:]


@pytest.mark.parametrize(("name", "options"), list(commands()))
def test_every_command_and_option_is_documented(name: str, options: list[str]) -> None:
    page = TEXT["guide/commands.md"]
    assert f"mantel {name}" in page
    section = page.split(f"mantel {name}", 1)[1]
    assert [option for option in options if option not in section] == []


@pytest.mark.parametrize("setting", [field.name for field in fields(Settings)])
def test_every_setting_is_documented(setting: str) -> None:
    assert f"`{setting}`" in TEXT["guide/settings.md"]


@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_is_documented(stage: str) -> None:
    assert f"`{stage}`" in TEXT["guide/indexing.md"]


def error_tree(top: type[errors.MantelError]) -> Iterator[type[errors.MantelError]]:
    for below in top.__subclasses__():
        yield below
        yield from error_tree(below)


@pytest.mark.parametrize("error", list(error_tree(errors.MantelError)), ids=lambda error: error.__name__)
def test_every_error_is_documented_and_written_for_people(error: type[errors.MantelError]) -> None:
    assert f"| `{error.__name__}` | {error.status} | {error.text} |" in TEXT["guide/errors.md"]
    assert error.text.endswith((".", "}"))
    assert error.text[0].isupper() or error.text.startswith("{")


def pages(home: Path) -> set[str]:
    """Paths that answer GET with a page of their own: not files, fragments or streams."""
    apps = (create_app(Settings(home=home)), create_guest_app(Settings(home=home)))
    parts = re.compile(
        r"/(preview|thumbnail|original|caption|list|answer|video|poster|photos|status|stages|failures|more|thumb|view|file|all.zip|stream)(/|$)"
    )
    paths = {route.path for app in apps for route in app.routes if "GET" in getattr(route, "methods", {"GET"})}
    return {path for path in paths if not parts.search(path.replace("/photos/{", "/{")) and "/static/" not in path}


def test_every_page_is_documented(tmp_path: Path) -> None:
    named = {re.sub(r"{(\w+):\w+}", r"{\1}", path) for path in pages(tmp_path)}
    assert sorted(path for path in named if f"`{path}`" not in TEXT["guide/pages.md"]) == []


def test_every_link_in_the_documents_leads_somewhere() -> None:
    broken = []
    for path in [*DOCS.rglob("*.md"), ROOT / "README.md"]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
            if not (path.parent / target).exists():
                broken.append(f"{path.name}: {target}")
    assert broken == []


@pytest.mark.parametrize(
    "word", ["asset", "original", "derivative", "capture time", "caption", "description", "ingest", "stage", "job", "chip", "hit"]
)
def test_the_glossary_has_the_word(word: str) -> None:
    assert f"| {word} |" in TEXT["glossary.md"]


def test_a_copy_of_the_database_is_never_called_a_snapshot() -> None:
    sources = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "appliance").rglob("*.py"))
    assert not re.search(r"database snapshot|snapshot of the database", sources, re.IGNORECASE)
