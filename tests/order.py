"""Which worker runs which tests, and what begins first: with two cores the last file must be a short one.

A file stays on one worker, as its fixtures are made once for it. Files that read the ingested shared photos stay together: taking
those in costs a minute.
"""

from collections import Counter

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

REAL_PHOTOS = "the ingested real photos"
TOGETHER = {"tests/promises/test_real_photos.py": REAL_PHOTOS, "tests/quality/test_photo_questions.py": REAL_PHOTOS}
LONGEST = (  # in processor time, the longest first; the rest goes by how many tests a file has
    "tests/browser/test_every_page.py",
    REAL_PHOTOS,
    "tests/test_cli.py",
    "tests/adapters/test_real_files.py",
    "tests/promises/test_pulling_the_plug.py",
    "tests/promises/test_nothing_leaves_the_house.py",
    "tests/indexing/test_documents.py",
    "tests/promises/test_pictures_cannot_command.py",
    "tests/test_worker.py",
    "tests/test_cli_serve.py",
    "tests/search/test_quality.py",
    "tests/adapters/test_models.py",
)


def scope(nodeid: str) -> str:
    """Return what stays on one worker: a test's file, or several files under one name."""
    file = nodeid.split("::", 1)[0]
    return TOGETHER.get(file, file)


def in_order(items: list[pytest.Item]) -> list[pytest.Item]:
    """Return `items` with the LONGEST scopes first, then those of many tests; within one they stay as they were."""
    tests = Counter(scope(item.nodeid) for item in items)
    place = {name: number for number, name in enumerate(LONGEST)}

    def rank(item: pytest.Item) -> tuple[int, int, str]:
        own = scope(item.nodeid)
        return place.get(own, len(LONGEST)), -tests[own], own

    return sorted(items, key=rank)


class InOrder(LoadScopeScheduling):  # type: ignore[misc]
    """Like `--dist=loadfile`, with our scopes, in the order of the collection."""

    def __init__(self, config: pytest.Config, log: Producer) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return scope(nodeid)
