"""Who is in a photo: boxes over it and a list beside it, shown when somebody asks who may see persons; nothing of it otherwise."""

from collections.abc import Mapping

from appliance.accounts.viewer import Family
from appliance.errors import PeopleAway, PeopleLocked, PeopleOff
from appliance.people import consent
from appliance.people.protocol_persons import SeenFace
from appliance.store.db import Reader
from appliance.web.contexts_faces import FaceOver, PhotoFaces
from appliance.web.people import choices
from appliance.web.people_seen import done
from appliance.web.state import Web

LONG_SIDE = 1000  # of the drawing that lies over the picture
NOT_OFFERED = PhotoFaces()


def faces_view(
    web: Web, reader: Reader, viewer: Family, asset_id: int, size: tuple[int, int], *, place: str, wanted: bool, did: int
) -> PhotoFaces:
    """What the page of a photo, of `size` pixels as shown, says of the faces in it. `place`: as `encoded()` of where one came from;
    `did`: the number of what was just decided. The viewer may see the photo."""
    if not consent.may_see(reader, viewer):
        return NOT_OFFERED
    here = f"/photos/{asset_id}?{place}{'&' if place else ''}faces=1"
    if not wanted:
        return PhotoFaces(href=f"{here}#faces")
    try:
        named = choices(web)
        found = web.people.faces_in(asset_id)
        said = done(web, did)
    except (PeopleAway, PeopleLocked, PeopleOff):
        return PhotoFaces(href=f"{here}#faces", asked=True, then=here)
    width, height = (max(round(LONG_SIDE * side / max(*size, 1)), 1) for side in size)
    names = {one.id: one.name for one in named}
    faces = tuple(_face(number, face, names, width, height) for number, face in enumerate(found, 1))
    return PhotoFaces(f"{here}#faces", True, True, here, width, height, faces, named, said)


def _face(number: int, face: SeenFace, names: Mapping[str, str], width: int, height: int) -> FaceOver:
    left, top, wide, tall = face.box
    return FaceOver(
        number=number,
        id=face.id,
        left=round(left * width, 1),
        top=round(top * height, 1),
        width=round(max(wide * width, 1), 1),
        height=round(max(tall * height, 1), 1),
        person=face.person or "",
        name=names.get(face.person or "", ""),
        maybe=face.maybe or "",
        maybe_name=names.get(face.maybe or "", ""),
    )
