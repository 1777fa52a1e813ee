"""A small family library, drawn: five months, three towns, a video, a description, captions and words that want to be markup."""

from pathlib import Path

from PIL import Image, ImageDraw

from appliance.accounts import users
from appliance.accounts.passwords import hash_password
from appliance.accounts.viewer import Owner
from appliance.adapters.embedder import TextEmbedder
from appliance.adapters.exiftool import MetadataReader
from appliance.adapters.models_catalogue import text_embedder_folder
from appliance.adapters.pixels import Decoder
from appliance.adapters.places import Gazetteer
from appliance.adapters.text_lines import Line, encoded
from appliance.assistant import actions, conversation, inspect
from appliance.assistant.keeping import AS_ASKED
from appliance.assistant.plan import Act, Plan
from appliance.indexing import pipeline
from appliance.library import albums, selections
from appliance.library.ingest import Intake
from appliance.search.filters import Chip, PlaceFilter, Query
from appliance.sharing import links
from appliance.sharing.links import DAY_MS, Options
from appliance.store.db import Store
from appliance.store.layout import Layout
from appliance.worker import wall_clock
from tests import drawn
from tests.backup import rows
from tests.conftest import CAST, PASSWORD, START

HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>'
HOSTILE_NAME = '"><img src=x onerror=alert(3)>.jpg'
SAMPLE = "moondream-sample@0123"
ROME, LISBON, MUNICH = (41.9, 12.5), (38.72, -9.14), (48.14, 11.58)
SKIES = [(247, 201, 158), (154, 196, 219), (196, 214, 168), (236, 224, 201), (120, 140, 170)]
READ = (
    Line("Zimtsterne", (0.1, 0.1, 0.5, 0.05), 0.99),
    Line("TOTAL 8.40", (0.1, 0.2, 0.4, 0.05), 0.98),
    Line("Danke", (0.85, 0.3, 0.05, 0.3), 0.98, 90),
)
PICTURES = (  # name, taken, where, width and height, caption
    ("IMG_2001.jpg", "2024:07:14 10:12:00", ROME, (900, 600), "a dog runs along a sandy beach"),
    ("IMG_2002.jpg", "2024:07:14 10:15:00", ROME, (600, 900), "two children build a sand castle"),
    ("IMG_2003.jpg", "2024:07:15 19:40:00", ROME, (1200, 500), "a sunset over the roofs of a town"),
    ("IMG_2004.jpg", "2024:05:02 12:00:00", LISBON, (800, 800), "a yellow tram on a steep street"),
    ("IMG_2005.jpg", "2024:05:02 12:30:00", LISBON, (900, 600), "a bridge over a wide river"),
    ("IMG_2006.jpg", "2023:12:24 18:00:00", MUNICH, (900, 675), "a christmas tree with candles"),
    ("IMG_2007.jpg", "2023:12:24 18:20:00", MUNICH, (600, 800), "a plate of cookies on a table"),
    ("IMG_2008.jpg", "2022:08:08 09:00:00", None, (900, 600), "a red kite in a blue sky"),
    (HOSTILE_NAME, "2022:08:09 09:00:00", None, (900, 600), HOSTILE),
)


