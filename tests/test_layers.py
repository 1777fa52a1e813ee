"""The import rules of docs/ARCHITECTURE.md, read from it and checked against every import in the package."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENT = (ROOT / "docs" / "ARCHITECTURE.md").read_text(encoding="utf-8")
SOURCES = sorted((ROOT / "appliance").rglob("*.py"))


def fenced(name: str) -> list[str]:
    block = re.search(rf"```{name}\n(.*?)```", DOCUMENT, re.DOTALL)
    assert block, f"docs/ARCHITECTURE.md has no ```{name} block"
    return block[1].splitlines()


RANK = {
    name: -1 if line.startswith("below") else int(line.split()[0])
    for line in fenced("layers")
    for name in line.replace("|", " ").split()[1:]
}
OWNERS = {line.split()[0]: tuple(line.split()[1:]) for line in fenced("owners")}


def layer_of(name: str) -> str:
    """`cli_add` and its kind are parts of `cli`."""
    return name if name in RANK else name.split("_")[0]


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative import"
            assert node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def complaints(module: str, names: Iterator[str]) -> Iterator[str]:
    _, *below = module.split(".")
    home = layer_of(below[0]) if below else ""
    for name in names:
        top, *rest = name.split(".")
        if top == "appliance":
            other = layer_of(rest[0]) if rest else ""
            if rest and home and other in RANK and other != home and RANK[other] >= max(RANK[home], 0):
                yield f"{module} may not import {name}"
        elif top in OWNERS and not module.startswith(OWNERS[top]):
            yield f"{module} may not import {name}: {' or '.join(OWNERS[top])} may"


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@pytest.mark.parametrize("path", SOURCES, ids=module_name)
def test_imports_follow_the_architecture(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert list(complaints(module_name(path), imports(tree))) == []


def test_every_package_has_a_layer() -> None:
    tops = {layer_of(path.relative_to(ROOT / "appliance").parts[0].removesuffix(".py")) for path in SOURCES} - {""}
    assert sorted(tops - set(RANK)) == []


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("appliance.store.db", "appliance.adapters.process"),
        ("appliance.library.ingest", "appliance.search.find"),
        ("appliance.search.find", "appliance.indexing.pipeline"),
        ("appliance.accounts.users", "appliance.web.login"),
        ("appliance.worker", "appliance.web.ask"),
        ("appliance.errors", "appliance.store.db"),
        ("appliance.library.ingest", "PIL.Image"),
        ("appliance.store.db", "sqlite3"),
    ],
)
def test_the_rule_catches_a_wrong_import(module: str, name: str) -> None:
    assert list(complaints(module, iter([name])))


def test_files_stay_small() -> None:
    long = {str(path.relative_to(ROOT)): n for path in SOURCES if (n := len(path.read_text(encoding="utf-8").splitlines())) > 400}
    assert long == {}


def functions(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


@pytest.mark.parametrize("path", SOURCES, ids=module_name)
def test_functions_stay_short(path: Path) -> None:
    assert [(name, n) for name, n in functions(ast.parse(path.read_text(encoding="utf-8"))) if n > 50] == []


def broad_excepts(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            caught = ast.unparse(node.type) if node.type else "BaseException"
            ends_in_raise = isinstance(node.body[-1], ast.Raise)
            if re.search(r"\b(Exception|BaseException)\b", caught) and not ends_in_raise:
                yield node.lineno


@pytest.mark.parametrize("path", SOURCES, ids=module_name)
def test_broad_excepts_stand_at_the_two_edges_only(path: Path) -> None:
    allowed = module_name(path) in ("appliance.worker", "appliance.web.problems")
    assert allowed or list(broad_excepts(ast.parse(path.read_text(encoding="utf-8")))) == []


ASYNC_HOMES = ("appliance.web", "appliance.app")


@pytest.mark.parametrize("path", SOURCES, ids=module_name)
def test_async_stays_in_the_web_layer(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [node.name for node in ast.walk(tree) if isinstance(node, ast.AsyncFunctionDef)]
    assert found == [] or module_name(path).startswith(ASYNC_HOMES)
