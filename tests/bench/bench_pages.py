"""Pages and searches over 100,000 photos: processor time of the server alone, each beside the least that anybody could do.

Pages are asked of the application itself, without a network, so nothing but Mantel is measured. The embedding of a question is
made beforehand: `bench_search` has its time.
"""

import asyncio
import resource
import secrets
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from litestar import Litestar

from appliance.accounts import sessions, users
from appliance.accounts.viewer import Owner
from appliance.adapters.embedder import MODEL
from appliance.app import create_app
from appliance.library import assets
from appliance.search.filters import DateRange, PlaceFilter, Query
from appliance.search.find import find
from appliance.search.matrix import PICTURES, Matrix
from appliance.search.pictures import Pictures
from appliance.search.suggestions import suggest
from appliance.search.vocabulary import vocabulary
from appliance.settings import Settings
from appliance.store.db import Reader
from appliance.store.layout import Layout
from appliance.web.asking import NoPlaces
from appliance.web.state import Web
from tests.bench.bench_search import show, stacked
from tests.bench.library_of_100k import NOW, SIZE, make
from tests.search.captions import Prepared

QUESTIONS = [
    "a dog on the beach", "red car", "birthday cake", "two children in a park", "a submarine", "old man with a hat",
    "grandmother with candles", "a wedding in a small town by the harbour in the evening", "rceipt total", "a womn in a kitchin",
]  # fmt: skip
TIMES = 30
DAY = Query(dates=(DateRange(date(2015, 6, 3), date(2015, 6, 3), "3 June 2015"),))  # some 1 in 10,000
YEAR = Query(dates=(DateRange(date(2015, 1, 1), date(2015, 12, 31), "2015"),))
TOWN = Query(places=(PlaceFilter("Munich", country="DE", town="Munich"),))
COUNTRY = Query(places=(PlaceFilter("Germany", country="DE"),))
VIDEOS = Query(kind="video")
CAMERA = Query(cameras=("iPhone 6",))
TILE = "id, sha256, kind, width, height, duration_ms, capture_time, description"
SHOWN = "deleted_at IS NULL AND hidden = 0"


def processor_ms(times: int, work: Callable[[int], object]) -> tuple[float, float]:
    """Return median and 95th percentile in milliseconds of processor time, all threads, of `work(0)`, `work(1)` and so on."""
    work(0)
    took = []
    for number in range(times):
        started = time.process_time_ns()
        work(number)
        took.append((time.process_time_ns() - started) / 1e6)
    return float(np.median(took)), float(np.percentile(took, 95))


def report(name: str, ours: Callable[[int], object], plain: Callable[[int], object]) -> None:
    """Print what `ours` takes beside what `plain`, which knows nothing of pages and viewers, takes in the same run."""
    base, _ = processor_ms(TIMES, plain)
    median, late = processor_ms(TIMES, ours)
    times = f"p50 {median:7.1f} ms  p95 {late:7.1f} ms   plain {base:7.2f} ms   {median / max(base, 0.01):7.1f} ×"
    print(f"  {name:<36} {times}", flush=True)


class Visitor:
    """Asks the application as its server would, as Olive, and takes only answers that are pages."""

    def __init__(self, app: Litestar) -> None:
        self.app, self.loop = app, asyncio.new_event_loop()
        web: Web = app.state.web
        secret = secrets.token_bytes(32)
        with web.store.write() as writer:
            olive = users.add_user(writer, name="Olive", kind="owner", password_hash="none", now=NOW)
            sessions.start_session(
                writer, secret, csrf="csrf", user_id=olive, now=web.clock(), agent="Browser", address="192.168.1.7"
            )
        self.viewer = Owner(olive, "Olive")
        self.headers = [(b"host", b"localhost"), (b"cookie", f"mantel={sessions.to_cookie(secret)}".encode())]

    def get(self, address: str) -> None:
        status, length = self.loop.run_until_complete(self._get(address))
        assert status == 200 and length, (address, status)

    async def _get(self, address: str) -> tuple[int, int]:
        parts = urlsplit(address)
        answers: list[dict[str, Any]] = []
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http", "root_path": "",
            "path": parts.path, "raw_path": parts.path.encode(), "query_string": parts.query.encode(), "headers": self.headers,
            "client": ("192.168.1.7", 5000), "server": ("localhost", 8000),
        }  # fmt: skip

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            answers.append(message)

        asked: Awaitable[None] = self.app(scope, receive, send)  # type: ignore[arg-type]
        await asked
        return answers[0]["status"], sum(len(answer.get("body", b"")) for answer in answers)


