"""llama.cpp holding one text model that fills in a form: JSON under a grammar, greedily, bounded. Part of the vision process.

The grammar decides the form and how long a value may be; what the values say is the model's and is believed by nobody. The
instruction, which is the same for every sentence, stays in the context: a further sentence costs only its own words.
"""

import json
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Any

import llama_cpp
from jinja2 import TemplateError
from llama_cpp import LlamaGrammar, _internals

from appliance.adapters.text_models import TextModel
from appliance.adapters.vision_engine import Stopped, TooLong, evaluate, load_llama, plain_tokens, template_tokens, turn_of
from appliance.adapters.vision_protocol import FILL_TOKENS, LONGEST_VALUE
from appliance.adapters.vision_template import NoTemplate
from appliance.errors import ModelWrong


def _never() -> bool:
    return False


def grammar_of(fields: Sequence[str]) -> LlamaGrammar:
    """The grammar of a form: an object of exactly these fields, in their order, each a short text."""
    value = {"type": "string", "maxLength": LONGEST_VALUE}
    schema = {"type": "object", "properties": dict.fromkeys(fields, value), "required": list(fields), "additionalProperties": False}
    return LlamaGrammar.from_json_schema(json.dumps(schema), verbose=False)


class TextEngine:
    """A loaded text model; for one thread. Raises ModelWrong when llama.cpp refuses its file."""

    def __init__(self, model: TextModel, threads: int, gpu_layers: int = 0) -> None:
        self._stop: Callable[[], bool] = _never
        said, name = model.description, f"The text model “{model.folder.name}”"
        try:
            self._llama: Any = load_llama(model.text, said.n_ctx, said.kv_overrides, threads, gpu_layers)
        except (ValueError, RuntimeError, TemplateError) as error:
            raise ModelWrong(model=name, reason=str(error)) from error
        self._on_abort = llama_cpp.ggml_abort_callback(lambda _: self._stop())
        llama_cpp.llama_set_abort_callback(self._llama.ctx, self._on_abort, None)
        begin = [self._llama.token_bos()] if said.kv_overrides.get("tokenizer.ggml.add_bos_token", False) is True else []
        before, self._after = [], []
        if said.handler == "template":
            try:
                turn = turn_of(self._llama)
            except NoTemplate as error:
                self.close()
                raise ModelWrong(model=name, reason=str(error)) from error
            before = template_tokens(self._llama, turn.before)
            self._after = template_tokens(self._llama, turn.after)
        self._prefix = [*begin, *before, *plain_tokens(self._llama, said.prompts.instruction)]
        self._ready = False  # the prefix is in the context

    def close(self) -> None:
        """Give the memory back; the engine is of no use afterwards."""
        self._llama.close()
        self._llama = None

    def fill(self, question: str, fields: Sequence[str], stop: Callable[[], bool] = _never) -> str:
        """Return what the model fills in for `question`: JSON of `fields`, cut off after FILL_TOKENS. Raises Stopped, TooLong."""
        tokens = [*plain_tokens(self._llama, question), *self._after]
        if len(self._prefix) + len(tokens) + FILL_TOKENS > self._llama.n_ctx():
            raise TooLong
        self._stop = stop
        try:
            self._open()
            evaluate(self._llama, tokens)
            return self._written(grammar_of(fields))
        finally:
            self._stop = _never

    def _open(self) -> None:
        """Have the prefix alone in the context; the next tokens then take the place of what an earlier sentence left."""
        if not self._ready:
            self._llama.reset()
            self._llama._ctx.kv_cache_clear()
            evaluate(self._llama, self._prefix)
            self._ready = True
        self._llama.n_tokens = len(self._prefix)

    def _written(self, grammar: LlamaGrammar) -> str:
        written: list[int] = []
        with closing(_internals.LlamaSampler()) as sampler:
            sampler.add_grammar(self._llama._model, grammar)
            sampler.add_greedy()
            while len(written) < FILL_TOKENS:
                token = sampler.sample(self._llama._ctx, -1)
                if llama_cpp.llama_vocab_is_eog(self._llama._model.vocab, token):
                    break
                written.append(token)
                if self._stop():
                    raise Stopped
                evaluate(self._llama, [token])
        text: bytes = self._llama.detokenize(written)
        return text.decode(errors="replace")
