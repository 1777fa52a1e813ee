"""What a file says about itself is made safe and sensible before anybody sees it."""

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.library.metadata import MOST_TAGS, Facts, clean, read_facts

KNOWN_TAGS = st.sampled_from(
    [
        *("IFD0:Make", "IFD0:Model", "IFD0:Orientation", "Composite:GPSLatitude", "Composite:GPSLongitude", "GPS:GPSLatitudeRef"),
        *("Keys:GPSCoordinates", "IPTC:Keywords", "XMP-digiKam:TagsList", "IFD0:XPKeywords", "XMP-dc:Description", "XMP-dc:Title"),
        *("ExifIFD:UserComment", "PNG:Software", "File:ImageWidth", "File:ImageHeight", "IPTC:City"),
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=300),
    lambda inner: st.lists(inner, max_size=5),
    max_leaves=8,
)


def position(**tags: Any) -> tuple[float | None, float | None]:
    facts = read_facts({name.replace("_", ":", 1): value for name, value in tags.items()}, "jpeg")
    return facts.latitude, facts.longitude


@given(st.dictionaries(KNOWN_TAGS | st.text(max_size=30), VALUES, max_size=12), st.sampled_from(["png", "jpeg", "mp4"]), st.text())
@settings(max_examples=300, deadline=None)
def test_any_soup_of_tags_gives_facts_that_are_safe_to_show(tags: dict[str, Any], format: str, name: str) -> None:
    facts = read_facts(tags, format, name)
    texts = [facts.camera_make, facts.camera_model, facts.lens, facts.title, facts.description, *facts.tags, *facts.file_words]
    assert not [
        text for text in texts if text is not None and (not text.strip() or "\n" in text or "\u202e" in text or "\x00" in text)
    ]
    assert facts.orientation in {None, 1, 2, 3, 4, 5, 6, 7, 8}
    assert (facts.latitude is None) == (facts.longitude is None)
    assert facts.latitude is None or abs(facts.latitude) <= 90
    assert len(facts.tags) <= MOST_TAGS
    assert facts.camera is None or facts.camera.strip()


def test_a_file_that_says_nothing_gives_no_facts() -> None:
    assert read_facts({}, "jpeg") == Facts()


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        (0, 0),
        (0.0, -0.0),
        (91, 10),
        (10, 181),
        (math.nan, 1),
        (math.inf, 1),
        ("undef", "undef"),
        ("", ""),
        (None, 3),
        (True, True),
        ([1], [2]),
    ],
)
def test_a_position_that_is_none_is_left_out(latitude: Any, longitude: Any) -> None:
    assert position(Composite_GPSLatitude=latitude, Composite_GPSLongitude=longitude) == (None, None)


def test_a_position_on_the_equator_is_one() -> None:
    assert position(Composite_GPSLatitude=0, Composite_GPSLongitude=36.05) == (0, 36.05)


def test_a_reference_turns_a_position_south_and_west_once() -> None:
    assert position(GPS_GPSLatitude=33.9, GPS_GPSLatitudeRef="S", GPS_GPSLongitude=-18.4, GPS_GPSLongitudeRef="W") == (-33.9, -18.4)


def test_a_position_is_read_from_text_too() -> None:
    assert position(**{"XMP-drone-dji_GPSLatitude": "+47.35", "XMP-drone-dji_GPSLongitude": "10.19E"}) == (47.35, 10.19)


@pytest.mark.parametrize("tag", ["Keys_GPSCoordinates", "UserData_GPSCoordinates", "Composite_GPSPosition"])
def test_a_video_tells_its_position_in_one_tag(tag: str) -> None:
    assert position(**{tag: "27.1281 100.2508 2400"}) == (27.1281, 100.2508)


def test_an_unusable_position_does_not_hide_a_usable_one() -> None:
    assert position(Composite_GPSLatitude=0, Composite_GPSLongitude=0, Keys_GPSCoordinates="48.1 11.5") == (48.1, 11.5)


def test_an_orientation_that_is_none_is_left_out() -> None:
    assert [read_facts({"IFD0:Orientation": value}, "jpeg").orientation for value in (0, 9, "Top-left", True, 6)] == [
        None,
        None,
        None,
        None,
        6,
    ]


def test_the_thumbnail_inside_does_not_turn_the_picture() -> None:
    assert read_facts({"IFD1:Orientation": 6}, "jpeg").orientation is None


