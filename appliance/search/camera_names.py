"""What people call a camera whose photos carry another name: SM-G991B is a Galaxy S21, ILCE-7M3 an Alpha 7 III, DC-G9 a Lumix G9.

Codes that follow no rule stand in camera_names.tsv; what a maker abbreviates always in the same way is spelled out here."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_suffix(".tsv")
SHORTEST_CODE = 4
ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV", 5: "V", 6: "VI", 7: "VII", 8: "VIII"}
NUMBERS = {roman: number for number, roman in ROMAN.items()}
# What a maker is called besides, where its name in the photos doesn't hold that.
MAKERS = {
    "fujifilm": "Fuji",
    "lge": "LG",
    "om digital solutions": "Olympus",
    "panasonic": "Lumix",
    "eastman kodak company": "Kodak",
}

_MARK = re.compile(r"^(?P<name>.+?)\s*Mark\s?(?P<mark>[IVX]+)$")
_ALPHA = re.compile(r"^ILCE-(?P<name>\d+[RSC]?)(?:M(?P<mark>\d))?[A-Z]?$")
_OLD_ALPHA = re.compile(r"^(?:SLT-A|DSLR-A)(?P<name>\d+)")
_CYBERSHOT = re.compile(r"^DSC-(?P<name>.*?\d)(?:M(?P<mark>\d))?[A-Z]?$")
_LUMIX = re.compile(r"^(?:DMC|DC)-(?P<name>.+?\d)(?:M(?P<mark>\d))?$")
_NIKON_Z = re.compile(r"^NIKON Z (?P<name>\d+)(?:_(?P<mark>\d))?$")
_EOS_R = re.compile(r"^Canon EOS R(?P<name>\d+)m(?P<mark>\d)$")


@cache
def other_names(make: str, model: str) -> tuple[str, ...]:
    """Return what a camera is called besides its make and model, the most usual name first; often nothing."""
    names = [*_listed(model), *_spelled_out(model.strip())]
    maker = MAKERS.get(make.strip().casefold())
    return tuple(dict.fromkeys([*names, *([f"{maker} {model}"] if maker else [])]))


@cache
def _by_code() -> dict[str, tuple[str, ...]]:
    lines = (line.split("\t") for line in FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return {code.casefold(): tuple(names.split("|")) for code, names in lines}


def is_listed(model: str) -> bool:
    """Say whether the name that the photos carry is a code, which people hardly know."""
    return bool(_listed(model)) and not model.startswith("Canon")


def _listed(model: str) -> tuple[str, ...]:
    """Return the names of the longest code that `model` begins with; nothing but letters and digits of a variant may follow."""
    known, asked = _by_code(), model.strip().casefold()
    for end in range(len(asked), SHORTEST_CODE - 1, -1):
        if asked[:end] in known:
            rest = asked[end:]
            return known[asked[:end]] if rest.replace("/", "").isalnum() or not rest else ()
    return ()


def _spelled_out(model: str) -> Iterator[str]:
    for pattern, forms in (
        (_MARK, ("{name}",)),
        (_ALPHA, ("Alpha {name}", "A{name}")),
        (_OLD_ALPHA, ("Alpha {name}", "A{name}")),
        (_CYBERSHOT, ("Cyber-shot {name}", "{name}")),
        (_LUMIX, ("Lumix {name}", "{name}")),
        (_NIKON_Z, ("Nikon Z{name}",)),
        (_EOS_R, ("Canon EOS R{name}",)),
    ):
        found = pattern.match(model)
        for form in forms if found else ():
            assert found is not None
            yield from _marked(form.format(name=found["name"]), found.groupdict().get("mark"))


def _marked(name: str, mark: str | None) -> Iterator[str]:
    """“A7 III”, “A7 Mark III”, “A7 mk3”, “A7 3”: all ways to say which mark of a camera it is."""
    if not mark:
        yield name
        return
    number = NUMBERS.get(mark) or int(mark)
    roman = ROMAN.get(number, mark)
    yield from (f"{name} {roman}", f"{name} Mark {roman}", f"{name} Mark {number}", f"{name} mk {roman}", f"{name} mk {number}")
    yield f"{name} {number}"
