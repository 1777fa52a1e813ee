"""What the templates of the Models page are given; contexts.py holds the rest."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ModelCard:
    """One model on the Models page. `doing`, `done` of `total` and `progress` while it is worked on; `said`: what came of it;
    `hashes`: (file, SHA-256) that the owner has to compare."""

    name: str
    title: str
    purpose: str
    state: str
    picture: str
    in_use: bool
    licence: str
    size: str
    gives: str
    without: str
    facts: tuple[tuple[str, str], ...]
    doing: str
    done: int
    total: int
    progress: str
    said: str
    bad: bool
    fine: bool
    hashes: tuple[tuple[str, str], ...]
    can_go_on: bool
    can_stop: bool
    can_verify: bool
    can_remove: bool
    can_discard: bool


@dataclass(frozen=True, slots=True)
class ModelsPage:
    """`choices`: (name, title) of what can be installed; `source` to `fault`: what was typed and why it cannot begin;
    `choose`: why no vision model is used although there are some; `elsewhere`: the machine that looks instead of this one;
    `gpu`: what llama.cpp here does with a GPU; `gpu_fix`: what to do when the setting asks for more than it can."""

    cards: tuple[ModelCard, ...]
    busy: bool
    may_steer: bool
    choices: tuple[tuple[str, str], ...]
    source: str
    model: str
    hosts: str
    as_published: bool
    fault: str
    choose: str
    elsewhere: str
    gpu: str
    gpu_fix: str
