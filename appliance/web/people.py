"""People: who has a name, who has none yet, and one person's photos. Served while the vault is unlocked, to who may see it."""

from collections import Counter
from typing import Any

from litestar import Response, get
from litestar.params import FromPath, FromQuery

from appliance.accounts import household
from appliance.accounts.viewer import Family, Owner
from appliance.errors import NotFound
from appliance.library import browsing
from appliance.library.access import visible_assets
from appliance.people import consent
from appliance.people.protocol_persons import (
    FacesSeen,
    GetAway,
    GetFace,
    GetGroup,
    GetOverview,
    GetPerson,
    Overview,
    PersonSeen,
    SeenFace,
)
from appliance.store.db import Reader
from appliance.web import wording
from appliance.web.asking import country_name, today_of
from appliance.web.confirming import is_fresh
from appliance.web.contexts_faces import ChoiceOfPerson
from appliance.web.contexts_people import Account, FacesPage, GroupCard, OpenWithdrawal, PeoplePage, PersonPage, Year
from appliance.web.parameters import TheWeb, Viewing
from appliance.web.people_seen import bar, cards, done, face_view, may_decide, sighted
from appliance.web.rendering import page
from appliance.web.sessions_middleware import Asked
from appliance.web.state import Web
from appliance.web.tiles import mend, tile_view

GROUPS, PAGE, PLACES = 60, 60, 6
CROP_SIDE = 320
SEEN_BY = {
    "owner": "Only the owner sees this, while it is unlocked.",
    "adults": "The owner and members see this, while it is unlocked; children and guests never.",
}
SAID = {
    "forgotten": "Forgotten: the name, the faces, and every decision that told of them are erased.",
    "settled": "Noted.",
    "on": "People is on and unlocked. Mantel looks through your photos for faces from now on; the first groups come in a while.",
}


@get("/people", sync_to_thread=True)
def people_page(request: Asked, web: TheWeb, viewer: Viewing, did: FromQuery[int] = 0, said: FromQuery[str] = "") -> Response[Any]:
    sight = sighted(web, viewer)
    seen = web.people.ask(GetOverview(sight, GROUPS), Overview)
    with web.store.read() as reader:
        accounts = {one.user_id: one.name for one in household.people(reader, web.clock())}
        given = consent.consent(reader)
        waiting = int(reader.value("SELECT count(*) FROM job WHERE stage='faces' AND state IN ('waiting','running')"))
    named = cards(seen.persons)
    context = PeoplePage(
        bar=bar(web, "people", seen.questions),
        done=done(web, did),
        said=SAID.get(said, ""),
        persons=tuple(one for one in named if not one.never),
        never=tuple(one for one in named if one.never),
        groups=tuple(GroupCard(one.group, wording.counted(one.photos, "photo"), one.faces) for one in seen.groups),
        others=wording.counted(seen.others, "more group") if seen.others else "",
        away=wording.counted(seen.away, "face") if seen.away else "",
        withdrawn=tuple(OpenWithdrawal(one, accounts.get(one, "Somebody")) for one in seen.open),
        working=f"{wording.counted(waiting, 'photo')} still to be looked through." if waiting else "",
        seen_by=SEEN_BY[given.viewers] if given else "",
        owner=isinstance(viewer, Owner),
    )
    return page(request, "people/page.html", context)


@get("/people/persons/{person:str}", sync_to_thread=True)
def person_page(
    request: Asked,
    web: TheWeb,
    viewer: Viewing,
    person: FromPath[str],
    year: FromQuery[str] = "",
    offset: FromQuery[int] = 0,
    did: FromQuery[int] = 0,
) -> Response[Any]:
    """A person's photos, all or of one year, the latest first."""
    seen = web.people.ask(GetPerson(known_id(person), sighted(web, viewer)), PersonSeen)
    assets = list({face.asset for face in seen.faces})
    with web.store.read() as reader:
        dated = _dated(reader, viewer, assets)
        shown = [asset for asset, taken, _ in dated if not year or taken[:4] == year]
        first = max(0, min(offset, len(shown)))
        tiles = browsing.tiles(reader, viewer, shown[first : first + PAGE])
        accounts = household.people(reader, web.clock()) if isinstance(viewer, Owner) else []
    mend(web, tiles)
    years = Counter(taken[:4] for _, taken, _ in dated)
    places = Counter(place for _, _, place in dated if place)
    end = first + len(tiles)
    context = PersonPage(
        bar=bar(web, ""),
        done=done(web, did),
        id=person,
        name=seen.person.name,
        cover=seen.faces[0].id if seen.faces and not seen.person.never else "",
        birthday=seen.person.birthday,
        child=seen.person.child,
        never=seen.person.never,
        user_id=seen.person.user_id,
        count=wording.counted(len(dated), "photo"),
        years=tuple(Year(one, wording.number(years[one]), one == year) for one in sorted(years, reverse=True)),
        places=tuple(f"{_place(web, place)} ({wording.number(count)})" for place, count in places.most_common(PLACES)),
        beside=cards(seen.beside),
        tiles=tuple(tile_view(web.layout, tile) for tile in tiles) if not seen.person.never else (),
        more=f"/people/persons/{person}?year={year}&offset={end}" if end < len(shown) else "",
        accounts=tuple(Account(one.user_id, one.name, one.user_id == seen.person.user_id) for one in accounts),
        choices=choices(web, without=person),
        owner=isinstance(viewer, Owner),
        confirm=not is_fresh(request.auth, web.clock()),
        today=today_of(web).isoformat(),
    )
    return page(request, "people/person.html", context)


