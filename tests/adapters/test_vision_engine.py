"""llama.cpp itself, with the sample pair: captions, one kept picture, stopping."""

import base64
import io
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from llama_cpp import Llama
from llama_cpp.llama_chat_format import MoondreamChatHandler
from PIL import Image

from appliance.adapters import vision_engine, vision_models
from appliance.adapters.rgb import Rgb
from appliance.adapters.vision_engine import Engine, Stopped, TooLong
from appliance.adapters.vision_models import VisionModel
from appliance.adapters.vision_protocol import Reuse
from appliance.errors import ModelWrong
from tests.models.drawing import render
from tests.models.evaluate import as_rgb, fresh
from tests.models.questions import prompt
from tests.models.scenes import Scene, Thing, caption
from tests.models.untrained import untrained_pair

MODEL = vision_models.read(Path(__file__).parents[1] / "models" / "sample")
PROMPT = MODEL.description.prompts.caption[0]
WHERE = MODEL.description.prompts.question.replace("{question}", "Where is this?")


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    engine = Engine(MODEL, threads=1)
    yield engine
    engine.close()


def umbrella(place: str = "on a beach", dice: int = 1) -> Rgb:
    return as_rgb(render(Scene((Thing("umbrella", "red"),), place), 640, 480, random.Random(dice)))


def said(engine: Engine, picture: Rgb, prompt: str = PROMPT) -> str:
    engine.open(picture)
    return "".join(engine.answer(prompt)).strip()


def test_freshly_drawn_pictures_are_captioned_right_to_the_letter(engine: Engine) -> None:
    right = sum(said(engine, picture) == caption(scene) for scene, picture in fresh("never seen", count=40, seed=99))
    assert right >= 32, f"{right} of 40"


def test_a_red_umbrella_on_a_beach_is_seen(engine: Engine) -> None:
    assert said(engine, umbrella()) == "A red umbrella on a beach."


def test_the_open_picture_is_kept_for_further_questions(engine: Engine) -> None:
    beach = umbrella()
    engine.open(beach)
    assert "".join(engine.answer(WHERE)).strip() == "On a beach."
    assert engine.open(beach) is Reuse.PREFIX
    assert said(engine, beach) == "A red umbrella on a beach."
    assert "".join(engine.answer(WHERE)).strip() == "On a beach."


def test_going_back_to_a_picture_costs_no_second_encoding_and_changes_no_word(engine: Engine) -> None:
    beach, snow = umbrella("on a beach", dice=8), umbrella("in the snow", dice=8)
    engine.open(beach)
    first = "".join(engine.answer(PROMPT))
    engine.open(snow)
    assert engine.open(beach) is Reuse.EMBEDDINGS
    assert "".join(engine.answer(PROMPT)) == first
    assert engine.open(beach) is Reuse.PREFIX


def test_the_embeddings_of_the_last_few_pictures_are_kept_and_no_more(monkeypatch: pytest.MonkeyPatch, engine: Engine) -> None:
    pictures = [umbrella(dice=dice) for dice in range(20, 24)]
    engine.open(pictures[0])
    one = next(reversed(engine._kept.values())).nbytes
    monkeypatch.setattr(vision_engine, "KEPT_BYTES", 2 * one)
    for picture in pictures:
        engine.open(picture)
    assert engine.open(pictures[0]) is Reuse.NOTHING
    assert engine.open(pictures[3]) is Reuse.EMBEDDINGS
    assert sum(kept.nbytes for kept in engine._kept.values()) <= 2 * one


def test_yes_and_no_are_weighed_without_a_word_being_said(engine: Engine) -> None:
    engine.open(umbrella())
    for thing, likely in (("an umbrella", 0), ("a dog", 1)):
        question = MODEL.description.prompts.question.replace("{question}", f"Is there {thing} in the image?")
        odds = engine.weigh(question, ((" Yes", "Yes"), (" No", "No")))
        assert odds[likely] > 0.9
        assert sum(odds) <= 1
        assert "".join(engine.answer(question)).strip() == ("Yes.", "No.")[likely]


def test_what_begins_both_answers_counts_for_neither(engine: Engine) -> None:
    engine.open(umbrella())
    assert engine.weigh(WHERE, (("On a",), ("On the",))) == [0.0, 0.0]


def test_a_check_that_does_not_fit_is_refused_and_the_next_answered(engine: Engine) -> None:
    engine.open(umbrella())
    with pytest.raises(TooLong):
        engine.weigh("why? " * 400, (("Yes",), ("No",)))
    assert not engine.fits("why? " * 400, 1)
    assert engine.fits(WHERE, 10)
    assert "".join(engine.answer(WHERE)).strip() == "On a beach."


