"""When a photo was taken: the best evidence wins, and impossible dates are passed over."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from appliance.library.capture_time import CaptureTime, capture_time
from appliance.library.name_time import time_in_name

NOW = 1_795_392_000_000  # 23 November 2026, 00:00 UTC
SOURCES = {"exif", "xmp", "iptc", "video", "gps", "name", "upload"}
TAKEN = "ExifIFD:DateTimeOriginal"

DATE_TAGS = st.sampled_from(
    [
        *(
            TAKEN,
            "ExifIFD:CreateDate",
            "ExifIFD:OffsetTimeOriginal",
            "Composite:GPSDateTime",
            "XMP-xmp:CreateDate",
            "IPTC:DateCreated",
        ),
        *("QuickTime:CreateDate", "Keys:CreationDate", "Matroska:DateTimeOriginal", "Reconyx:DateTimeOriginal", "PNG:CreateDate"),
    ]
)
DATE_LIKE = st.from_regex(r"\d{4}[:-]\d{2}[:-]\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?", fullmatch=True)
VALUES = DATE_LIKE | st.text(max_size=80) | st.integers() | st.floats() | st.none() | st.lists(st.text(max_size=10), max_size=3)


def taken(tags: dict[str, Any], name: str = "", zone: str | None = None) -> tuple[str, int | None, str]:
    time = capture_time(tags, name, NOW, zone)
    return time.local, time.offset, time.source


@given(
    st.dictionaries(DATE_TAGS | st.text(max_size=30), VALUES, max_size=10),
    st.text(max_size=60) | st.from_regex(r"IMG[-_]\d{8}[-_]\d{6}", fullmatch=True),
    st.integers(0, 4_000_000_000_000),
    st.none() | st.sampled_from(["Europe/Rome", "Asia/Kathmandu", "Nowhere/Town", "", "../etc/passwd", "\x00"]),
)
@example({"QuickTime:CreateDate": "9999:12:31 23:59:59"}, "", 253_402_000_000_000, "Asia/Tokyo")
@example({TAKEN: "0001:01:01 00:00:00+14:00"}, "", 0, "Asia/Tokyo")
@settings(max_examples=400, deadline=None)
def test_any_soup_of_tags_gives_a_time_that_fits_the_table(
    tags: dict[str, Any], name: str, received: int, zone: str | None
) -> None:
    time = capture_time(tags, name, received, zone)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", time.local)
    assert datetime.fromisoformat(time.local).year >= 1825
    assert time.offset is None or abs(time.offset) <= 14 * 60
    assert time.source in SOURCES


def test_the_camera_counts_more_than_the_editor_the_name_and_the_upload() -> None:
    tags = {TAKEN: "2008:10:22 16:28:39", "XMP-xmp:CreateDate": "2010:01:01 00:00:00", "ExifIFD:CreateDate": "2009:01:01 00:00:00"}
    assert taken(tags, "IMG_20190503_120301.jpg") == ("2008-10-22T16:28:39", None, "exif")


def test_a_file_without_any_date_has_that_of_its_arrival() -> None:
    assert taken({}, "holiday.jpg") == ("2026-11-23T00:00:00", 0, "upload")


def test_a_camera_set_to_a_wrong_year_is_believed_when_nothing_else_tells() -> None:
    assert taken({TAKEN: "2099:09:29 08:00:00"}) == ("2099-09-29T08:00:00", None, "exif")
    assert taken({TAKEN: "2099:09:29 08:00:00"}, "IMG_20190503_120301.jpg")[0] == "2019-05-03T12:03:01"
    assert taken({TAKEN: "2999:09:29 08:00:00"})[2] == "upload"


@pytest.mark.parametrize(
    "impossible",
    [
        *(
            "0000:00:00 00:00:00",
            "    :  :     :  :  ",
            "2019:02:31 10:00:00",
            "2019:13:01 10:00:00",
            "1825:01:01 00:00:00",
            "2019:05:03 25:00:00",
        ),
        *("2026:11:26 00:00:00", "1970:01:01 00:00:00", "1980:01:01 00:00:00", "2019", "", "yesterday", "99999:01:01"),
    ],
)
def test_an_impossible_date_is_passed_over(impossible: str) -> None:
    assert taken({TAKEN: impossible, "ExifIFD:CreateDate": "2019:05:03 12:03:01"}) == ("2019-05-03T12:03:01", None, "exif")


def test_an_offset_that_the_camera_wrote_is_kept() -> None:
    assert taken({TAKEN: "2024:04:22 14:38:09.526", "ExifIFD:OffsetTimeOriginal": "+02:00"}) == ("2024-04-22T14:38:09", 120, "exif")
    assert taken({TAKEN: "2024:04:22 14:38:09", "ExifIFD:OffsetTimeOriginal": "-03:30"})[1] == -210
    assert taken({TAKEN: "2024:04:22 14:38:09", "ExifIFD:OffsetTimeOriginal": "+99:00"})[1] is None


def test_the_satellites_clock_tells_the_offset() -> None:
    assert taken({TAKEN: "2018:07:25 16:34:23", "Composite:GPSDateTime": "2018:07:25 14:34:20Z"})[1] == 120
    assert taken({TAKEN: "2018:07:25 16:34:23", "Composite:GPSDateTime": "2018:07:25 14:27:00Z"})[1] is None


def test_the_place_tells_the_offset_of_its_season() -> None:
    assert taken({TAKEN: "2018:07:25 16:34:23"}, zone="Europe/Rome")[1] == 120
    assert taken({TAKEN: "2018:12:25 16:34:23"}, zone="Europe/Rome")[1] == 60


def test_a_video_in_utc_is_told_in_the_time_of_its_place() -> None:
    tags = {"QuickTime:CreateDate": "2024:02:03 07:05:38"}
    assert taken(tags, zone="Asia/Shanghai") == ("2024-02-03T15:05:38", 480, "video")
    assert taken(tags) == ("2024-02-03T07:05:38", 0, "video")


def test_a_video_in_utc_is_told_in_the_time_that_its_name_shows() -> None:
    tags = {"QuickTime:CreateDate": "2019:05:03 10:03:05"}
    assert taken(tags, "VID_20190503_120301.mp4") == ("2019-05-03T12:03:05", 120, "video")


def test_a_phone_that_writes_wall_time_and_offset_is_believed_before_utc() -> None:
    tags = {"QuickTime:CreateDate": "2025:08:23 04:39:57", "Keys:CreationDate": "2025:08:22 21:39:57-07:00"}
    assert taken(tags, zone="Europe/Rome") == ("2025-08-22T21:39:57", -420, "video")


def test_a_trail_camera_keeps_its_date_in_its_own_notes() -> None:
    assert taken({"Reconyx:DateTimeOriginal": "2020:03:16 10:00:00"}) == ("2020-03-16T10:00:00", None, "exif")


def test_a_day_without_a_time_begins_at_midnight() -> None:
    assert taken({"IPTC:DateCreated": "1985:11:25"}) == ("1985-11-25T00:00:00", None, "iptc")


def test_the_satellites_clock_alone_is_a_time() -> None:
    assert taken({"Composite:GPSDateTime": "2022:01:12 07:30:14Z"}, zone="Europe/Madrid") == ("2022-01-12T08:30:14", 60, "gps")


def test_the_name_counts_more_than_the_date_of_an_edit() -> None:
    tags = {"XMP-xmp:CreateDate": "2020:01:01 00:00:00"}
    assert taken(tags, "IMG_20190503_120301.jpg") == ("2019-05-03T12:03:01", None, "name")
    assert taken(tags, "IMG-20190503-WA0001.jpg") == ("2020-01-01T00:00:00", None, "xmp")


@pytest.mark.parametrize(
    "name",
    [
        "IMG_20190503_120301.jpg",
        "IMG20190503120301.jpg",
        "IMG_20190503_120301123.jpg",
        "VID_20190503_120301.mp4",
        "20190503_120301.jpg",
        "20190503_120301(0).jpg",
        "2019-05-03 12.03.01.jpg",
        "2019-05-03_12-03-01.jpg",
        "photo_2019-05-03_12-03-01.jpg",
        "Screenshot_20190503-120301.png",
        "Screenshot_20190503-120301_Chrome.png",
        "Screenshot_2019-05-03-12-03-01-123_com.app.png",
        "Screenshot from 2019-05-03 12-03-01.png",
        "Screen Shot 2019-05-03 at 12.03.01 PM.png",
        "Bildschirmfoto 2019-05-03 um 12.03.01.png",
        "Capture d’écran 2019-05-03 à 12.03.01.png",
        "WhatsApp Image 2019-05-03 at 12.03.01.jpeg",
        "signal-2019-05-03-12-03-01-123.jpg",
        "signal-2019-05-03-120301.jpg",
        "DSC_0001_20190503_120301.jpg",
        "IMG_20190503_120301_HDR.jpg",
        "Burst_Cover_20190503120301.jpg",
    ],
)
def test_a_moment_in_the_name_is_read(name: str) -> None:
    named = time_in_name(name)
    assert named is not None
    assert (named.wall, named.precise) == (datetime(2019, 5, 3, 12, 3, 1), True)  # noqa: DTZ001


def test_noon_and_midnight_are_told_apart() -> None:
    hours = [named.wall.hour for half in ("AM", "PM") if (named := time_in_name(f"Screen Shot 2019-05-03 at 12.03.01 {half}.png"))]
    assert hours == [0, 12]


@pytest.mark.parametrize("name", ["IMG-20190503-WA0001.jpg", "2019-05-03.jpg", "20190503.jpg", "Scan 2019.05.03.tif"])
def test_a_day_in_the_name_is_read(name: str) -> None:
    assert taken({}, name) == ("2019-05-03T00:00:00", None, "name")


@pytest.mark.parametrize(
    "name",
    [
        "DSC01234.JPG",
        "IMG_5910.jpg",
        "P1010023.JPG",
        "100_0001.jpg",
        "000000177977.jpg",
        "IMG_20191399.jpg",
        "12345678901234567.jpg",
    ],
)
def test_a_number_in_the_name_is_no_date(name: str) -> None:
    assert time_in_name(name) is None


def test_pixel_phones_and_messengers_write_utc_into_the_name() -> None:
    assert taken({}, "PXL_20210503_120301123.jpg", "Europe/Rome") == ("2021-05-03T14:03:01", 120, "name")
    moment = datetime.fromtimestamp(1_556_878_981, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    assert capture_time({}, "FB_IMG_1556878981000.jpg", NOW) == CaptureTime(moment, 0, "name")
