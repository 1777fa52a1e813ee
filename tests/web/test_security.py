"""What stands before every page: known hosts, forged requests, headers, nothing open by accident."""

from collections.abc import Iterator
from typing import Any

import pytest
from litestar import Litestar, Request, post, put
from litestar.routes import HTTPRoute

from appliance.web.security import CSRF_IN_HEADER, PUBLIC, without_port
from tests.conftest import HOST, Browser

pytestmark = pytest.mark.usefixtures("cast")
OWN = f"http://{HOST}"


@put("/try/upload", opt=CSRF_IN_HEADER, request_max_body_size=10)
async def upload(request: Request[Any, Any, Any]) -> int:
    return len(await request.body())


@post("/try/form", sync_to_thread=False)
def form() -> str:
    return "done"


@pytest.fixture
def doors(app: Litestar) -> Litestar:
    """The web with two more handlers, so that the doors are tested apart from any screen."""
    app.register(upload)
    app.register(form)
    return app


def test_only_known_hosts_are_answered_whatever_their_case_and_port(stan: Browser) -> None:
    for host in (HOST, "MANTEL.local:8080", "localhost:1", "127.0.0.1"):
        assert stan.get("/health", headers={"host": host}).status_code == 200
    for host in (
        "evil.example",
        "mantel.local.evil.example",
        "xmantel.local",
        "mantelxlocal",
        "localhost@evil",
        "",
        "[::2]",
        "127.0.0.1.",
        "localhost:80:80",
    ):
        for path in ("/health", "/login", "/nothing", "/static/css/tokens.css"):
            assert stan.get(path, headers={"host": host}).status_code == 400, host


def test_a_host_that_another_header_claims_is_not_believed(stan: Browser) -> None:
    assert stan.get("/health", headers={"host": "evil.example", "x-forwarded-host": HOST}).status_code == 400


@pytest.mark.parametrize(
    ("host", "name"), [("A.local:80", "a.local"), ("[::1]:8080", "[::1]"), ("[::1]", "[::1]"), ("::1", "::1"), ("a:b", "a:b")]
)
def test_a_host_is_compared_without_its_port(host: str, name: str) -> None:
    assert without_port(host) == name


@pytest.mark.parametrize("path", ["/health", "/login", "/nothing", "/settings", "/static/css/tokens.css", "/static/none"])
def test_every_answer_has_the_strict_headers_errors_too(stan: Browser, path: str) -> None:
    headers = stan.get(path).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["referrer-policy"] == "same-origin"
    assert "cache-control" in headers


def test_a_refused_host_has_the_strict_headers_too(stan: Browser) -> None:
    assert "content-security-policy" in stan.get("/", headers={"host": "evil.example"}).headers


def test_a_page_with_private_things_is_kept_in_no_cache(stan: Browser) -> None:
    assert stan.get("/login").headers["cache-control"] == "no-store"


def public_routes(app: Litestar) -> Iterator[str]:
    for route in app.routes:
        assert isinstance(route, HTTPRoute), f"{route.path} is no plain HTTP route: think about who may see it"
        for handler in route.route_handlers:
            if handler.opt.get("public"):
                yield route.path


def test_what_is_open_to_strangers_is_this_list_and_nothing_else(app: Litestar) -> None:
    assert set(public_routes(app)) == {
        "/health", "/join/{token:str}", "/login", "/setup", "/setup/{token:str}", "/static/{name:path}",
    }  # fmt: skip


@pytest.mark.parametrize(
    "path",
    [
        "/settings/static",
        "/static/../settings",
        "/static/%2e%2e/settings",
        "/settings/health",
        "//settings",
        "/settings/",
        "/SETTINGS",
    ],
)
def test_no_spelling_of_a_path_slips_past_the_login(stan: Browser, path: str) -> None:
    assert stan.get(path).status_code in (401, 404)


def test_a_strangers_options_request_learns_nothing(stan: Browser) -> None:
    assert stan.options("/settings").status_code == 401


def test_a_request_without_the_token_changes_nothing(max_: Browser, doors: Litestar) -> None:
    max_.headers.pop("X-CSRF-Token")
    assert max_.post("/logout").status_code == 403
    assert max_.get("/login").status_code == 303
    assert max_.post("/try/form", data={"csrf": "guess"}).status_code == 403
    assert max_.post("/try/form", json={"csrf": "x"}).status_code == 403


def test_the_token_comes_in_a_header_or_in_a_form(max_: Browser, doors: Litestar) -> None:
    assert max_.post("/try/form").status_code == 201
    token = max_.headers.pop("X-CSRF-Token")
    assert max_.post("/try/form", data={"csrf": token}).status_code == 201
    assert max_.post("/try/form", files={"csrf": (None, token)}).status_code == 201
    assert max_.post(f"/try/form?csrf={token}").status_code == 403


def test_somebody_elses_token_is_worth_nothing(max_: Browser, kit: Browser, doors: Litestar) -> None:
    assert max_.post("/try/form", headers={"X-CSRF-Token": kit.headers["X-CSRF-Token"]}).status_code == 403


def test_an_upload_takes_the_token_from_the_header_and_reads_nothing_before(max_: Browser, stan: Browser, doors: Litestar) -> None:
    def body() -> Iterator[bytes]:
        yield b"x" * 5
        raise AssertionError("the body was read")

    assert max_.put("/try/upload", content=b"12345").json() == 5
    token = max_.headers.pop("X-CSRF-Token")
    assert max_.put("/try/upload", data={"csrf": token}).status_code == 403
    assert stan.put("/try/upload", content=b"12345").status_code == 401


def test_a_body_over_the_limit_is_refused_in_words(max_: Browser, doors: Litestar) -> None:
    answer = max_.put("/try/upload", content=b"x" * 11)
    assert answer.status_code == 413
    assert "larger than Mantel takes" in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": f"http://{HOST}:1234"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": OWN, "sec-fetch-site": "cross-site"},
    ],
)
def test_another_site_is_refused_even_with_the_token(
    max_: Browser, stan: Browser, doors: Litestar, headers: dict[str, str]
) -> None:
    assert max_.post("/try/form", headers=headers).status_code == 403
    assert stan.post("/login", headers=headers, data={"name": "Max", "password": "x"}).status_code == 403


@pytest.mark.parametrize(
    "headers", [{"origin": OWN}, {"sec-fetch-site": "same-origin"}, {"origin": OWN.upper(), "sec-fetch-site": "none"}]
)
def test_our_own_pages_are_let_in(max_: Browser, doors: Litestar, headers: dict[str, str]) -> None:
    assert max_.post("/try/form", headers=headers).status_code == 201


def test_public_is_a_mark_that_says_so() -> None:
    assert PUBLIC == {"public": True}
