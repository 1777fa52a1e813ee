"""What guests sent, on the page of its link: somebody of the house takes each file in, or refuses it."""

from dataclasses import dataclass

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from appliance.accounts.viewer import Family
from appliance.errors import NotFound
from appliance.sharing import sent
from appliance.store.db import Reader
from appliance.web import wording
from appliance.web.parameters import TheWeb, Viewing


@dataclass(frozen=True, slots=True)
class SentLine:
    """One line of templates/shares/_sent.html, which expects `page.sent` to hold these."""

    id: int
    file_name: str
    about: str


def sent_lines(reader: Reader, viewer: Family, link: int, now: int) -> tuple[SentLine, ...]:
    """Return what waits for `viewer`'s word on the page of `link`; raises AdultNeeded."""
    return tuple(
        SentLine(one.id, one.file_name, f"{wording.size(one.bytes)}, sent {wording.ago(one.sent_at, now)}")
        for one in sent.waiting(reader, viewer, link)
    )


@get("/shares/sent/{sent_id:int}/thumbnail", sync_to_thread=True)
def sent_thumbnail(web: TheWeb, viewer: Viewing, sent_id: FromPath[int]) -> Response[bytes]:
    """A small picture of what waits, drawn anew in the sandbox and kept nowhere; raises DecoderFailed for what is no picture."""
    with web.store.read() as reader:
        path = web.layout.incoming / sent.file_of(reader, viewer, sent_id)
    try:
        return Response(web.decoder.derive(path).thumbnail, media_type="image/webp")
    except FileNotFoundError:
        raise NotFound from None


@post("/shares/sent/{sent_id:int}/accept", sync_to_thread=True)
def accept_sent(web: TheWeb, viewer: Viewing, sent_id: FromPath[int]) -> Redirect:
    """It becomes an upload of whoever says so."""
    with web.store.write(durable=True) as writer:
        link = sent.accept(writer, viewer, sent_id, now=web.clock())
    return Redirect(f"/shares/{link}", status_code=303)


@post("/shares/sent/{sent_id:int}/refuse", sync_to_thread=True)
def refuse_sent(web: TheWeb, viewer: Viewing, sent_id: FromPath[int]) -> Redirect:
    with web.store.write(durable=True) as writer:
        link, token = sent.refuse(writer, viewer, sent_id, now=web.clock())
    (web.layout.incoming / token).unlink(missing_ok=True)
    return Redirect(f"/shares/{link}", status_code=303)
