"""Whether two folders share a disk: what fails together is one copy, however many folders it has."""

import os
from collections.abc import Iterator
from pathlib import Path

MOUNTS, BLOCK_DEVICES = Path("/proc/self/mountinfo"), Path("/sys/dev/block")


def share(one: Path, other: Path) -> bool:
    """Do the two lie on the same file system, or on partitions of one disk? Both must be there; raises OSError else."""
    return not disks(one).isdisjoint(disks(other))


def disks(folder: Path) -> frozenset[str]:
    """Return names of the disks that `folder` lies on: several below a RAID; of a server's share, its file system alone."""
    number = folder.stat().st_dev
    found = set(_below(_device(folder, number)))
    return frozenset(found or {f"file system {number}"})


def _device(folder: Path, number: int) -> str:
    """Btrfs and its like number their file systems freely: then the table of mounts names the device."""
    if os.major(number):
        return f"{os.major(number)}:{os.minor(number)}"
    source = _source(folder)
    try:
        device = Path(source).stat().st_rdev if source.startswith("/dev/") else 0
    except OSError:
        device = 0
    return f"{os.major(device)}:{os.minor(device)}"


def _source(folder: Path) -> str:
    """What the mount that holds `folder` is of, in the words of the table; later lines lie over earlier ones."""
    resolved, best, depth = folder.resolve(), "", -1
    for line in MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines():
        before, _, after = line.partition(" - ")
        place = Path(before.split(" ")[4].replace("\\040", " "))
        if resolved.is_relative_to(place) and len(place.parts) >= depth:
            best, depth = after.split(" ")[1], len(place.parts)
    return best


def _below(device: str) -> Iterator[str]:
    """The disks below a block device: a partition's, and those that a volume (LUKS, LVM, RAID) is made of."""
    try:
        place = (BLOCK_DEVICES / device).resolve(strict=True)
    except OSError:
        return
    below = sorted((place / "slaves").iterdir()) if (place / "slaves").is_dir() else []
    for one in below:
        yield from _below((one / "dev").read_text(encoding="ascii").strip())
    if not below:
        yield place.parent.name if (place / "partition").exists() else place.name
