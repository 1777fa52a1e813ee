"""“Find every receipt”: a set of candidates from search, looked at one by one by the vision model, with a live count.

The candidates are the matches of the question and, looser, whatever else its filters let through, the likeliest first: what a
search would call no match may still show the thing. Nobody reads another's inspections, and what a person may no longer see
is left out of the counts, the page and the list alike.
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from appliance.accounts.viewer import Family
from appliance.assistant import checks
from appliance.assistant.keeping import Keeping
from appliance.errors import WrongUsage
from appliance.indexing.receipts import receipt_facts
from appliance.library.access import visible_assets
from appliance.search import find
from appliance.search.filters import Query
from appliance.search.find import Embedder, Nearest
from appliance.search.matrix import Matrix
from appliance.search.persons import People
from appliance.search.pictures import Pictures
from appliance.store.db import Reader, Writer

MOST_CANDIDATES = 500
LONGEST_QUESTION = 500
LONGEST_THING = 80
RECENT_MS = 5 * 60_000
LEADING = re.compile(r"^(?:(?:all|every|each|any|the|an?|my|our)\b\s*)+", re.IGNORECASE)
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would take for one


@dataclass(frozen=True, slots=True)
class Inspection:
    """How far one inspection is. `recent`: how many were looked at in the last five minutes."""

    id: int
    question: str
    thing: str
    state: str
    created_at: int
    all: int
    waiting: int
    yes: int
    unsure: int
    failed: int
    recent: int

    @property
    def looked(self) -> int:
        return self.all - self.waiting


@dataclass(frozen=True, slots=True)
class Finding:
    """One picture of an inspection; `yes` is the probability of a yes against a no, None while nobody has looked."""

    asset_id: int
    position: int
    state: str
    file_name: str
    capture_time: str
    time_source: str
    town: str | None
    country: str | None
    facts: str
    text: str | None

    @property
    def yes(self) -> float | None:
        facts = json.loads(self.facts)
        said = facts.get("yes", 0.0) + facts.get("no", 0.0)
        return facts["yes"] / said if said else None


def candidates(
    reader: Reader, viewer: Family, query: Query, *, embedder: Embedder | None, matrix: Matrix, nearest: Nearest | None = None,
    pictures: Pictures | None = None, people: People | None = None,
) -> list[int]:  # fmt: skip
    """Return at most MOST_CANDIDATES assets that pass the filters of `query`: its matches first, then by likeness to its words."""
    whole = replace(query, sort="relevance", limit=None, intent="find")
    matching = find.matches(
        reader, viewer, whole, embedder=embedder, matrix=matrix, nearest=nearest, pictures=pictures, people=people
    ).assets
    others = find.matches(reader, viewer, replace(whole, text=""), embedder=None, matrix=matrix, people=people).assets
    likely: list[int] = []
    if embedder is not None and query.text and len(others):
        among = np.sort(others)
        cosines = matrix.cosines(reader, embedder.embed([query.text])[0], among)
        likely = cosines.assets[np.argsort(-cosines.values, kind="stable")].tolist()
    in_order = dict.fromkeys([*matching.tolist(), *likely, *others.tolist()])
    return list(in_order)[:MOST_CANDIDATES]


def thing_of(words: str) -> str:
    """“every receipt” → “receipt”; raises WrongUsage when nothing is left, or too much."""
    thing = LEADING.sub("", " ".join(words.split())).strip(" .?!")
    if not 1 <= len(thing) <= LONGEST_THING:
        raise WrongUsage(what=f"Say in 1 to {LONGEST_THING} characters what the pictures are to be looked at for.")
    return thing


def start(writer: Writer, viewer: Family, question: str, thing: str, assets: Sequence[int], *, now: int, keeping: Keeping) -> int:
    """Begin an inspection and return its id; the same one again while it still runs is that one. Names are left out: beside them
    stand the photos."""
    question, thing = keeping.anonymous(writer, question[:LONGEST_QUESTION]), keeping.thing(writer, thing)
    running = "SELECT id FROM inspection WHERE user_id=? AND question=? AND thing=? AND state='running'"
    if (already := writer.value(running, (viewer.user_id, question, thing))) is not None:
        return int(already)
    number = writer.insert(
        "INSERT INTO inspection(user_id, question, thing, state, created_at) VALUES(?,?,?,?,?)",
        (viewer.user_id, question, thing, "running" if assets else "done", now),
    )
    writer.many(
        "INSERT INTO inspection_asset(inspection_id, asset_id, position) VALUES(?,?,?)",
        [(number, asset, position) for position, asset in enumerate(assets, 1)],
    )
    return number


def stop(writer: Writer, viewer: Family, number: int) -> None:
    """No more pictures are looked at; what was found stays. Raises NotFound."""
    writer.one("SELECT 1 FROM inspection WHERE id=? AND user_id=?", (number, viewer.user_id))
    writer.run("UPDATE inspection SET state='stopped' WHERE id=? AND state='running'", (number,))


def go_on(writer: Writer, viewer: Family, number: int) -> None:
    """Go on where it was stopped. Raises NotFound."""
    writer.one("SELECT 1 FROM inspection WHERE id=? AND user_id=?", (number, viewer.user_id))
    writer.run("UPDATE inspection SET state='running' WHERE id=? AND state='stopped'", (number,))
    checks.end_if_done(writer, number)


def _counted(viewer: Family) -> str:
    return f"""SELECT inspection.id, question, thing, inspection.state, created_at, count(asset.id),
          count(CASE WHEN inspection_asset.state='waiting' THEN asset.id END),
          count(CASE WHEN inspection_asset.state='yes' THEN asset.id END),
          count(CASE WHEN inspection_asset.state='unsure' THEN asset.id END),
          count(CASE WHEN inspection_asset.state='failed' THEN asset.id END),
          count(CASE WHEN inspection_asset.checked_at > :since THEN asset.id END)
        FROM inspection LEFT JOIN inspection_asset ON inspection_id = inspection.id
          LEFT JOIN asset ON asset.id = asset_id AND {visible_assets(viewer)}
        WHERE user_id = :user"""


def get(reader: Reader, viewer: Family, number: int, *, now: int) -> Inspection:
    """Raises NotFound when there is none, or it is another's."""
    sql = f"{_counted(viewer)} AND inspection.id = :id GROUP BY inspection.id"
    return Inspection(*reader.one(sql, {"since": now - RECENT_MS, "user": viewer.user_id, "id": number}))