def pages(visitor: Visitor, reader: Reader) -> None:
    """Print the figures of whole pages, logging in and templates included."""

    def rows(sql: str) -> Callable[[int], object]:
        return lambda _: reader.all(sql)

    timeline = f"SELECT {TILE} FROM asset WHERE {SHOWN} ORDER BY capture_time DESC, id DESC LIMIT 120"
    deep = timeline.replace("ORDER", "AND (capture_time, id) < ('2006-05-01T00:00:00', 1) ORDER")
    stages = "SELECT stage, state, count(*) FROM job GROUP BY stage, state"
    ids = [asset for (asset,) in reader.all(f"SELECT id FROM asset WHERE {SHOWN} ORDER BY sha256 DESC LIMIT 100")]
    report("home", lambda _: visitor.get("/"), rows(timeline.replace("120", "18")))
    report("timeline, first page", lambda _: visitor.get("/timeline"), rows(timeline))
    report("timeline, far down", lambda _: visitor.get("/timeline?before=2006-05-01T00:00:00.1"), rows(deep))
    report(
        "photo", lambda n: visitor.get(f"/photos/{ids[n]}"), lambda n: reader.one(f"SELECT {TILE} FROM asset WHERE id=?", (ids[n],))
    )
    report("indexing", lambda _: visitor.get("/indexing"), rows(stages))
    report("indexing, the part that is polled", lambda _: visitor.get("/indexing/stages"), rows(stages))
    report("ask: a year", lambda _: visitor.get("/ask?q=photos+from+2015"), rows(year_of(timeline)))


def year_of(sql: str) -> str:
    return sql.replace("ORDER", "AND capture_time >= '2015' AND capture_time < '2016' ORDER").replace("120", "60")


def searches(visitor: Visitor, reader: Reader, pictures: Pictures) -> None:
    """Print the figures of what stands behind the pages."""
    viewer, matrix, prepared = visitor.viewer, Matrix(MODEL), Prepared(QUESTIONS)
    blobs = [blob for (blob,) in reader.all("SELECT vector FROM embedding ORDER BY id")]
    every = np.frombuffer(b"".join(blobs), "<f4").reshape(len(blobs), -1)
    seen = stacked(reader, PICTURES)

    def asked(query: Query) -> Callable[[int], object]:
        return lambda _: find(reader, viewer, query, embedder=prepared, matrix=matrix)

    def with_words(query: Query, shown: Pictures | None = None) -> Callable[[int], object]:
        def ask(n: int) -> object:
            text = QUESTIONS[n % len(QUESTIONS)]
            return find(reader, viewer, replace(query, text=text), embedder=prepared, matrix=matrix, pictures=shown)

        return ask

    def ids_where(condition: str) -> Callable[[int], object]:
        return lambda _: reader.all(f"SELECT id FROM asset WHERE {SHOWN} AND {condition} ORDER BY capture_time DESC, id DESC")

    def product(n: int) -> object:
        return np.argsort(every @ prepared.embed([QUESTIONS[n % len(QUESTIONS)]])[0])[-50:]

    report("months", lambda _: assets.months(reader, viewer), lambda _: reader.all("SELECT month, assets FROM month"))
    report(
        "vocabulary",
        lambda _: vocabulary(reader, NoPlaces()),
        lambda _: reader.all("SELECT DISTINCT country, region, town FROM asset"),
    )
    report("suggestions", lambda _: suggest(reader, viewer), lambda _: reader.all("SELECT town, count(*) FROM asset GROUP BY town"))
    report("find: year", asked(YEAR), ids_where("capture_time >= '2015' AND capture_time < '2016'"))
    report("find: town", asked(TOWN), ids_where("country='DE' AND town='Munich'"))
    report("find: country", asked(COUNTRY), ids_where("country='DE'"))
    report("find: videos", asked(VIDEOS), ids_where("kind='video'"))
    report("find: camera", asked(CAMERA), ids_where("camera_model='iPhone 6'"))

    def product_of_both(n: int) -> object:
        return product(n), np.argsort(seen @ pictures.words.embed(QUESTIONS[n % len(QUESTIONS)]))[-50:]

    for name, query in {
        "the whole library": Query(),
        "in a year": YEAR,
        "in a town": TOWN,
        "in a country": COUNTRY,
        "on a day": DAY,
    }.items():
        report(f"find: words, {name}", with_words(query), product)
        report(f"find: words and pictures, {name}", with_words(query, pictures), product_of_both)


def main(size: int = SIZE) -> None:
    with tempfile.TemporaryDirectory(prefix="mantel-bench-") as name:
        settings = Settings(home=Path(name), allowed_hosts=("localhost",))
        app = create_app(settings)
        web: Web = app.state.web
        started = time.process_time()
        make(web.store, size)
        database = Layout(settings.home).database.stat().st_size / 1e6
        print(f"pages over {size:,} photos ({database:.0f} MB, made in {time.process_time() - started:.0f} s)")
        visitor, pictures = Visitor(app), show(web.store, size)
        with web.store.read() as reader:
            pages(visitor, reader)
            searches(visitor, reader, pictures)
        web.store.close()
    print(f"  memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
