"""llama.cpp holding one pair and one open picture. The only importer of llama_cpp, in a process of its own.

The picture becomes a prefix of the context: BOS and its image embeddings, or what the model's chat template puts before and
between the embeddings of its tiles. The prefix stays, so that a further question on the same picture costs only its own words;
the embeddings of the last few pictures stay too, so that going back to one costs its prefix and no second encoding. `stop` is
asked between tokens, inside llama_decode and inside the image
encoder. Pixels are handed over raw: llama.cpp's own readers of image files and addresses are never called.
"""

import codecs
import ctypes
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import llama_cpp
import numpy as np
import numpy.typing as npt
from jinja2 import TemplateError
from llama_cpp import Llama, mtmd_cpp
from numpy import ctypeslib  # numpy would load it on first use, when the sandbox has closed

from appliance.adapters.rgb import Rgb
from appliance.adapters.vision_models import VisionModel
from appliance.adapters.vision_protocol import ANSWER_TOKENS, Reuse, picture_key
from appliance.adapters.vision_template import NoTemplate, Turn, turn
from appliance.errors import ModelWrong

BATCH = 256  # fastest at the published model's size, with flash attention
PADDING = 256  # llama.cpp makes a context a multiple of this anyway, while its binding goes by what it was asked for
NODES_BETWEEN_STOPS = 8  # steps of the image encoder's graph between two looks at `stop`
KEPT_BYTES = 48 << 20  # of image embeddings: eight pictures at the published model's size (729 × 2048 float32)
ABORTED = 2  # what llama_decode returns when the abort callback said yes

Piece = list[int] | npt.NDArray[np.float32]
"""A part of the prefix: tokens, or embeddings (image tokens, width)."""


class Stopped(Exception):
    """`stop` said yes; the engine can be used again."""


class TooLong(Exception):
    """Picture, question and room for an answer do not fit the model's context."""


@llama_cpp.llama_log_callback  # type: ignore[untyped-decorator]
def _say_nothing(level: int, text: bytes, data: int | None) -> None:
    """llama.cpp logs file names and sizes to standard error; errors reach us as return codes."""


llama_cpp.llama_log_set(_say_nothing, None)
mtmd_cpp.mtmd_log_set(_say_nothing, None)
mtmd_cpp.mtmd_helper_log_set(_say_nothing, None)


def _never() -> bool:
    return False


def offloads() -> bool:
    """Whether llama.cpp was built for a GPU and finds one that this process may use."""
    return bool(llama_cpp.llama_supports_gpu_offload())


