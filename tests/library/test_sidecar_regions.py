"""Faces in sidecars: written beside what stands there, escaped, taken away without a trace; other programs' stay."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appliance.adapters.exiftool import MetadataReader
from appliance.errors import SidecarNotWritten
from appliance.library.sidecar_regions import MARK, Region, settle, structure
from appliance.library.sidecars import EMPTY
from appliance.store.layout import Layout

SIZE = (4000, 3000)
MIA = Region("Mia", 0.4, 0.3, 0.2, 0.1)
ORIGINAL = "2024/2024-07-14/a.jpg"
OTHERS = b"""<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>
<rdf:Description rdf:about='' xmlns:mwg-rs='http://www.metadataworkinggroup.com/schemas/regions/'><mwg-rs:Regions
 rdf:parseType='Resource'><mwg-rs:RegionList><rdf:Bag><rdf:li rdf:parseType='Resource'><mwg-rs:Name>Zoe</mwg-rs:Name>
 <mwg-rs:Type>Face</mwg-rs:Type></rdf:li></rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions></rdf:Description></rdf:RDF></x:xmpmeta>"""


@pytest.fixture(scope="module")
def editor() -> Iterator[MetadataReader]:
    reader = MetadataReader()
    yield reader
    reader.close()


@pytest.fixture
def place(layout: Layout) -> Layout:
    layout.original(ORIGINAL).parent.mkdir(parents=True)
    return layout


def sidecar(layout: Layout) -> bytes:
    return layout.original(f"{ORIGINAL}.xmp").read_bytes()


def test_a_region_is_written_and_taken_away_again(place: Layout, editor: MetadataReader) -> None:
    assert settle(place, editor, ORIGINAL, SIZE, [MIA]) == "written"
    written = sidecar(place)
    for part in (b"<mwg-rs:Name>Mia<", b"<stArea:x>0.5<", b"<stArea:y>0.35<", b"<stDim:w>4000<", b">Face<", MARK.encode()):
        assert part in written
    assert settle(place, editor, ORIGINAL, SIZE, [MIA]) == "written"
    assert sidecar(place) == written, "doing it twice does it once"
    assert settle(place, editor, ORIGINAL, SIZE, []) == "removed"
    assert not place.original(f"{ORIGINAL}.xmp").exists()
    assert settle(place, editor, ORIGINAL, SIZE, []) == "nothing"


def test_what_else_stands_in_the_sidecar_stays(place: Layout, editor: MetadataReader) -> None:
    before = editor.edited_xmp(EMPTY, {"XMP-dc:Title": "Beach"})
    place.original(f"{ORIGINAL}.xmp").write_bytes(before)
    settle(place, editor, ORIGINAL, SIZE, [MIA])
    assert b"Beach" in sidecar(place)
    settle(place, editor, ORIGINAL, SIZE, [])
    assert sidecar(place) == before


def test_another_program_s_regions_are_left_as_they_are(place: Layout, editor: MetadataReader) -> None:
    place.original(f"{ORIGINAL}.xmp").write_bytes(OTHERS)
    for regions in ([MIA], []):
        assert settle(place, editor, ORIGINAL, SIZE, regions) == "foreign"
        assert sidecar(place) == OTHERS


def test_a_link_is_not_written_over(place: Layout, editor: MetadataReader) -> None:
    place.original(f"{ORIGINAL}.xmp").symlink_to("/etc/passwd")
    with pytest.raises(SidecarNotWritten):
        settle(place, editor, ORIGINAL, SIZE, [MIA])


def test_incoming_regions_say_nothing(editor: MetadataReader) -> None:
    assert "Zoe" not in str(editor.read_xmp(OTHERS))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=30))
def test_no_name_can_be_anything_but_a_name(editor: MetadataReader, name: str) -> None:
    written = editor.edited_xmp(EMPTY, {"XMP-mwg-rs:RegionInfo": structure(SIZE, [Region(name, 0.4, 0.3, 0.2, 0.1), MIA])})
    assert written.count(b"<mwg-rs:Type>Face<") == 2
    assert written.count(MARK.encode()) == 2
    assert written.count(b"<rdf:li") == 2
