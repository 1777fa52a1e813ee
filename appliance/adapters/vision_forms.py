"""One form filled in by the text model, with a deadline. Part of the vision process."""

import time
from collections.abc import Callable, Sequence

import msgspec

from appliance.adapters import vision_prompt
from appliance.adapters.text_models import Prompts
from appliance.adapters.vision_engine import Stopped
from appliance.adapters.vision_protocol import LONGEST_VALUE, Cause, Field, Filled, Refusal, Request
from appliance.adapters.vision_text import TextEngine

FILL_SECONDS = 30.0  # of work on one sentence; the results are there all the while


def filled(engine: TextEngine, prompts: Prompts, request: Request, stop: Callable[[], bool]) -> Filled | Refusal:
    """Have the form of `request` filled in. Raises Stopped when `stop` said so, TooLong."""
    ends = time.monotonic() + FILL_SECONDS
    words = vision_prompt.form(prompts, request.question, request.sentence, request.facts)
    try:
        text = engine.fill(words, request.fields, lambda: stop() or time.monotonic() > ends)
    except Stopped:
        if time.monotonic() > ends:
            return Refusal(Cause.AWAY, f"it took longer than {FILL_SECONDS:.0f} seconds")
        raise
    return form_of(text, request.fields)


def form_of(text: str, fields: Sequence[Field]) -> Filled | Refusal:
    """What `text` fills in, if it is whole; the grammar holds the model to these fields, and this holds the grammar to them."""
    try:
        values = msgspec.json.decode(text, type=dict[Field, str])
    except msgspec.DecodeError:
        return Refusal(Cause.UNUSABLE, "it did not come to an end")
    if set(values) != set(fields) or any(len(value) > LONGEST_VALUE for value in values.values()):
        return Refusal(Cause.UNUSABLE, "it filled in another form")
    return Filled(values)
