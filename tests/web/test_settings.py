"""Settings: sessions that can be ended, appearance, models, and no claim that isn't tested."""

from litestar import Litestar

from tests.conftest import Browser


def test_a_session_of_another_device_is_ended(app: Litestar, max_: Browser) -> None:
    phone = Browser(app).log_in("Max")
    html = max_.get("/settings").text
    assert html.count(">this browser<") == 1
    handle = html.split('name="session" value="')[1].split('"')[0]
    assert max_.post("/settings/sessions/end", data={"session": handle}).status_code == 303
    assert phone.get("/settings").status_code == 401
    assert max_.get("/settings").status_code == 200


def test_nobody_ends_the_session_of_somebody_else(olive: Browser, max_: Browser, kit: Browser) -> None:
    with max_.app.state.web.store.read() as reader:
        handles = [handle for (handle,) in reader.all("SELECT lower(hex(id_hash)) FROM session")]
    for handle in handles:
        kit.post("/settings/sessions/end", data={"session": handle})
    assert (olive.get("/settings").status_code, max_.get("/settings").status_code) == (200, 200)


def test_the_appearance_is_a_cookie_that_a_page_obeys(olive: Browser) -> None:
    olive.post("/settings/appearance", data={"appearance": "dark"})
    assert 'data-theme="dark"' in olive.get("/").text
    olive.post("/settings/appearance", data={"appearance": "system"})
    assert "data-theme" not in olive.get("/").text
    assert olive.post("/settings/appearance", data={"appearance": "neon"}).status_code == 400


def test_missing_models_are_named_with_what_to_do(olive: Browser) -> None:
    html = olive.get("/settings").text
    assert "Captions wait for it" in html and 'href="/models"' in html
