"""For whoever watches that Mantel is up: one word, and nothing about what it holds."""

from litestar import get
from litestar.enums import MediaType

from appliance.web.security import PUBLIC


@get("/health", opt=PUBLIC, media_type=MediaType.TEXT, sync_to_thread=False)
def health() -> str:
    return "ok"
