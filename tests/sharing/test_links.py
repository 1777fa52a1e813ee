"""Share links: who makes, sees and ends them, when they live, and which copies are kept for them."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from appliance.accounts.viewer import Owner, Viewer
from appliance.errors import AdultNeeded, NotFound, WrongUsage
from appliance.library import albums
from appliance.sharing import copies, links
from appliance.sharing.links import DAY_MS, Options
from appliance.store.db import Store, Writer
from appliance.store.layout import Layout
from tests.conftest import START, add_photo
from tests.sharing.links_made import MADE, fail_next, family, link_of, make_all, share

EXPIRED = START + 15 * DAY_MS


@pytest.fixture
def photos(store: Store, layout: Layout) -> list[int]:
    return [add_photo(store, layout, name) for name in ("beach.jpg", "dog.jpg", "tram.jpg")]


def folders(store: Store) -> list[str]:
    with store.read() as reader:
        return [folder for (folder,) in reader.all("SELECT folder FROM clean_copy ORDER BY id")]


def test_a_link_lives_when_its_last_copy_is_proven(store: Store, cast: dict[str, Viewer], photos: list[int]) -> None:
    olive = family(cast, "Olive")
    link = share(store, olive, photos[:2], Options("At the sea"))
    made = link_of(store, olive, link)
    assert (made.title, made.state, made.items, made.made, made.size) == ("At the sea", "making", 2, 0, "screen")
    assert made.expires_at == START + 14 * DAY_MS
    with store.write() as writer:
        for number, state in ((1, "making"), (2, "live")):
            copy = copies.claim(writer, by="w", now=START, lease_ms=1)
            assert copy is not None
            assert copy.asset_id == photos[number - 1]
            assert copies.finish(writer, copy, MADE)
            assert links.get(writer, olive, link, now=START).state == state


def test_copies_are_shared_by_links_of_the_same_size_and_location(store: Store, cast: dict[str, Viewer], photos: list[int]) -> None:
    olive = family(cast, "Olive")
    share(store, olive, photos)
    assert make_all(store) == 3
    assert link_of(store, olive, share(store, olive, photos[:1])).state == "live"
    for other in (Options(size="full"), Options(keep_location=True)):
        assert link_of(store, olive, share(store, olive, photos[:1], other)).state == "making"
        assert make_all(store) == 1


def test_an_asset_is_in_a_link_once_and_in_the_order_given(store: Store, cast: dict[str, Viewer], photos: list[int]) -> None:
    first, second, third = photos
    link = share(store, family(cast, "Olive"), [third, first, third, second])
    with store.read() as reader:
        items = reader.all("SELECT position, asset_id FROM share_item WHERE link_id=? ORDER BY position", (link,))
    assert items == [(1, third), (2, first), (3, second)]


def test_a_child_neither_shares_nor_sees_links(store: Store, cast: dict[str, Viewer], photos: list[int]) -> None:
    kit = family(cast, "Kit")
    with pytest.raises(AdultNeeded):
        share(store, kit, photos)
    link = share(store, family(cast, "Olive"), photos)
    with store.read() as reader:
        assert links.seen(reader, kit, now=START) == []
    with pytest.raises(NotFound):
        link_of(store, kit, link)


def test_a_member_sees_the_own_links_and_the_owner_all(store: Store, cast: dict[str, Viewer], photos: list[int]) -> None:
    olive, max_ = family(cast, "Olive"), family(cast, "Max")
    hers, his = share(store, olive, photos), share(store, max_, photos)
    with store.read() as reader:
        assert [link.id for link in links.seen(reader, olive, now=START)] == [his, hers]
        assert [(link.id, link.maker) for link in links.seen(reader, max_, now=START)] == [(his, "Max")]
    with pytest.raises(NotFound), store.write() as writer:
        links.revoke(writer, max_, hers, now=START)
    with store.write() as writer:
        links.revoke(writer, olive, his, now=START)
    assert link_of(store, max_, his).state == "revoked"


def test_nobody_shares_what_he_does_not_see(store: Store, layout: Layout, cast: dict[str, Viewer], photos: list[int]) -> None:
    hidden = add_photo(store, layout, "surprise.jpg", hidden=True)
    with pytest.raises(NotFound):
        share(store, family(cast, "Max"), [photos[0], hidden])
    share(store, family(cast, "Olive"), [photos[0], hidden])


@pytest.mark.parametrize(
    "options",
    [
        Options(days=0), Options(days=366), Options(days=-1), Options(most_views=0), Options(most_views=10**9),
        Options(title="x" * 121), replace(Options(), size="huge"),  # type: ignore[arg-type]
    ],
)  # fmt: skip
def test_options_that_make_no_sense_make_no_link(
    store: Store, cast: dict[str, Viewer], photos: list[int], options: Options
) -> None:
    with pytest.raises(WrongUsage):
        share(store, family(cast, "Olive"), photos, options)
    with store.read() as reader:
        assert links.seen(reader, family(cast, "Olive"), now=START) == []
    assert folders(store) == []


def test_a_link_holds_something_and_not_everything(store: Store, cast: dict[str, Viewer]) -> None:
    for assets in ([], list(range(1, links.MOST_ASSETS + 2))):
        with pytest.raises(WrongUsage):
            share(store, family(cast, "Olive"), assets)


def test_a_title_is_one_line_of_what_prints() -> None:
    assert links.tidy_title(" At\nthe\t\x00sea\u202e  ") == "At the sea"


def test_only_the_owner_lets_guests_send_pictures(store: Store, cast: dict[str, Viewer], photos: list[int]) -> None:
    olive, max_ = family(cast, "Olive"), family(cast, "Max")
    with store.write() as writer:
        album = albums.make(writer, olive, "Party", now=START)
    with pytest.raises(WrongUsage):
        share(store, max_, photos, Options(uploads_into=album))
    with pytest.raises(NotFound):
        share(store, olive, photos, Options(uploads_into=album + 1))
    assert link_of(store, olive, share(store, olive, photos, Options(uploads_into=album))).uploads_into == album


def test_revoking_frees_the_copies_that_no_other_link_needs(store: Store, cast: dict[str, Viewer], photos: list[int]) -> None:
    olive = family(cast, "Olive")
    first, second = share(store, olive, photos[:2]), share(store, olive, photos[1:])
    make_all(store)
    before = folders(store)
    with store.write() as writer:
        assert links.revoke(writer, olive, first, now=START) == before[:1]
    assert folders(store) == before[1:]
    assert [link_of(store, olive, link).state for link in (first, second)] == ["revoked", "live"]
    with store.write() as writer:
        assert links.revoke(writer, olive, first, now=START) == []


def test_a_revoked_link_never_comes_back(store: Store, cast: dict[str, Viewer], photos: list[int]) -> None:
    olive = family(cast, "Olive")
    link = share(store, olive, photos)
    make_all(store)
    with store.write() as writer:
        links.revoke(writer, olive, link, now=START)
    attempts: list[Callable[[Writer], None]] = [
        lambda writer: links.extend(writer, olive, link, days=5, now=START),
        lambda writer: links.set_password(writer, olive, link, None, now=START),
        lambda writer: links.try_again(writer, olive, link, now=START),
    ]
    for again in attempts:
        with pytest.raises(WrongUsage), store.write() as writer:
            again(writer)
    assert link_of(store, olive, link).state == "revoked"


def test_an_expired_link_lets_its_copies_go_and_comes_back_when_it_is_extended(
    store: Store, cast: dict[str, Viewer], photos: list[int]
) -> None:
    olive = family(cast, "Olive")
    link = share(store, olive, photos)
    make_all(store)
    before = folders(store)
    assert link_of(store, olive, link, now=EXPIRED).state == "expired"
    with store.write() as writer:
        assert links.tidy(writer, now=EXPIRED - 2 * DAY_MS) == []
        assert links.tidy(writer, now=EXPIRED) == before
        links.extend(writer, olive, link, days=3, now=EXPIRED)
    back = link_of(store, olive, link, now=EXPIRED)
    assert (back.state, back.expires_at) == ("making", EXPIRED + 3 * DAY_MS)
    assert make_all(store, now=EXPIRED) == 3
    assert link_of(store, olive, link, now=EXPIRED).state == "live"


def test_a_live_link_that_is_extended_stays_live(store: Store, cast: dict[str, Viewer], photos: list[int]) -> None:
    olive = family(cast, "Olive")
    link = share(store, olive, photos)
    make_all(store)
    with store.write() as writer:
        links.extend(writer, olive, link, days=30, now=START + DAY_MS)
    extended = link_of(store, olive, link)
    assert (extended.state, extended.expires_at) == ("live", START + 31 * DAY_MS)


def test_a_copy_that_cannot_be_made_stops_the_link_and_says_why(store: Store, cast: dict[str, Viewer], photos: list[int]) -> None:
    olive = family(cast, "Olive")
    link = share(store, olive, photos)
    fail_next(store, "the copy held a trailer")
    assert link_of(store, olive, link).state == "making"
    make_all(store)
    stopped = link_of(store, olive, link)
    assert (stopped.state, stopped.reason, stopped.failed, stopped.made) == ("stopped", "the copy held a trailer", 1, 2)
    with store.write() as writer:
        assert links.tidy(writer, now=START) == []  # what is made stays for another try
        links.try_again(writer, olive, link, now=START)
    assert make_all(store) == 1
    assert link_of(store, olive, link).state == "live"


def test_a_stopped_link_lives_without_what_could_not_be_made(store: Store, cast: dict[str, Viewer], photos: list[int]) -> None:
    olive = family(cast, "Olive")
    link = share(store, olive, photos)
    fail_next(store)
    make_all(store)
    with store.write() as writer:
        assert links.leave_out_failed(writer, olive, link, now=START) == 1
    left = link_of(store, olive, link)
    assert (left.state, left.items) == ("live", 2)


def test_nothing_is_not_shared(store: Store, cast: dict[str, Viewer], photos: list[int]) -> None:
    olive = family(cast, "Olive")
    link = share(store, olive, photos[:1])
    fail_next(store)
    with pytest.raises(WrongUsage), store.write() as writer:
        links.leave_out_failed(writer, olive, link, now=START)


def test_three_attempts_are_made(store: Store, cast: dict[str, Viewer], photos: list[int]) -> None:
    olive = family(cast, "Olive")
    link = share(store, olive, photos[:1])
    for attempt in (1, 2, 3):
        with store.write() as writer:
            copy = copies.claim(writer, by="w", now=START, lease_ms=1)
            assert copy is not None
            assert copy.attempts == attempt
            copies.fail(writer, copy, reason="the decoder stopped", final=False)
    with store.read() as reader:
        assert not copies.waits(reader, now=START)
    assert link_of(store, olive, link).state == "stopped"


def test_a_claim_is_held_until_its_lease_is_over(store: Store, cast: dict[str, Viewer], photos: list[int]) -> None:
    share(store, family(cast, "Olive"), photos[:1])
    with store.write() as writer:
        late = copies.claim(writer, by="slow", now=START, lease_ms=1000)
        assert late is not None
        assert copies.claim(writer, by="quick", now=START, lease_ms=1000) is None
        assert copies.recover(writer, now=START + 500) == 0
        copies.renew(writer, late, now=START + 900, lease_ms=1000)
        assert copies.recover(writer, now=START + 1500) == 0
        assert copies.recover(writer, now=START + 2000) == 1
        again = copies.claim(writer, by="quick", now=START + 2000, lease_ms=1000)
        assert again is not None
        assert not copies.finish(writer, late, MADE)
        assert copies.finish(writer, again, MADE)


def test_what_takes_ten_workers_down_is_given_up(store: Store, cast: dict[str, Viewer], photos: list[int]) -> None:
    olive = family(cast, "Olive")
    link = share(store, olive, photos[:1])
    for _ in range(copies.MOST_DEATHS):
        assert link_of(store, olive, link).state == "making"
        with store.write() as writer:
            assert copies.claim(writer, by="dead", now=START, lease_ms=1000)
            assert copies.release_all(writer, "dead", now=START) == 1
    stopped = link_of(store, olive, link)
    assert stopped.state == "stopped"
    assert "died again and again" in str(stopped.reason)


def test_a_copy_of_a_revoked_link_is_not_kept_when_it_is_done(store: Store, cast: dict[str, Viewer], photos: list[int]) -> None:
    olive = family(cast, "Olive")
    link = share(store, olive, photos[:1])
    with store.write() as writer:
        copy = copies.claim(writer, by="w", now=START, lease_ms=1000)
        assert copy is not None
        assert links.revoke(writer, olive, link, now=START) == [copy.folder]
        assert not copies.finish(writer, copy, MADE)


def test_a_link_does_not_wait_for_what_left_the_library(store: Store, cast: dict[str, Viewer], photos: list[int]) -> None:
    olive = family(cast, "Olive")
    link, empty = share(store, olive, photos[:2]), share(store, olive, photos[:1])
    with store.write() as writer:
        writer.run("DELETE FROM asset WHERE id=?", (photos[0],))
    make_all(store)
    with store.write() as writer:
        copies.recover(writer, now=START)
    assert link_of(store, olive, link).state == "live"
    assert link_of(store, olive, empty).state == "stopped"


def test_opens_and_ended_links_are_forgotten_after_thirty_days(store: Store, cast: dict[str, Viewer], photos: list[int]) -> None:
    olive = family(cast, "Olive")
    old, live = share(store, olive, photos), share(store, olive, photos, Options(days=300))
    with store.write() as writer:
        for at in (START, START + 40 * DAY_MS):
            writer.run("INSERT INTO share_open(link_id, at, address, what) VALUES(?,?,'192.168.1.9','page')", (live, at))
        links.tidy(writer, now=START + 45 * DAY_MS)
        assert [link.id for link in links.seen(writer, olive, now=START + 45 * DAY_MS)] == [live]
        assert [opened.at for opened in links.opens(writer, live, limit=10)] == [START + 40 * DAY_MS]
        assert not writer.value("SELECT 1 FROM share_item WHERE link_id=?", (old,))


def test_a_link_that_was_opened_as_often_as_it_may_is_used_up(store: Store, cast: dict[str, Viewer], photos: list[int]) -> None:
    olive = family(cast, "Olive")
    link = share(store, olive, photos, Options(most_views=2))
    make_all(store)
    with store.write() as writer:
        writer.run("UPDATE share_link SET views=2 WHERE id=?", (link,))
    assert link_of(store, olive, link).state == "used up"


def test_the_audit_names_ids_and_nobody(store: Store, cast: dict[str, Viewer], photos: list[int]) -> None:
    olive = family(cast, "Olive")
    link = share(store, olive, photos[:2], Options("For grandma"))
    with store.write() as writer:
        links.extend(writer, olive, link, days=3, now=START)
        links.set_password(writer, olive, link, "$argon2id$x", now=START)
        links.revoke(writer, olive, link, now=START)
        written = writer.all("SELECT user_id, action, subjects FROM audit ORDER BY id")
    assert isinstance(olive, Owner)
    assert written == [
        (olive.user_id, "share.made", f"[{link}]"),
        (olive.user_id, "asset.shared", f"[{photos[0]}, {photos[1]}]"),
        (olive.user_id, "share.extended", f"[{link}]"),
        (olive.user_id, "share.password", f"[{link}]"),
        (olive.user_id, "share.revoked", f"[{link}]"),
    ]