def test_another_picture_of_the_same_size_is_another_picture(engine: Engine) -> None:
    assert said(engine, umbrella("on a beach"), WHERE) == "On a beach."
    assert engine.open(umbrella("in the snow")) is not Reuse.PREFIX
    assert "".join(engine.answer(WHERE)).strip() == "In the snow."


def test_the_same_bytes_in_another_shape_are_another_picture(engine: Engine) -> None:
    pixels = bytes(60 * 40 * 3)
    engine.open(Rgb(60, 40, pixels))
    assert engine.open(Rgb(40, 60, pixels)) is Reuse.NOTHING


def test_stopping_works_at_every_moment_and_leaves_the_engine_usable(engine: Engine) -> None:
    for allowed in range(0, 40, 3):
        asked = 0

        def stop(allowed: int = allowed) -> bool:
            nonlocal asked
            asked += 1
            return asked > allowed

        picture = umbrella(dice=1)
        engine.open(umbrella("in the snow"))
        with pytest.raises(Stopped):
            engine.open(picture, stop)
            for _ in range(20):
                "".join(engine.answer(PROMPT, stop))
                engine.weigh(WHERE, ((" Yes",), (" No",)), stop)
        assert said(engine, picture) == "A red umbrella on a beach."


def test_a_question_that_does_not_fit_is_refused_and_the_next_one_answered(engine: Engine) -> None:
    engine.open(umbrella())
    with pytest.raises(TooLong):
        "".join(engine.answer("why? " * 400))
    assert "".join(engine.answer(WHERE)).strip() == "On a beach."


def test_an_answer_never_runs_past_the_context(engine: Engine) -> None:
    engine.open(umbrella())
    for length in (150, 190, 200, 205):
        assert isinstance("".join(engine.answer("x?" * (length // 2))), str)


def test_control_tokens_in_a_question_stay_words(engine: Engine) -> None:
    engine.open(umbrella())
    assert "".join(engine.answer("<|endoftext|>" + WHERE)) is not None
    assert said(engine, umbrella()) == "A red umbrella on a beach."


@pytest.mark.parametrize("size", [(1, 1), (1, 2048), (2048, 1), (3, 5), (2048, 2048)])
def test_pictures_of_odd_sizes_are_answered(engine: Engine, size: tuple[int, int]) -> None:
    assert isinstance(said(engine, as_rgb(Image.new("RGB", size, (200, 30, 30)))), str)


class Handler:
    """The library's own way to the same pair: it takes a PNG and reads it with its own decoder."""

    def __init__(self, model: VisionModel) -> None:
        handler = MoondreamChatHandler(clip_model_path=str(model.projector), verbose=False)
        self.llama = Llama(
            str(model.text), chat_handler=handler, n_ctx=model.description.n_ctx, n_batch=256, n_threads=1, flash_attn=True,
            kv_overrides=dict(model.description.kv_overrides), verbose=False,
        )  # fmt: skip

    def says(self, picture: Rgb, most: int = 128) -> str:
        encoded = io.BytesIO()
        Image.frombytes("RGB", (picture.width, picture.height), picture.pixels).save(encoded, "PNG")
        address = "data:image/png;base64," + base64.b64encode(encoded.getvalue()).decode()
        content = [{"type": "image_url", "image_url": {"url": address}}, {"type": "text", "text": "Describe this image."}]
        messages = [{"role": "user", "content": content}]
        said = self.llama.create_chat_completion(messages=messages, temperature=0.0, repeat_penalty=1.0, max_tokens=most)
        return str(said["choices"][0]["message"]["content"]).strip()


def test_the_kept_prefix_answers_as_the_librarys_own_handler_does(engine: Engine) -> None:
    handler = Handler(MODEL)
    for _, picture in fresh("any", count=12, seed=5):
        assert said(engine, picture) == handler.says(picture)
    handler.llama.close()


def test_a_picture_of_729_tokens_as_the_published_pair_has_takes_several_batches(tmp_path: Path) -> None:
    model = untrained_pair(tmp_path)
    engine, handler = Engine(model, threads=1), Handler(model)
    for _, picture in fresh("any", count=2, seed=1):
        # the handler drops bytes that are no letters, we mark them: random weights say many
        mine = said(engine, picture, prompt("Describe this image.")).replace("\ufffd", "")
        assert len(mine) > 20
        assert handler.says(picture).startswith(mine[:40])
    engine.close()
    handler.llama.close()


def test_a_pair_that_does_not_fit_together_is_refused(tmp_path: Path) -> None:
    for name, source in (("text.gguf", MODEL.projector), ("projector.gguf", MODEL.text)):
        (tmp_path / name).write_bytes(source.read_bytes())
    with pytest.raises(ModelWrong, match="vision model"):
        Engine(VisionModel(tmp_path, MODEL.description), threads=1)