def painting(number: int, width: int, height: int) -> Image.Image:
    """A landscape of its own: sky, sun, hills."""
    image = Image.new("RGB", (width, height), SKIES[number % len(SKIES)])
    pen = ImageDraw.Draw(image)
    sun = height // 6
    x = width * (2 + number * 3 % 6) // 9
    pen.ellipse((x, height // 5, x + sun, height // 5 + sun), fill=(255, 244, 214))
    for hill, colour in enumerate([(118, 148, 128), (72, 108, 92), (38, 66, 58)]):
        top = height // 2 + hill * height // 7
        bend = width * ((number * 5 + hill * 3) % 7) // 6
        pen.ellipse((bend - width, top, bend + width // 2, top + height), fill=colour)
        pen.ellipse((bend - width // 4, top + height // 20, bend + width, top + height), fill=colour)
    return image


def build(home: Path, work: Path) -> None:
    """Make the library at `home`, with Olive and Max, through the real intake; captions as a model would have left them."""
    layout = Layout(home)
    layout.create()
    store = Store(layout.database, layout.database_copies)
    decoder, reader = Decoder(1), MetadataReader()
    intake = Intake(store, layout, decoder, reader, Gazetteer(), pipeline.first_jobs)
    try:
        with store.write() as writer:
            for name, kind in CAST.items():
                users.add_user(writer, name=name, kind=kind, password_hash=hash_password(PASSWORD), now=START)
        for number, (name, taken, place, (width, height), words) in enumerate(PICTURES):
            tags = drawn.exif(taken=taken, place=place, make="Canon", model="Canon EOS 80D")
            file = work / f"{number}.jpg"
            file.write_bytes(drawn.picture(tags=tags, drawn=painting(number, width, height)))
            asset_id = intake.take(file, file_name=name, added_by=None, now=START).asset_id
            _caption(store, asset_id, words)
        film = drawn.video(work / "film.webm", seconds=2)
        intake.take(film, file_name="VID_2010.webm", added_by=None, now=START)
        _write_words(store)
        _embed(store, layout)
        _ask(store)
        _share(store)
        _back_up(store)
    finally:
        reader.close()
        decoder.close()
        store.close()


def _back_up(store: Store) -> None:
    """Two copies, one of them with every kind of trouble that a page shows."""
    now = wall_clock()
    home, _ = rows.safe(store, now)
    with store.write() as writer:
        rows.complete_run(writer, home, at=now - 3 * rows.HOUR_MS)
        writer.run("INSERT INTO unprotected SELECT ?, id FROM asset LIMIT 3", (home,))
        writer.run(
            """INSERT INTO rot(path, asset_id, kind, sha256, bytes, modified_ns, changed_ns, inode, hashed_at, state, since, reason)
               SELECT 'originals/' || original, id, 'original', sha256, bytes, 0, 0, 0, ?1, 'rotten', ?1, 'other bytes'
               FROM asset LIMIT 1""",
            (now,),
        )
        rows.run(writer, home, "failed", at=now - rows.HOUR_MS, fault="no room", reason="There is no room left.")


def _caption(store: Store, asset_id: int, words: str) -> None:
    with store.write() as writer:
        writer.run("INSERT INTO caption(asset_id, model, words, made_at) VALUES(?,?,?,?)", (asset_id, SAMPLE, words, START))
        for stage in pipeline.STAGES:
            models = {"vision_model": SAMPLE, "embedder_model": TextEmbedder.MODEL, "picture_model": "", "face_model": ""}
            version = pipeline.version_of(stage, **models)
            writer.run(
                "UPDATE job SET state='done', version=?, finished_at=? WHERE asset_id=? AND stage=?",
                (version, START, asset_id, stage),
            )


def _write_words(store: Store) -> None:
    """A description on the first photo, text on the seventh, hostile words on the last, and one failure."""
    with store.write() as writer:
        words = "\n".join(line.words for line in READ)
        writer.run("INSERT INTO recognised_text VALUES(7,'ocr',?,?)", (words, encoded(READ)))
        writer.run("INSERT INTO document VALUES(7,'receipt','rules','amounts with a total','receipt')")
        last = len(PICTURES)
        writer.run("UPDATE asset SET description='Rex at the sea, the happiest day of the year' WHERE id=1")
        writer.run("UPDATE asset SET description=? WHERE id=?", (HOSTILE, last))
        writer.run("INSERT INTO recognised_text(asset_id, model, words) VALUES(?,?,?)", (last, "ocr", f"GELATERIA {HOSTILE}"))
        writer.run("INSERT INTO tag VALUES(?,?,'file')", (last, HOSTILE))
        inspect.start(
            writer, Owner(1, "Olive"), f"find every beach {HOSTILE}", "beach", range(1, last + 1), now=START, keeping=AS_ASKED
        )
        writer.run("UPDATE inspection_asset SET state='yes', checked_at=? WHERE position < 4", (START,))
        writer.run("UPDATE inspection_asset SET state='unsure', checked_at=? WHERE position = 5", (START,))
        writer.run("UPDATE job SET state='failed', reason=? WHERE asset_id=? AND stage='text'", (HOSTILE, last))


def _embed(store: Store, layout: Layout) -> None:
    embedder = TextEmbedder(text_embedder_folder(layout.models))
    with store.write() as writer:
        captions = writer.all("SELECT asset_id, words FROM caption ORDER BY asset_id")
        vectors = embedder.embed([words for _, words in captions])
        writer.many(
            "INSERT INTO embedding(asset_id, source, model, vector) VALUES(?,'caption',?,?)",
            [(asset_id, embedder.MODEL, vector.tobytes()) for (asset_id, _), vector in zip(captions, vectors, strict=True)],
        )


def _ask(store: Store) -> None:
    """What Olive asked before: photos of Rome, an album of these that was offered, how often; and an album with a hostile title."""
    rome = Query(places=(PlaceFilter("Rome", "IT", "Lazio", "Rome"),), chips=(Chip("place", "Rome", "place:IT/Lazio/Rome"),))
    album = Plan("act", act=Act("album"))
    with store.write() as writer:
        olive = Owner(writer.value("SELECT id FROM user WHERE name='Olive'"), "Olive")
        talk = conversation.begin(writer, olive, now=START)
        conversation.add(writer, olive, talk, "photos from Rome", rome, now=START, keeping=AS_ASKED, shown=(3, 2, 1))
        turn = conversation.add(
            writer, olive, talk, "make an album of these", rome, now=START, keeping=AS_ASKED, plan=album, before=1
        )
        actions.propose(writer, olive, Act("album"), [3, 2, 1], conversation=talk, turn=turn, now=START)
        conversation.add(
            writer, olive, talk, f"how often? {HOSTILE}", Query(intent="often", often_by="year"), now=START, keeping=AS_ASKED
        )
        albums.put(writer, olive, albums.make(writer, olive, HOSTILE, now=START), [1, 2], now=START)


def _share(store: Store) -> None:
    """What Olive chose to share; a link with a hostile title that the worker makes copies for, and one that is over."""
    last = len(PICTURES)
    with store.write() as writer:
        olive = Owner(writer.value("SELECT id FROM user WHERE name='Olive'"), "Olive")
        selections.keep(writer, olive, [1, 2, 7, last, last + 1], now=wall_clock())
        for title, number, now in ((HOSTILE, 1, wall_clock()), ("Last week", 2, wall_clock() - 20 * DAY_MS)):
            links.create(writer, olive, [7, 1, last], Options(title, most_views=9), token=bytes([number] * 32), now=now)
        opened = [(wall_clock(), "page"), (wall_clock(), "wrong password")]
        writer.many("INSERT INTO share_open(link_id, at, address, what) VALUES(1,?,'192.168.178.20',?)", opened)
        writer.run("UPDATE share_link SET views=3 WHERE id=1")
