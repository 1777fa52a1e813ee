"""mantel users."""

import json
from pathlib import Path

import pytest

from appliance.cli import main
from tests.conftest import PASSWORD


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "password").write_text(PASSWORD)
    arguments = ["init", "--home", str(tmp_path / "home"), "--owner", "Olive", "--password-file", str(tmp_path / "password")]
    assert main(arguments) == 0
    return tmp_path / "home"


def users(home: Path, capsys: pytest.CaptureFixture[str], *words: str) -> object:
    capsys.readouterr()
    assert main(["users", *words, "--home", str(home), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_an_account_is_made_closed_and_opened_again(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = users(home, capsys, "add", "Kit", "--kind", "child")
    assert isinstance(made, dict)
    assert made.pop("join").startswith("/join/")
    assert made == {"id": 2, "name": "Kit", "kind": "child", "birthday": None, "joined": False, "closed": False}
    assert users(home, capsys, "password", "kit", "--password-file", str(home.parent / "password")) == made | {"joined": True}
    assert users(home, capsys, "close", "Kit") == made | {"joined": True, "closed": True}
    assert users(home, capsys, "reopen", "Kit") == made | {"joined": True}
    born = users(home, capsys, "birthday", "Kit", "2014-05-31")
    assert born == made | {"joined": True, "birthday": "2014-05-31"}
    listed = users(home, capsys, "list")
    assert isinstance(listed, list)
    assert [one["name"] for one in listed] == ["Olive", "Kit"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["close", "Nobody"], "There is nobody called Nobody"),
        (["close"], "wants a name"),
        (["birthday", "Olive", "soon"], "A birthday is a day such as"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    home: Path, capsys: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    assert main(["users", *words, "--home", str(home)]) == 2
    assert sentence in capsys.readouterr().err
