"""Videos are measured as they are shown, and get a poster that shows something."""

import io
from pathlib import Path

import pytest
from PIL import Image

from appliance.adapters import video
from appliance.adapters.pixels import Decoder
from appliance.errors import DecoderFailed
from tests import drawn


def shown(path: Path) -> Image.Image:
    return Image.open(io.BytesIO(video.poster(path)))


@pytest.mark.parametrize("name", ["a.mp4", "a.mov", "a.mkv", "a.webm", "a.avi"])
def test_every_container_is_measured_and_shown(tmp_path: Path, name: str) -> None:
    path = drawn.video(tmp_path / name)
    probed = video.probe(path)
    assert (probed.width, probed.height, probed.rotation) == (320, 240, 0)
    assert 900 <= probed.duration_ms <= 1200
    assert drawn.quarters(shown(path)) == list(drawn.QUARTERS)


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_turned_video_is_measured_and_shown_as_a_player_shows_it(tmp_path: Path, rotation: int) -> None:
    path = drawn.video(tmp_path / "turned.mp4", rotation=rotation)
    probed = video.probe(path)
    expected = drawn.scene(320, 240).rotate(-rotation, expand=True)
    assert ((probed.width, probed.height), probed.rotation) == (expected.size, rotation)
    assert drawn.quarters(shown(path)) == drawn.quarters(expected)


def test_a_poster_is_not_the_black_beginning(tmp_path: Path) -> None:
    path = drawn.video(tmp_path / "black.mp4", seconds=2, black=1.0)
    assert drawn.quarters(shown(path)) == list(drawn.QUARTERS)


def test_a_black_video_still_gets_a_poster(tmp_path: Path) -> None:
    path = drawn.video(tmp_path / "night.mp4", black=5.0)
    assert shown(path).size == (320, 240)


def test_a_poster_is_bounded_and_becomes_derivatives(tmp_path: Path) -> None:
    path = drawn.video(tmp_path / "big.mp4", seconds=0.3, width=2560, height=1600)
    poster = video.poster(path)
    assert Image.open(io.BytesIO(poster)).size == (1440, 900)
    decoder = Decoder(children=1)
    derived = decoder.derive(poster)
    decoder.close()
    assert Image.open(io.BytesIO(derived.preview)).size == (1440, 900)


@pytest.mark.parametrize("name", ["-v", "a|b;c 'd' \"e\".mp4", "concat:x.mp4", "ünï\ncode.mp4"])
def test_an_odd_file_name_is_only_a_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    drawn.video(tmp_path / "plain.mp4").rename(path)
    assert video.probe(path).width == 320


def test_a_playlist_that_points_elsewhere_is_no_video(tmp_path: Path) -> None:
    playlist = tmp_path / "list.mp4"
    playlist.write_text("#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n")
    with pytest.raises(DecoderFailed):
        video.probe(playlist)


@pytest.mark.parametrize("kept", [40, 200, 900])
def test_a_torn_video_is_refused(tmp_path: Path, kept: int) -> None:
    path = drawn.video(tmp_path / "torn.mp4")
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(DecoderFailed, match="no moving picture"):
        video.probe(path)


def test_a_picture_is_no_video(tmp_path: Path) -> None:
    (tmp_path / "photo.mp4").write_bytes(drawn.picture("jpeg"))
    with pytest.raises(DecoderFailed):
        video.poster(tmp_path / "photo.mp4")


def test_a_phones_hdr_video_gets_a_poster_in_ordinary_colours(tmp_path: Path) -> None:
    path = drawn.video(tmp_path / "hdr.mp4", hdr=True)
    assert drawn.quarters(shown(path)) == list(drawn.QUARTERS)
