"""Style sheets, scripts and icons: exactly the files that lie in static/, by exact name, open to everybody."""

from mimetypes import guess_type
from pathlib import PurePosixPath

from litestar import get
from litestar.params import FromPath

from appliance.errors import NotFound
from appliance.web.filesend import SendFile
from appliance.web.rendering import STATIC, asset_version
from appliance.web.security import PUBLIC
from appliance.web.sessions_middleware import Asked

TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
}


@get("/static/{name:path}", opt=PUBLIC, sync_to_thread=True)
def static_file(request: Asked, name: FromPath[PurePosixPath]) -> SendFile:
    """A file whose address carries its version may be kept for ever; any other is asked for again."""
    file = (STATIC / str(name).lstrip("/")).resolve()
    if not file.is_relative_to(STATIC) or not file.is_file():
        raise NotFound
    version = asset_version(str(file.relative_to(STATIC)))
    return SendFile(file, media_type_of(file.name), version, immutable=request.query_params.get("v") == version)


def media_type_of(name: str) -> str:
    return TYPES.get(PurePosixPath(name).suffix) or guess_type(name)[0] or "application/octet-stream"