def test_a_make_is_not_said_twice() -> None:
    names = [
        read_facts({"IFD0:Make": make, "IFD0:Model": model}, "jpeg").camera
        for make, model in [
            ("Canon", "Canon EOS 5D Mark II"),
            ("NIKON CORPORATION", "NIKON D70s"),
            ("Apple", "iPhone 12 Pro"),
            ("EASTMAN KODAK COMPANY", "KODAK CX7530"),
        ]
    ]
    assert names == ["Canon EOS 5D Mark II", "NIKON D70s", "Apple iPhone 12 Pro", "KODAK CX7530"]


def test_names_lose_controls_overrides_and_padding() -> None:
    assert clean("  iPhone\x00\x1b[31m \u202egpj.exe\u202c\n\n SE  ", 80) == "iPhone [31m gpj.exe SE"
    assert clean("e\u0301t\u00e9", 80) == "été"
    assert clean("👩\u200d👧", 80) == "👩\u200d👧"


def test_texts_are_cut_and_binary_values_left_out() -> None:
    assert clean("x" * 1000, 80) == "x" * 80
    assert clean("(Binary data 784 bytes, use -b option to extract)", 80) is None


@pytest.mark.parametrize(
    "junk",
    [
        "OLYMPUS DIGITAL CAMERA         ",
        "SAMSUNG CAMERA PICTURES",
        "default",
        "DCIM",
        "Created with GIMP",
        "IMG_1234.JPG",
        "0.9.142",
        '{"a": 1}',
        "<?xpacket begin='' id='W5M0'?>",
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'>",
        "???",
    ],
)
def test_what_a_camera_fills_in_is_not_a_description(junk: str) -> None:
    facts = read_facts({"IFD0:ImageDescription": junk, "XMP-dc:Title": junk}, "jpeg")
    assert (facts.description, facts.title) == (None, None)


def test_what_begins_with_markup_is_kept_as_it_was_written() -> None:
    said = "<b>Grandma</b> at the sea <script>alert(1)</script>"
    assert read_facts({"IFD0:ImageDescription": said}, "jpeg").description == said


def test_junk_does_not_hide_what_a_person_wrote() -> None:
    tags = {"XMP-dc:Description": "SONY DSC", "IPTC:Caption-Abstract": "Grandma's 80th birthday"}
    assert read_facts(tags, "jpeg").description == "Grandma's 80th birthday"


def test_keywords_of_all_kinds_are_tags_once() -> None:
    tags = {
        "IPTC:Keywords": ["Beach", 2019, "beach"],
        "XMP-dc:Subject": "Italy",
        "XMP-digiKam:TagsList": ["Places/Italy/Rome", "People"],
        "IFD0:XPKeywords": "sea;sand",
    }
    assert read_facts(tags, "jpeg").tags == ("Beach", "2019", "Italy", "Rome", "People", "sea", "sand")


def test_no_file_brings_more_tags_than_a_person_would_write() -> None:
    assert len(read_facts({"IPTC:Keywords": [f"tag {number}" for number in range(10_000)]}, "jpeg").tags) == MOST_TAGS


def test_places_written_by_an_editor_are_kept_as_words_when_there_is_no_position() -> None:
    tags = {"XMP-photoshop:City": "Nainital", "IPTC:City": "NAINITAL", "XMP-photoshop:Country": "India"}
    assert read_facts(tags, "jpeg").file_words == ("NAINITAL", "India")
    assert read_facts({**tags, "Composite:GPSPosition": "29.38 79.45"}, "jpeg").file_words == ()


@pytest.mark.parametrize(
    ("name", "tags", "format"),
    [
        ("IMG_0001.PNG", {"ExifIFD:UserComment": "Screenshot"}, "png"),
        ("Screenshot_20190503-120301.png", {}, "png"),
        ("Screenshot_20190503-120301_Chrome.jpg", {}, "jpeg"),
        ("Bildschirmfoto 2021-05-03 um 12.03.01.png", {}, "png"),
        ("Capture d’écran 2021-05-03.png", {}, "png"),
        ("a.png", {"PNG:Software": "gnome-screenshot"}, "png"),
        ("a.png", {"PNG:ImageWidth": 1170, "PNG:ImageHeight": 2532}, "png"),
    ],
)
def test_screenshots_are_recognised(name: str, tags: dict[str, Any], format: str) -> None:
    assert read_facts(tags, format, name).screenshot


def test_a_photo_of_a_screens_size_is_no_screenshot() -> None:
    assert not read_facts({"File:ImageWidth": 1080, "File:ImageHeight": 1920}, "jpeg", "IMG_1.jpg").screenshot
    assert not read_facts({"PNG:ImageWidth": 1080, "PNG:ImageHeight": 1920, "IFD0:Model": "X"}, "png", "IMG_1.png").screenshot