def latest(reader: Reader, viewer: Family, limit: int, *, now: int) -> list[Inspection]:
    """Return the inspections of `viewer`, newest first."""
    sql = f"{_counted(viewer)} GROUP BY inspection.id ORDER BY inspection.id DESC LIMIT :limit"
    return reader.rows(Inspection, sql, {"since": now - RECENT_MS, "user": viewer.user_id, "limit": limit})


def findings(reader: Reader, viewer: Family, number: int, *, after: int = 0) -> list[Finding]:
    """Return the pictures of an inspection behind position `after`, the likeliest first. Raises NotFound."""
    reader.one("SELECT 1 FROM inspection WHERE id=? AND user_id=?", (number, viewer.user_id))
    return reader.rows(
        Finding,
        f"""SELECT asset.id, position, inspection_asset.state, file_name, capture_time, time_source, town, country, facts,
              (SELECT words FROM recognised_text WHERE recognised_text.asset_id = asset.id)
            FROM inspection_asset JOIN asset ON asset.id = asset_id
            WHERE inspection_id=? AND position > ? AND {visible_assets(viewer)} ORDER BY position""",
        (number, after),
    )


def gather(writer: Writer, viewer: Family, number: int, *, now: int) -> str:
    """Put everything that the model says yes to into the album of that name, a new one unless `viewer` has made it already;
    return its title. Raises NotFound, WrongUsage when there is nothing to put in."""
    yes = [one.asset_id for one in findings(writer, viewer, number) if one.state == "yes"]
    if not yes:
        raise WrongUsage(what="There is no picture yet that the model says yes to, so there is nothing for an album.")
    title = f"Every {writer.value('SELECT thing FROM inspection WHERE id=?', (number,))}"
    made = writer.value("SELECT id FROM album WHERE title=? AND made_by=? AND deleted_at IS NULL", (title, viewer.user_id))
    album = made or writer.insert("INSERT INTO album(title, made_by, made_at) VALUES(?,?,?)", (title, viewer.user_id, now))
    writer.many("INSERT OR IGNORE INTO album_asset(album_id, asset_id, added_at) VALUES(?,?,?)", [(album, one, now) for one in yes])
    return title


def as_csv(found: Sequence[Finding]) -> Iterator[str]:
    """Yield the lines of a table: everything that is, or may be, what was looked for. What nobody knows stays empty; shop and
    total are read from the picture where it is a receipt with a total."""
    yield _line(["date", "time", "place", "file", "answer", "sure", "shop", "total", "currency", "photo"])
    for one in found:
        if one.state not in ("yes", "unsure"):
            continue
        known = one.time_source != "upload"
        place = ", ".join(name for name in (one.town, one.country) if name)
        when = (one.capture_time[:10], one.capture_time[11:16]) if known else ("", "")
        sure = f"{max(one.yes, 1 - one.yes):.0%}" if one.yes is not None else ""
        yield _line([*when, place, one.file_name, one.state, sure, *_paid(one.text or ""), f"/photos/{one.asset_id}"])


def _paid(text: str) -> tuple[str, str, str]:
    """Shop, total and currency; all empty unless a total can be read with certainty."""
    receipt = receipt_facts(text.splitlines())
    if receipt.total is None:
        return "", "", ""
    return receipt.shop or "", str(receipt.total), receipt.currency or ""


def _line(cells: Sequence[str]) -> str:
    """One line of CSV (RFC 4180); a file name that a spreadsheet would take for a formula gets an apostrophe before it."""
    written = io.StringIO()
    csv.writer(written).writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells])
    return written.getvalue()
