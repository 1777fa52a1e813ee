"""Files over HTTP, with the rules of RFC 9110 for ranges and conditions."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar import Litestar, get

from appliance.errors import NotFound
from appliance.web.filesend import CHUNK, SendFile, parse_range
from appliance.web.security import PUBLIC
from tests.conftest import Browser

CONTENT = bytes(range(256)) * 10


@pytest.fixture
def browser(app: Litestar, tmp_path: Path) -> Browser:
    """A browser before a web that sends the files of a folder: `data` holds CONTENT, `empty` nothing, `big` several chunks."""
    for name, content in (("data", CONTENT), ("empty", b""), ("big", b"0123456789abcdef" * (CHUNK // 8))):
        (tmp_path / name).write_bytes(content)

    @get("/try/{name:str}", opt=PUBLIC, sync_to_thread=True)
    def send(name: str, forever: bool = False, save: str | None = None) -> SendFile:
        return SendFile(tmp_path / name, "image/webp", f"hash-of-{name}", immutable=forever, download_as=save)

    app.register(send)
    return Browser(app)


def test_a_file_is_sent_whole_with_its_hash_as_strong_etag(browser: Browser) -> None:
    answer = browser.get("/try/data")
    assert (answer.status_code, answer.content) == (200, CONTENT)
    assert answer.headers["etag"] == '"hash-of-data"'
    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["cache-control"] == "private, no-cache"
    assert answer.headers["content-security-policy"]


def test_what_never_changes_may_be_kept_for_a_year_by_this_browser_alone(browser: Browser) -> None:
    assert browser.get("/try/data?forever=true").headers["cache-control"] == "private, max-age=31536000, immutable"


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=10-19", 10, 19),
        ("bytes=2550-", 2550, 2559),
        ("bytes=-5", 2555, 2559),
        ("bytes=0-99999", 0, 2559),
        ("bytes=-99999", 0, 2559),
        ("BYTES=1-2", 1, 2),
    ],
)
def test_one_range_is_sent_as_that_part(browser: Browser, asked: str, first: int, last: int) -> None:
    answer = browser.get("/try/data", headers={"range": asked})
    assert (answer.status_code, answer.content) == (206, CONTENT[first : last + 1])
    assert answer.headers["content-range"] == f"bytes {first}-{last}/2560"
    assert answer.headers["content-length"] == str(last - first + 1)


@pytest.mark.parametrize("asked", ["bytes=2560-", "bytes=9999-10000", "bytes=-0", "bytes=" + "9" * 5000 + "-"])
def test_a_range_beyond_the_end_is_answered_with_416(browser: Browser, asked: str) -> None:
    answer = browser.get("/try/data", headers={"range": asked})
    assert (answer.status_code, answer.content) == (416, b"")
    assert answer.headers["content-range"] == "bytes */2560"


@pytest.mark.parametrize("asked", ["bytes=0-1,4-5", "lines=1-2", "bytes=5-2", "bytes=-", "bytes=a-b", "bytes", "", "bytes=١-٢"])
def test_a_range_that_makes_no_sense_is_ignored(browser: Browser, asked: str) -> None:
    answer = browser.get("/try/data", headers=[(b"range", asked.encode())])
    assert (answer.status_code, answer.content) == (200, CONTENT)


@pytest.mark.parametrize("known", ['"hash-of-data"', 'W/"hash-of-data"', '"other", "hash-of-data"', "*"])
def test_a_browser_that_has_the_file_is_told_so(browser: Browser, known: str) -> None:
    answer = browser.get("/try/data", headers={"if-none-match": known})
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == '"hash-of-data"'
    assert "content-type" not in answer.headers


def test_a_browser_that_has_another_file_gets_this_one(browser: Browser) -> None:
    assert browser.get("/try/data", headers={"if-none-match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    ("bytes_of", "status"),
    [('"hash-of-data"', 206), ('"other"', 200), ('W/"hash-of-data"', 200), ("Wed, 21 Oct 2026 07:28:00 GMT", 200)],
)
def test_a_download_resumes_only_if_the_file_is_still_the_same(browser: Browser, bytes_of: str, status: int) -> None:
    answer = browser.get("/try/data", headers={"range": "bytes=5-", "if-range": bytes_of})
    assert answer.status_code == status


def test_head_tells_the_length_and_sends_nothing(browser: Browser) -> None:
    answer = browser.head("/try/data")
    assert (answer.status_code, answer.content, answer.headers["content-length"]) == (200, b"", "2560")
    part = browser.head("/try/data", headers={"range": "bytes=1-4"})
    assert (part.status_code, part.content, part.headers["content-length"]) == (206, b"", "4")


def test_an_empty_file_is_sent_and_has_no_ranges(browser: Browser) -> None:
    assert browser.get("/try/empty").content == b""
    assert browser.get("/try/empty", headers={"range": "bytes=0-"}).status_code == 416
    assert browser.get("/try/empty", headers={"range": "bytes=-1"}).status_code == 416


def test_a_long_part_arrives_in_pieces_and_complete(browser: Browser, tmp_path: Path) -> None:
    answer = browser.get("/try/big", headers={"range": "bytes=1-"})
    assert answer.content == (tmp_path / "big").read_bytes()[1:]


@pytest.mark.parametrize("name", ['IMG "1".jpg', "a;b\r\nset-cookie: x=1", "été 🏖.jpg"])
def test_a_download_keeps_its_name_whatever_is_in_it(browser: Browser, name: str) -> None:
    answer = browser.get("/try/data", params={"save": name})
    disposition = answer.headers["content-disposition"]
    assert disposition.startswith("attachment; filename*=UTF-8''")
    assert disposition.isascii()
    assert not set(disposition[len("attachment; filename*=") :]) & set('";, \r\n')
    assert "set-cookie" not in answer.headers


def test_what_is_no_file_is_not_found(browser: Browser, tmp_path: Path) -> None:
    assert browser.get("/try/none").status_code == 404
    with pytest.raises(NotFound):
        SendFile(tmp_path, "image/webp", "hash")
    with pytest.raises(NotFound):
        SendFile(tmp_path / "data" / "below", "image/webp", "hash")


@given(header=st.text(max_size=30) | st.from_regex(r"bytes=\d{0,20}-\d{0,20}", fullmatch=True), size=st.integers(0, 10**12))
def test_no_header_leads_out_of_the_file(header: str, size: int) -> None:
    part = parse_range(header, size)
    assert part is None or part == "unsatisfiable" or 0 <= part[0] <= part[1] < size
