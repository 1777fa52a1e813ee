"""Messages over real loopback HTTP, HTTPS and SMTP: sent once, verified, bounded, followed nowhere, and told in our words alone."""

from pathlib import Path

import pytest

from appliance.adapters import telling
from appliance.adapters.telling import Message, Target
from appliance.errors import TellingFailed, WrongUsage
from tests.listeners import mail_server, make_certificate, webhook

MESSAGE = Message("Mantel: the backups need attention", "red", 1_750_000_000_000)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    return make_certificate(tmp_path)


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's list of authorities has this one certificate."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    return certificate


def mail(port: int, **more: object) -> Target:
    return Target("mail", server="127.0.0.1", port=port, sender="box@mail.example", recipient="olive@mail.example", **more)  # type: ignore[arg-type]


def reason(target: Target) -> str:
    with pytest.raises(TellingFailed) as failed:
        telling.send(target, MESSAGE)
    return str(failed.value.facts["reason"])


def test_a_webhook_gets_the_sentence_the_colour_the_time_and_nothing_else(trusted: Path) -> None:
    with webhook(trusted) as hook:
        telling.send(Target("webhook", "", f"https://127.0.0.1:{hook.port}/hooks/a?b=c", "Bearer s3cret"), MESSAGE)
        telling.send(Target("webhook", "Attic", f"https://127.0.0.1:{hook.port}"), MESSAGE)
    (path, headers, document), (root, bare, named) = hook.heard
    assert (path, root) == ("/hooks/a?b=c", "/")
    assert document == {"text": MESSAGE.sentence, "colour": "red", "at": "2025-06-15T15:06:40+00:00"}
    assert named == document | {"box": "Attic"}
    assert headers["Authorization"] == "Bearer s3cret"
    assert set(bare) == {"Host", "Accept-Encoding", "Content-Length", "Content-Type"}


def test_http_will_do_inside_the_house() -> None:
    with webhook() as hook:
        telling.send(Target("webhook", "", f"http://127.0.0.1:{hook.port}/x"), MESSAGE)
    assert hook.said == [MESSAGE.sentence]


def test_a_certificate_that_nobody_vouches_for_gets_nothing(certificate: Path) -> None:
    with webhook(certificate) as hook, mail_server(certificate) as starting, mail_server(certificate, tls=True) as inside:
        assert "its certificate is not trusted" in reason(Target("webhook", "", f"https://127.0.0.1:{hook.port}/x"))
        assert "its certificate is not trusted" in reason(mail(starting.port, user="olive", password="s3cret"))
        assert "its certificate is not trusted" in reason(mail(inside.port, tls="implicit"))
    assert hook.heard == []
    assert starting.talked == ["ehlo [127.0.0.1]", "STARTTLS"]
    assert inside.talked == []


def test_no_redirect_is_followed_and_no_word_of_an_answer_is_told() -> None:
    with webhook() as hook, webhook() as elsewhere:
        target = Target("webhook", "", f"http://127.0.0.1:{hook.port}/x")
        hook.status, hook.headers = 307, {"Location": f"http://127.0.0.1:{elsewhere.port}/y"}
        assert reason(target) == "it sends on to another address (307), and nothing is followed"
        hook.status, hook.headers = 500, {"X-Words": "<b>hostile</b>"}
        assert reason(target) == "it answered 500"
    assert elsewhere.heard == []


def test_an_answer_that_never_ends_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    with webhook() as hook:
        hook.drips = True
        monkeypatch.setattr(telling, "SECONDS", 0.5)
        assert "did not answer within" in reason(Target("webhook", "", f"http://127.0.0.1:{hook.port}/x"))


def test_nobody_there_is_a_sentence(trusted: Path) -> None:
    with webhook() as hook:
        port = hook.port
    assert "cannot be reached" in reason(Target("webhook", "", f"http://127.0.0.1:{port}/x"))
    assert "cannot be reached" in reason(mail(port))


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_a_mail_arrives_with_and_without_a_login(trusted: Path, tls: str) -> None:
    with mail_server(trusted, tls=tls == "implicit") as post:
        telling.send(mail(post.port, tls=tls, box="Attic"), MESSAGE)
        assert not any(line.startswith("AUTH") for line in post.talked)
        telling.send(mail(post.port, tls=tls, user="olive", password="s3cret"), MESSAGE)
        assert any(line.startswith("AUTH PLAIN") for line in post.talked)
    named, bare = post.letters
    assert bare["Subject"] == MESSAGE.sentence
    assert (bare["From"], bare["To"]) == ("box@mail.example", "olive@mail.example")
    lines = [f"{MESSAGE.sentence}.", "Colour: red", "Time: 2025-06-15 15:06 UTC"]
    assert bare.get_content().splitlines() == lines
    assert named.get_content().splitlines() == [*lines, "Box: Attic"]
    assert not post.bare_lines


