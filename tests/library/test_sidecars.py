"""Sidecars are written beside originals, never into them; what stood there before comes back."""

import os
from pathlib import Path

import pytest

from appliance.adapters.exiftool import MetadataReader
from appliance.errors import SidecarNotWritten
from appliance.library import names, sidecars
from appliance.library.sidecars import Remembered, Settled, settle
from appliance.store.layout import Layout

ORIGINAL = "2024/2024-07-14/beach.jpg"
TIME, LATER = "2019:07:14 10:30:00+02:00", "2020:01:02 03:04:05"
LIGHTROOM = b"""<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?>
<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>
<rdf:Description rdf:about='' xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmlns:mine='http://example.org/mine/'
 xmp:Rating='4' mine:note='keep me'/>
<rdf:Description rdf:about='' xmlns:exif='http://ns.adobe.com/exif/1.0/'>
<exif:DateTimeOriginal>2001-02-03T04:05:06</exif:DateTimeOriginal></rdf:Description>
</rdf:RDF></x:xmpmeta>
<?xpacket end='w'?>"""


@pytest.fixture
def place(layout: Layout) -> Path:
    original = layout.original(ORIGINAL)
    original.parent.mkdir(parents=True)
    original.write_bytes(b"the original")
    original.chmod(0o400)
    return layout.original(names.sidecar_of(ORIGINAL))


class Box:
    """What the worker does with the answers of `settle`, without a database."""

    def __init__(self, layout: Layout, editor: MetadataReader) -> None:
        self.layout, self.editor = layout, editor
        self.remembered: Remembered | None = None

    def settle(self, time: str | None) -> Settled:
        return settle(self.layout, self.editor, ORIGINAL, time, self.remembered)

    def commit(self, settled: Settled) -> None:
        match settled.what:
            case "remember":
                self.remembered = Remembered(settled.before, "")
            case "written":
                assert self.remembered
                self.remembered = Remembered(self.remembered.before, settled.written)
            case "restored":
                self.remembered = None

    def write(self, time: str | None) -> None:
        """Until there is nothing left to do."""
        while True:
            settled = self.settle(time)
            self.commit(settled)
            if settled.what != "remember":
                break


@pytest.fixture
def box(layout: Layout, metadata_reader: MetadataReader, place: Path) -> Box:
    return Box(layout, metadata_reader)


def dates(reader: MetadataReader, sidecar: Path) -> set[str]:
    known = reader.read_xmp(sidecar.read_bytes())
    return {known[tag] for tag in sidecars.TIME_TAGS if tag in known}


def test_nothing_is_written_before_what_stood_there_is_remembered(box: Box, place: Path) -> None:
    assert box.settle(TIME) == Settled("remember", before=None) and not place.exists()
    place.write_bytes(LIGHTROOM)
    assert box.settle(TIME) == Settled("remember", before=LIGHTROOM) and place.read_bytes() == LIGHTROOM


def test_a_new_sidecar_holds_the_time_and_goes_away_again(box: Box, place: Path, layout: Layout) -> None:
    box.write(TIME)
    assert dates(box.editor, place) == {TIME}
    box.write(LATER)
    assert dates(box.editor, place) == {LATER}
    assert layout.original(ORIGINAL).read_bytes() == b"the original"
    box.write(None)
    assert not place.exists() and box.remembered is None
    assert sorted(path.name for path in place.parent.iterdir()) == ["beach.jpg"] and not list(layout.run.glob("sidecar-*"))


def test_a_sidecar_of_another_program_keeps_all_else_and_comes_back_byte_for_byte(box: Box, place: Path) -> None:
    place.write_bytes(LIGHTROOM)
    box.write(TIME)
    assert dates(box.editor, place) == {TIME}
    assert b"keep me" in place.read_bytes() and b"Rating" in place.read_bytes()
    box.write(None)
    assert place.read_bytes() == LIGHTROOM


def test_what_another_program_wrote_meanwhile_stays_and_only_the_time_goes_back(box: Box, place: Path) -> None:
    place.write_bytes(LIGHTROOM)
    box.write(TIME)
    place.write_bytes(place.read_bytes().replace(b"keep me", b"and me"))
    box.write(None)
    assert b"and me" in place.read_bytes() and dates(box.editor, place) == {"2001:02:03 04:05:06"}


@pytest.mark.parametrize("before", [None, LIGHTROOM])
@pytest.mark.parametrize("killed_after", [1, 2])
def test_killed_anywhere_it_is_settled_the_next_time(box: Box, place: Path, before: bytes | None, killed_after: int) -> None:
    """A killed process has done the work, perhaps, and committed nothing of its last step."""
    if before:
        place.write_bytes(before)
    for step in range(killed_after):
        settled = box.settle(TIME)
        if step < killed_after - 1:
            box.commit(settled)
    box.write(TIME)
    assert dates(box.editor, place) == {TIME} and box.remembered and box.remembered.before == before
    settled = box.settle(LATER)  # written, and killed before that was committed; then undone
    assert settled.what == "written"
    box.write(None)
    assert (place.read_bytes() if place.exists() else None) == before


def test_a_link_is_not_followed(box: Box, place: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.xmp"
    elsewhere.write_bytes(LIGHTROOM)
    place.symlink_to(elsewhere)
    with pytest.raises(SidecarNotWritten, match="link"):
        box.settle(TIME)
    assert elsewhere.read_bytes() == LIGHTROOM


def test_what_is_no_xmp_is_left_as_it_is(box: Box, place: Path) -> None:
    place.write_bytes(b"not XMP at all")
    box.commit(box.settle(TIME))
    with pytest.raises(SidecarNotWritten, match="no XMP"):
        box.settle(TIME)
    assert place.read_bytes() == b"not XMP at all"


def test_a_huge_sidecar_is_left_as_it_is(box: Box, place: Path) -> None:
    with place.open("wb") as stream:
        os.truncate(stream.fileno(), sidecars.LARGEST_WRITTEN + 1)
    with pytest.raises(SidecarNotWritten, match="larger than 2 MB"):
        box.settle(TIME)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_told(box: Box, place: Path) -> None:
    box.commit(box.settle(TIME))
    place.parent.chmod(0o500)
    try:
        with pytest.raises(SidecarNotWritten, match="cannot be written"):
            box.settle(TIME)
    finally:
        place.parent.chmod(0o700)


def test_values_cannot_become_arguments(metadata_reader: MetadataReader, tmp_path: Path) -> None:
    stolen = tmp_path / "stolen"
    edited = metadata_reader.edited_xmp(sidecars.EMPTY, {"XMP-photoshop:Headline": f"news\n-w\n{stolen}\n-execute"})
    assert f"news -w {stolen} -execute".encode() in edited
    assert not stolen.exists()
    assert "XMP-exif:DateTimeOriginal" in metadata_reader.read_xmp(LIGHTROOM), "it answers the next question as ever"
