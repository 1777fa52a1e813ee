"""What `mantel verify` sees, and that it is silent when all is well."""

from pathlib import Path

from appliance.library.verify import Difference, verify
from appliance.store.db import Store
from appliance.store.layout import Layout
from tests.library.conftest import NOW, Taker
from tests.library.test_ingest import XMP, photo, written


def differences(store: Store, layout: Layout, *, hash_files: bool = False) -> list[Difference]:
    return verify(store, layout, hash_files=hash_files, now=NOW)


def finish_derivatives(store: Store) -> None:
    with store.write() as writer:
        writer.run("UPDATE job SET state='done'")


def test_it_is_silent_when_all_is_well(take: Taker, store: Store, layout: Layout, tmp_path: Path) -> None:
    written(tmp_path / "a.xmp", XMP)
    take(photo(tmp_path / "a.jpg"))
    finish_derivatives(store)
    assert differences(store, layout, hash_files=True) == []


def test_it_tells_a_lost_a_short_and_a_changed_original(take: Taker, store: Store, layout: Layout, tmp_path: Path) -> None:
    lost, short, changed = (layout.original(take(photo(tmp_path / f"{name}.jpg")).original) for name in "abc")
    lost.unlink()
    short.chmod(0o600)
    short.write_bytes(b"short")
    changed.chmod(0o600)
    content = bytearray(changed.read_bytes())
    content[-1] ^= 1
    changed.write_bytes(content)
    quick = {Path(difference.subject).name: difference.what for difference in differences(store, layout)}
    assert quick.keys() == {"a.jpg", "b.jpg"}
    assert "missing" in quick["a.jpg"]
    assert "bytes" in quick["b.jpg"]
    thorough = {Path(difference.subject).name for difference in differences(store, layout, hash_files=True)}
    assert thorough == {"a.jpg", "b.jpg", "c.jpg"}


def test_it_tells_a_stranger_among_the_originals(take: Taker, store: Store, layout: Layout, tmp_path: Path) -> None:
    take(photo(tmp_path / "a.jpg"))
    written(layout.original("2024/2024-07-14/notes.txt"), b"notes")
    assert [difference.subject for difference in differences(store, layout)] == ["2024/2024-07-14/notes.txt"]


def test_it_tells_missing_derivatives_of_a_done_stage(take: Taker, store: Store, layout: Layout, tmp_path: Path) -> None:
    taken = take(photo(tmp_path / "a.jpg"))
    layout.preview(taken.sha256).unlink()
    assert differences(store, layout) == []
    finish_derivatives(store)
    (difference,) = differences(store, layout)
    assert "preview" in difference.what


def test_it_tells_what_a_killed_process_left(store: Store, layout: Layout) -> None:
    written(layout.incoming / "add-half", b"half")
    assert [difference.subject for difference in differences(store, layout)] == ["incoming/add-half"]


def test_it_does_not_take_a_file_that_is_just_arriving_for_a_stranger(store: Store, layout: Layout) -> None:
    arriving = written(layout.incoming / "token", b"bytes")
    folder = layout.original("2024/2024-07-14")
    folder.mkdir(parents=True)
    (folder / "a.jpg").hardlink_to(arriving)
    assert differences(store, layout) == []
