"""Who is looking. A Guest is its own kind of viewer, never a member with less."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Owner:
    """Sets the box up; sees everything, hidden assets too."""

    user_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Member:
    """An adult of the family: asks, browses, uploads, describes."""

    user_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Child:
    """A young member: cannot share outside, delete, or see the audit log."""

    user_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Guest:
    """Holds a share link and nothing else; no asset of the library is visible to a guest."""

    share_id: int


Family = Owner | Member | Child
Viewer = Owner | Member | Child | Guest
KINDS: dict[str, type[Family]] = {"owner": Owner, "member": Member, "child": Child}
