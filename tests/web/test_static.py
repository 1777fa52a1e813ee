"""What lies in static/: vendored files are the pinned ones, and the two dark palettes are one."""

import hashlib
import re

import jinja2

from appliance.web.rendering import STATIC, TEMPLATES
from appliance.web.tiles import RATIOS, nearest_ratio


def test_vendored_files_are_those_of_the_list() -> None:
    folder = STATIC / "vendor"
    lines = [line.split() for line in (folder / "SHA256SUMS").read_text().splitlines()]
    listed = {name: sha256 for sha256, name in lines}
    assert set(listed) == {file.name for file in folder.iterdir()} - {"SHA256SUMS"}
    for name, sha256 in listed.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == sha256


def test_dark_by_choice_and_dark_by_device_are_the_same() -> None:
    css = (STATIC / "css" / "tokens.css").read_text()
    chosen = re.search(r':root\[data-theme="dark"\] \{(.*?)\}', css, re.DOTALL)
    device = re.search(r":root:not\(\[data-theme\]\) \{(.*?)\}", css, re.DOTALL)
    assert chosen and device and chosen[1].split() == device[1].split()


def test_only_the_tokens_name_colours() -> None:
    for file in (STATIC / "css").glob("*.css"):
        if file.name != "tokens.css":
            assert set(re.findall(r"#[0-9a-f]{3,8}\b|rgb\(", file.read_text())) <= {"#fff", "#000"}


def test_every_ratio_has_its_class() -> None:
    css = (STATIC / "css" / "components.css").read_text()
    assert {int(number) for number in re.findall(r"\.ratio-(\d+)", css)} == set(RATIOS)
    assert [nearest_ratio(*size) for size in ((4000, 3000), (3000, 4000), (1, 50_000), (50_000, 1))] == [133, 75, 50, 300]


def test_templates_hold_nothing_that_the_policy_forbids() -> None:
    made = jinja2.Environment(autoescape=True)
    for template in TEMPLATES.rglob("*.html"):
        text = template.read_text()
        made.parse(text)
        assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:|https?://", text), template
        assert "|safe" not in text or template.name == "_icons.html", template
