"""Sentences to vectors: all-MiniLM-L6-v2 through onnxruntime, on the CPU, from a folder that `adapters.models` exported."""

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from appliance.adapters.models_catalogue import checked_manifest, text_embedder_folder
from appliance.errors import ModelMissing, ModelWrong

MODEL = "all-MiniLM-L6-v2/onnx-1"
DIMENSIONS = 384
LONGEST = 256  # tokens; what the model was trained for. The rest of a longer text is not looked at.
BATCH = 32
Vectors = npt.NDArray[np.float32]


def session(file: Path, threads: int) -> onnxruntime.InferenceSession:
    """Load an exported model: on the CPU, with so many threads, telling nobody."""
    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # idle threads leave the CPU to others
    return onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])


def tokenizer(file: Path) -> Tokenizer:
    """Load a tokenizer.json."""
    return Tokenizer.from_file(str(file))


class TextEmbedder:
    """Loading takes about half a second and 200 MB: when that happens is the caller's business. Safe to share between threads."""

    MODEL = MODEL

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        """Load the model of `folder`; raises ModelMissing when there is none, ModelWrong when a file isn't the exported one."""
        checked_manifest(folder, MODEL)
        self._session = session(folder / "model.onnx", threads)
        self._tokenizer = tokenizer(folder / "tokenizer.json")
        self._tokenizer.enable_truncation(LONGEST)
        self._tokenizer.enable_padding()
        if self._session.get_outputs()[0].shape[-1] != DIMENSIONS:
            raise ModelWrong(model=f"The search model in {folder}", reason="its vectors have another length")

    def embed(self, sentences: Sequence[str]) -> Vectors:
        """Return one unit vector per sentence, float32, shape (len(sentences), 384), in the order given."""
        vectors = np.empty((len(sentences), DIMENSIONS), np.float32)
        by_length = sorted(range(len(sentences)), key=lambda number: len(sentences[number]))  # little padding in a batch
        for start in range(0, len(by_length), BATCH):
            batch = by_length[start : start + BATCH]
            vectors[batch] = self._embed_batch([sentences[number] for number in batch])
        return vectors

    def _embed_batch(self, sentences: list[str]) -> Vectors:
        tokens = self._tokenizer.encode_batch(sentences)
        inputs = {
            "input_ids": np.array([sentence.ids for sentence in tokens], np.int64),
            "attention_mask": np.array([sentence.attention_mask for sentence in tokens], np.int64),
        }
        (vectors,) = self._session.run(None, inputs)
        return np.asarray(vectors, np.float32)


class InstalledEmbedder:
    """The text embedder of a home, loaded when it is first needed."""

    def __init__(self, models: Path) -> None:
        self._models = models
        self._lock = threading.Lock()
        self._loaded: TextEmbedder | None = None

    def installed(self) -> bool:
        try:
            text_embedder_folder(self._models)
        except ModelMissing:
            return False
        return True

    def get(self) -> TextEmbedder:
        """Raises ModelMissing, ModelWrong."""
        with self._lock:
            if self._loaded is None:
                self._loaded = TextEmbedder(text_embedder_folder(self._models))
            return self._loaded