def load_llama(
    file: Path, n_ctx: int, kv_overrides: Mapping[str, bool | int | float | str], threads: int, gpu_layers: int
) -> Llama:
    """Load the text model in `file`. Raises ValueError, RuntimeError, and TemplateError: the library compiles the file's chat
    template, used or not."""
    # verbose=False swaps the whole process's standard streams while it loads: nothing else may print meanwhile.
    # set_cache is never called: on a vision model another picture's context could match.
    return Llama(
        str(file), n_ctx=-(-n_ctx // PADDING) * PADDING, n_batch=BATCH, n_threads=threads, n_threads_batch=threads,
        n_gpu_layers=gpu_layers, flash_attn=True, kv_overrides=dict(kv_overrides), verbose=False,
    )  # fmt: skip


def turn_of(llama: Llama) -> Turn:
    """What the chat template in the model's file puts around one user's turn. Raises NoTemplate."""
    vocabulary = llama._model.vocab
    begin, end = (
        llama.detokenize([token], special=True).decode(errors="replace") if token >= 0 else ""
        for token in (llama_cpp.llama_vocab_bos(vocabulary), llama_cpp.llama_vocab_eos(vocabulary))
    )
    return turn(llama.metadata.get("tokenizer.chat_template", ""), begin=begin, end=end)


def plain_tokens(llama: Llama, words: str) -> list[int]:
    """special=False: words that spell a control token stay plain text."""
    return list(llama.tokenize(words.encode(), add_bos=False, special=False))


def template_tokens(llama: Llama, text: str) -> list[int]:
    """The tokens of a part of the template, its control tokens with them."""
    return list(llama.tokenize(text.encode(), add_bos=False, special=True)) if text else []


def evaluate(llama: Llama, tokens: list[int]) -> None:
    """Decode `tokens` behind what is in the context. Raises Stopped when the abort callback said yes, RuntimeError."""
    try:
        llama.eval(tokens)
    except RuntimeError as error:
        if str(error).endswith(f"returned {ABORTED}"):
            raise Stopped from None
        raise


def _bytes_of(pieces: list[Piece]) -> int:
    """What is kept of one picture; its tokens weigh nothing beside its embeddings."""
    return sum(piece.nbytes for piece in pieces if not isinstance(piece, list))


class Engine:
    """A loaded pair; for one thread. `gpu_layers` of the text model go to the GPU, and with any of them the projector does; 0: the
    processor does it all. Raises ModelWrong when llama.cpp refuses its files."""

    def __init__(self, model: VisionModel, threads: int, gpu_layers: int = 0) -> None:
        self._stop: Callable[[], bool] = _never
        self._open: bytes = b""
        self._kept: OrderedDict[bytes, list[Piece]] = OrderedDict()  # the latest last
        self._prefix = 0
        self._nodes = 0
        said = model.description
        try:
            self._llama: Any = load_llama(model.text, said.n_ctx, said.kv_overrides, threads, gpu_layers)
        except (ValueError, RuntimeError, TemplateError) as error:  # the library compiles the file's chat template, used or not
            raise ModelWrong(model=f"The vision model “{model.folder.name}”", reason=str(error)) from error
        self._on_abort = llama_cpp.ggml_abort_callback(lambda _: self._stop())
        llama_cpp.llama_set_abort_callback(self._llama.ctx, self._on_abort, None)
        self._on_node = llama_cpp.ggml_backend_sched_eval_callback(self._image_node)
        self._projector = self._load_projector(model, threads, gpu=gpu_layers > 0)
        self._bos = said.kv_overrides.get("tokenizer.ggml.add_bos_token", False) is True
        self._turn = self._read_template(model) if said.handler == "template" else None

    def _load_projector(self, model: VisionModel, threads: int, *, gpu: bool) -> Any:
        options = mtmd_cpp.mtmd_context_params_default()
        options.use_gpu = gpu
        options.print_timings = False
        options.warmup = False
        options.n_threads = threads
        options.flash_attn_type = llama_cpp.LLAMA_FLASH_ATTN_TYPE_ENABLED
        options.cb_eval = self._on_node
        projector = mtmd_cpp.mtmd_init_from_file(str(model.projector).encode(), self._llama.model, options)
        if not projector or not mtmd_cpp.mtmd_support_vision(projector):
            self._llama.close()
            reason = f"llama.cpp cannot use {model.projector.name} with this text model"
            raise ModelWrong(model=f"The vision model “{model.folder.name}”", reason=reason)
        return projector

    def _read_template(self, model: VisionModel) -> Turn:
        try:
            if mtmd_cpp.mtmd_decode_use_mrope(self._projector):
                raise NoTemplate("it places its picture in two dimensions, which Mantel does not do yet")
            return turn_of(self._llama)
        except NoTemplate as error:
            self.close()
            raise ModelWrong(model=f"The vision model “{model.folder.name}”", reason=str(error)) from error

    def close(self) -> None:
        """Give the memory back; the engine is of no use afterwards."""
        mtmd_cpp.mtmd_free(self._projector)
        self._llama.close()
        self._llama = None  # the callbacks refer to us, so this object lives on for a while: not with 50 MB of scores
        self._kept.clear()

    def open(self, picture: Rgb, stop: Callable[[], bool] = _never) -> Reuse:
        """Make `picture` the prefix; returns what was still there of it. Raises Stopped, TooLong."""
        key = picture_key(picture)
        if key == self._open:
            return Reuse.PREFIX
        self._open = b""
        self._stop = stop
        reuse = Reuse.EMBEDDINGS if key in self._kept else Reuse.NOTHING
        try:
            pieces = self._pieces(key, picture)
            self._llama.reset()
            self._llama._ctx.kv_cache_clear()
            for piece in pieces:
                if isinstance(piece, list):
                    self._eval(piece)
                else:
                    self._eval_embeddings(piece)
        finally:
            self._stop = _never
        self._open, self._prefix = key, self._llama.n_tokens
        return reuse

    def fits(self, prompt: str, tokens: int) -> bool:
        """Whether the open picture, `prompt` and an answer of so many tokens have room in the context."""
        room: int = self._llama.n_ctx() - self._prefix - len(self._tokens(prompt))
        return room >= tokens

    def weigh(self, prompt: str, choices: Sequence[Sequence[str]], stop: Callable[[], bool] = _never) -> list[float]:
        """Return, for each of `choices` (spellings of one answer), how probable it is that the answer to `prompt` begins so.

        One look at the probabilities of the next token: what a grammar of these choices would sample from, without sampling.
        A token that begins two choices counts for neither. Raises Stopped, TooLong.
        """
        tokens = self._tokens(prompt)
        if self._prefix + len(tokens) > self._llama.n_ctx():
            raise TooLong
        self._llama.n_tokens = self._prefix
        self._stop = stop
        try:
            self._eval(tokens)
        finally:
            self._stop = _never
        first = [{self._plain(spelling)[0] for spelling in spellings} for spellings in choices]
        logits = ctypeslib.as_array(self._llama._ctx.get_logits_ith(-1), (self._llama.n_vocab(),)).astype(np.float64)
        odds = np.exp(logits - logits.max())
        shared = [set().union(*first[:at], *first[at + 1 :]) for at in range(len(first))]
        return [float(odds[list(mine - others)].sum() / odds.sum()) for mine, others in zip(first, shared, strict=True)]

    def answer(self, prompt: str, stop: Callable[[], bool] = _never) -> Iterator[str]:
        """Stream what the model says to `prompt` about the open picture, greedily. Raises Stopped, TooLong."""
        tokens = self._tokens(prompt)
        room = self._llama.n_ctx() - self._prefix - len(tokens)
        if room < 1:
            raise TooLong
        self._llama.n_tokens = self._prefix  # the next eval drops what an earlier question left behind the picture
        self._stop = stop
        letters = codecs.getincrementaldecoder("utf-8")("replace")
        try:
            self._eval(tokens)
            for _ in range(min(room, ANSWER_TOKENS)):
                token = self._llama.sample(temp=0.0)
                if llama_cpp.llama_vocab_is_eog(self._llama._model.vocab, token):
                    return
                if text := letters.decode(self._llama.detokenize([token])):
                    yield text
                if stop():
                    raise Stopped
                if self._llama.n_tokens < self._llama.n_ctx():
                    self._eval([token])
        finally:
            self._stop = _never

    def _plain(self, words: str) -> list[int]:
        return plain_tokens(self._llama, words)

    def _tokens(self, prompt: str) -> list[int]:
        """The words behind the picture, with what the model's template puts around them."""
        if self._turn is None:
            return self._plain(prompt)
        between, after = (template_tokens(self._llama, text) for text in (self._turn.between, self._turn.after))
        return [*between, *self._plain(prompt), *after]

    def _eval(self, tokens: list[int]) -> None:
        try:
            evaluate(self._llama, tokens)
        except (RuntimeError, Stopped):
            self._open = b""  # half a batch may be in the context
            raise

    def _image_node(self, tensor: int, ask: bool, data: int | None) -> bool:
        """Called for each step of the image graph: asked first whether to wait for it, then whether to go on."""
        if not ask:
            return not self._stop()
        self._nodes += 1
        return self._stop is not _never and self._nodes % NODES_BETWEEN_STOPS == 0

    def _pieces(self, key: bytes, picture: Rgb) -> list[Piece]:
        """Return what goes before every question on the picture, kept or made now; what was longest unused goes."""
        if key not in self._kept:
            self._kept[key] = self._encode(picture)
        self._kept.move_to_end(key)
        while len(self._kept) > 1 and sum(map(_bytes_of, self._kept.values())) > KEPT_BYTES:
            self._kept.popitem(last=False)
        return self._kept[key]

    def _encode(self, picture: Rgb) -> list[Piece]:
        """Tokens and embeddings, in their order. Raises Stopped, TooLong."""
        chunks = self._chunks(picture)
        try:
            if mtmd_cpp.mtmd_helper_get_n_tokens(chunks) + 2 > self._llama.n_ctx():
                raise TooLong
            begin: list[Piece] = [[self._llama.token_bos()]] if self._bos else []
            count = mtmd_cpp.mtmd_input_chunks_size(chunks)
            return begin + [self._piece(mtmd_cpp.mtmd_input_chunks_get(chunks, number)) for number in range(count)]
        finally:
            mtmd_cpp.mtmd_input_chunks_free(chunks)

    def _piece(self, chunk: Any) -> Piece:
        """Return the chunk's tokens, or the embeddings of a picture or of one of its tiles."""
        if mtmd_cpp.mtmd_input_chunk_get_type(chunk) == mtmd_cpp.MTMD_INPUT_CHUNK_TYPE_TEXT:
            length = ctypes.c_size_t()
            tokens = mtmd_cpp.mtmd_input_chunk_get_tokens_text(chunk, ctypes.byref(length))
            return [int(tokens[number]) for number in range(length.value)]
        if mtmd_cpp.mtmd_decode_use_non_causal(self._projector, chunk):
            raise ValueError("this model reads its picture in both directions, which Mantel does not do yet")
        failed = mtmd_cpp.mtmd_encode_chunk(self._projector, chunk)
        if self._stop():
            raise Stopped
        if failed:
            raise RuntimeError(f"mtmd_encode_chunk returned {failed}")
        count = mtmd_cpp.mtmd_input_chunk_get_n_tokens(chunk)
        found = mtmd_cpp.mtmd_get_output_embd(self._projector)
        embeddings: npt.NDArray[np.float32] = ctypeslib.as_array(found, (count, self._llama.n_embd())).copy()
        return embeddings

    def _chunks(self, picture: Rgb) -> Any:
        pixels = (ctypes.c_uint8 * len(picture.pixels)).from_buffer_copy(picture.pixels)
        bitmap = mtmd_cpp.mtmd_bitmap_init(picture.width, picture.height, pixels)
        chunks = mtmd_cpp.mtmd_input_chunks_init()
        words = (self._turn.before.encode() if self._turn else b"") + mtmd_cpp.mtmd_default_marker()
        begin = self._turn is not None
        text = mtmd_cpp.mtmd_input_text(text=words, text_len=len(words), add_special=begin, parse_special=True)
        try:
            bitmaps = (mtmd_cpp.mtmd_bitmap_p_ctypes * 1)(bitmap)
            failed = mtmd_cpp.mtmd_tokenize(self._projector, chunks, ctypes.byref(text), bitmaps, 1)
        finally:
            mtmd_cpp.mtmd_bitmap_free(bitmap)
        if failed:
            mtmd_cpp.mtmd_input_chunks_free(chunks)
            raise RuntimeError(f"mtmd_tokenize returned {failed}")
        return chunks

    def _eval_embeddings(self, embeddings: npt.NDArray[np.float32]) -> None:
        """Decode the image into the context, behind what is there."""
        llama = self._llama
        for start in range(0, len(embeddings), BATCH):
            part = np.ascontiguousarray(embeddings[start : start + BATCH])
            count, width = part.shape
            batch = llama_cpp.llama_batch_init(count, width, 1)
            try:
                ctypes.memmove(batch.embd, part.ctypes.data, part.nbytes)
                batch.n_tokens = count
                for number in range(count):
                    batch.pos[number] = llama.n_tokens + number
                    batch.n_seq_id[number] = 1
                    batch.seq_id[number][0] = 0
                    batch.logits[number] = 0
                failed = llama_cpp.llama_decode(llama.ctx, batch)
            finally:
                llama_cpp.llama_batch_free(batch)
            if failed == ABORTED:
                raise Stopped
            if failed:
                raise RuntimeError(f"llama_decode returned {failed}")
            llama.n_tokens += count