@get("/people/persons/{person:str}/faces", sync_to_thread=True)
def person_faces(request: Asked, web: TheWeb, viewer: Viewing, person: FromPath[str], did: FromQuery[int] = 0) -> Response[Any]:
    """All faces of a person, to give wrong ones away."""
    seen = web.people.ask(GetPerson(known_id(person), sighted(web, viewer)), PersonSeen)
    if seen.person.never:
        raise NotFound
    count = wording.counted(len(seen.faces), "face")
    lead = f"{count} that somebody confirmed. Choose those that are somebody else’s."
    context = _faces(web, seen.person.name, lead, seen.faces, did, person=person, without=person)
    return page(request, "people/faces.html", context)


@get("/people/groups/{group:str}", sync_to_thread=True)
def group_page(request: Asked, web: TheWeb, viewer: Viewing, group: FromPath[str], did: FromQuery[int] = 0) -> Response[Any]:
    """A group without a name; what looks least like the rest comes first."""
    seen = web.people.ask(GetGroup(known_id(group), sighted(web, viewer)), FacesSeen)
    count = wording.counted(len(seen.faces), "face")
    lead = f"{count} that look alike, the least alike first: choose what does not belong, and split it off."
    return page(request, "people/faces.html", _faces(web, "Somebody without a name", lead, seen.faces, did, group=group))


@get("/people/away", sync_to_thread=True)
def away_page(request: Asked, web: TheWeb, viewer: Viewing, did: FromQuery[int] = 0) -> Response[Any]:
    seen = web.people.ask(GetAway(sighted(web, viewer)), FacesSeen)
    lead = "Hidden, or said to be no face. Choose what should come back."
    return page(request, "people/faces.html", _faces(web, "Put away", lead, seen.faces, did, away=True))


@get("/people/faces/{face:str}/thumbnail", sync_to_thread=True)
def face_thumbnail(web: TheWeb, viewer: Viewing, face: FromPath[str]) -> Response[bytes]:
    """A face, cut from the preview in the sandbox for this answer and kept nowhere."""
    may_decide(web, viewer)
    (found,) = web.people.ask(GetFace(known_id(face)), FacesSeen).faces
    with web.store.read() as reader:
        sql = f"SELECT asset.sha256 FROM asset WHERE asset.id=? AND {visible_assets(viewer)}"
        sha256 = reader.value(sql, (found.asset,))
    if sha256 is None:
        raise NotFound
    try:
        cut = web.decoder.crop(web.layout.preview(sha256), found.box, CROP_SIDE)
    except FileNotFoundError:
        raise NotFound from None
    return Response(cut, media_type="image/webp", headers={"cache-control": "no-store"})


def known_id(text: str) -> str:
    """Ids are 16 hexadecimal digits; raises NotFound for anything else."""
    if len(text) != 16 or set(text) - set("0123456789abcdef"):
        raise NotFound
    return text


def choices(web: Web, *, without: str = "") -> tuple[ChoiceOfPerson, ...]:
    """Everybody who has a name, for a list to choose from."""
    named = sorted(web.people.names(), key=lambda one: (one.name.casefold(), one.id))
    return tuple(ChoiceOfPerson(one.id, one.name) for one in named if one.id != without)


def _faces(
    web: Web,
    title: str,
    lead: str,
    faces: tuple[SeenFace, ...],
    did: int,
    *,
    group: str = "",
    person: str = "",
    away: bool = False,
    without: str = "",
) -> FacesPage:
    named = choices(web, without=without)
    guesses = Counter(face.maybe for face in faces if face.maybe and group)
    most = {guess for guess, count in guesses.items() if count * 2 > len(faces)}
    likely = next((one for one in named if one.id in most), None)
    views = tuple(map(face_view, faces))
    return FacesPage(bar(web, "away" if away else ""), done(web, did), title, lead, group, person, away, views, named, likely)


def _dated(reader: Reader, viewer: Family, assets: list[int]) -> list[tuple[int, str, str]]:
    """Return (id, capture time, place) of those of `assets` that `viewer` may see, the latest first; place is town and country."""
    sql = f"""SELECT asset.id, asset.capture_time, coalesce(asset.town, '') || '/' || coalesce(asset.country, '') FROM asset
              WHERE asset.id IN (SELECT value FROM json_each(?)) AND {visible_assets(viewer)}
              ORDER BY asset.capture_time DESC, asset.id DESC"""
    rows = reader.all(sql, (str(assets),))
    return [(int(asset), str(taken), "" if place == "/" else str(place)) for asset, taken, place in rows]


def _place(web: Web, place: str) -> str:
    town, _, country = place.partition("/")
    return ", ".join(part for part in (town, country_name(web, country) if country else "") if part)
