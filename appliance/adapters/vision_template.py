"""What a chat template puts around a picture and the words behind it: part of the vision process.

The template comes out of the text model's file, so it is run where templates may do nothing but text (jinja2's sandbox), as
llama-cpp-python's own handler runs it; what is said about the picture is not part of it: a question cannot write template code.
"""

from dataclasses import dataclass
from typing import Any

from jinja2 import TemplateError, ext
from jinja2.sandbox import ImmutableSandboxedEnvironment

PICTURE, WORDS = "\ue000picture\ue000", "\ue000words\ue000"
LONGEST = 4000


class NoTemplate(Exception):
    """The file has none that can be used; the text says why."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The text before the picture, between it and the words, and behind the words."""

    before: str
    between: str
    after: str


def turn(template: str, *, begin: str, end: str) -> Turn:
    """Return what `template` makes of one user's turn, which the assistant is to answer. `begin`, `end`: the control tokens of
    the model, as text. Raises NoTemplate."""
    if not template:
        raise NoTemplate("the text model's file has no chat template")
    for content in ([{"type": "text", "text": PICTURE}, {"type": "text", "text": WORDS}], PICTURE + WORDS):
        before, picture, rest = _rendered(template, content, begin, end).partition(PICTURE)
        between, words, after = rest.partition(WORDS)
        if picture and words and len(before) + len(between) + len(after) < LONGEST:
            return Turn(before, between, after)
    raise NoTemplate("the chat template in the text model's file leaves out the picture or the words")


def _rendered(template: str, content: Any, begin: str, end: str) -> str:
    """Older templates know text only: they fail, or print the list, and are tried again with text."""
    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[ext.loopcontrols])
    try:
        return environment.from_string(template).render(
            messages=[{"role": "user", "content": content}], add_generation_prompt=True, bos_token=begin, eos_token=end
        )
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RecursionError):
        return ""


# Jinja and Python load parts of themselves at the first template and at the first mistake in one; later the sandbox has closed.
for _first in (
    "{% for one in messages %}{{ one['content'] | trim + '\\n' }}{% endfor %}",
    "{{ '\\u00e4' ~ nothing.at.all }}",
    "{{",
):
    _rendered(_first, PICTURE + WORDS, "", "")