def test_a_mail_server_that_offers_no_encryption_hears_no_password(trusted: Path) -> None:
    with mail_server(trusted) as post:
        post.offers_tls = False
        assert "offers no STARTTLS" in reason(mail(post.port, user="olive", password="s3cret"))
    assert post.talked == ["ehlo [127.0.0.1]"]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("AUTH", "the mail server refused the user and password (535)"),
        ("MAIL", "the mail server answered 550"),
        ("RCPT", "the mail server refused the address that the message goes to"),
        ("DATA", "the mail server answered 550"),
    ],
)
def test_what_a_mail_server_refuses_is_told_without_its_words(trusted: Path, command: str, said: str) -> None:
    with mail_server(trusted) as post:
        post.refuses[command] = b"535 s3cret hostile\r\n" if command == "AUTH" else b"550 s3cret hostile\r\n"
        assert reason(mail(post.port, user="olive", password="s3cret")) == said
    assert post.letters == []


def test_a_mail_server_that_says_goodbye_oddly_has_the_message_all_the_same(trusted: Path) -> None:
    with mail_server(trusted) as post:
        post.refuses["QUIT"] = b"999 what\r\n"
        telling.send(mail(post.port), MESSAGE)
    assert len(post.letters) == 1


def test_a_mail_server_that_talks_without_end_is_left(trusted: Path) -> None:
    with mail_server(trusted) as post:
        post.greets = b"220-more\r\n" * (telling.LARGEST_ANSWER // 5)
        assert "broke off" in reason(mail(post.port))


@pytest.mark.parametrize(
    ("target", "said"),
    [
        (Target("webhook"), "not the address"),
        (Target("webhook", "", "ftp://host/x"), "by https"),
        (Target("webhook", "", "http://host.example/x"), "by https"),
        (Target("webhook", "", "http://8.8.8.8/x"), "by https"),
        (Target("webhook", "", "http://[2001:4860::1]/x"), "by https"),
        (Target("webhook", "", "http://0.0.0.0/x"), "by https"),
        (Target("webhook", "", "https://olive:word@host/x"), "no place"),
        (Target("webhook", "", "https://host/x#y"), "no place"),
        (Target("webhook", "", "https://host/x y"), "not the address"),
        (Target("webhook", "", "https://host:99999/x"), "not the address"),
        (Target("webhook", "", "https://host/\r\nX: y"), "not the address"),
        (Target("webhook", "", "https://[oops/"), "not the address"),
        (Target("webhook", "", "https://host/x", "a\r\nX: y"), "one line only"),
        (Target("webhook", "a\nb", "https://host/x"), "name of the box"),
        (mail(70_000), "not a mail server"),
        (Target("mail", server="mail.example", sender="a@b", recipient="c"), "Both mail addresses"),
        (Target("mail", server="mail.example", sender="a@b\r\nBcc: x@y", recipient="c@d"), "Both mail addresses"),
        (mail(25, user="olive"), "both the user and the password"),
        (mail(25, user="olive", password="pässword"), "plain letters"),
    ],
)
def test_what_cannot_be_meant_is_one_sentence(target: Target, said: str) -> None:
    with pytest.raises(WrongUsage, match=said):
        telling.check(target)


def test_what_can_be_meant_is_taken_and_no_secret_shows() -> None:
    inside = ("http://192.168.1.20/x", "http://10.0.0.3:8080/", "http://[fd00::1]/x", "https://host.example/hooks/t0ken")
    for url in inside:
        telling.check(Target("webhook", "Box", url, "Bearer s3cret"))
    hook = Target("webhook", "", inside[-1], "Bearer s3cret")
    assert hook.where == "host.example"
    assert "t0ken" not in repr(hook)
    assert "s3cret" not in repr(hook) + repr(mail(25, user="olive", password="s3cret"))
    assert mail(587).where == "olive@mail.example through 127.0.0.1"
