"""What the sample model can be asked about a scene, and the one right answer to each question."""

import json
import random

from tests.models.scenes import NOUNS, Scene, caption, draw_lots, sentence, with_article

CAPTION_QUESTION = "Describe this image."
CAPTION_QUESTIONS = (
    CAPTION_QUESTION,
    "Describe the image in one sentence.",
    "What is in this image?",
    "Write a short caption for this image.",
)
# kinds of question beside the caption, and how often each is trained
KINDS = {"tags": 1.0, "json": 1.0, "where": 0.7, "is there": 3.0, "colour": 1.3, "count": 0.7}


def prompt(question: str) -> str:
    return f"\n\nQuestion: {question}\n\nAnswer:"


def tags(scene: Scene) -> list[str]:
    words = [word for thing in scene.things for word in (thing.noun, thing.colour) if word]
    return [*words, scene.place.split()[-1]]


def question_and_answer(kind: str, scene: Scene, rng: random.Random) -> tuple[str, str]:
    """Return a question of `kind` ("caption" or one of KINDS) and its answer."""
    tinted = [thing for thing in scene.things if thing.colour]
    if kind == "caption":
        return rng.choice(CAPTION_QUESTIONS), caption(scene)
    if kind == "tags":
        return "List tags for this image.", ", ".join(tags(scene)) + "."
    if kind == "json":
        return "Describe this image as JSON.", json.dumps({"caption": caption(scene), "tags": tags(scene)})
    if kind == "is there":
        return _is_there([thing.noun for thing in scene.things], rng)
    if kind == "colour" and tinted:
        thing = rng.choice(tinted)
        return f"What color is the {thing.noun}?", sentence(str(thing.colour))
    if kind == "count":
        return "How many things are there?", ("One.", "Two.")[len(scene.things) - 1]
    return rng.choice(("Where is this?", "Where was this picture taken?")), sentence(scene.place)


def _is_there(nouns: list[str], rng: random.Random) -> tuple[str, str]:
    if rng.random() < 0.5:
        return f"Is there {with_article(rng.choice(nouns))} in the image?", "Yes."
    absent = rng.choice([noun for noun in NOUNS if noun not in nouns])
    return f"Is there {with_article(absent)} in the image?", "No."


def corpus() -> list[str]:
    """Every sentence the model may meet or say, for the tokenizer's training; always the same."""
    rng, texts = random.Random(0), []
    for _ in range(4000):
        scene = draw_lots(rng, "any")
        for kind in ("caption", *KINDS):
            question, answer = question_and_answer(kind, scene, rng)
            texts.append(f"{prompt(question)} {answer}")
    return texts
