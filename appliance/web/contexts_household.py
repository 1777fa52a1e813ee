"""What the pages of the family's accounts are given."""

from dataclasses import dataclass

from appliance.accounts.passwords import LEAST_CHARACTERS


@dataclass(frozen=True, slots=True)
class PersonView:
    """`birthday` is YYYY-MM-DD or empty, `state` a few words for people."""

    id: int
    name: str
    kind: str
    owner: bool
    birthday: str
    joined: bool
    closed: bool
    state: str


@dataclass(frozen=True, slots=True)
class HouseholdPage:
    """`confirm`: the owner's own password is asked for in the form. `link` is a fresh invitation, shown this once, `link_for`
    whose it is; `typed` a name that was refused for `problem`."""

    said: str
    confirm: bool
    problem: str
    typed: str
    link: str
    link_for: str
    people: tuple[PersonView, ...]


@dataclass(frozen=True, slots=True)
class JoinPage:
    """`token` of the invitation, `name` of its person, `problem` a sentence or empty."""

    token: str
    name: str
    problem: str
    least_characters: int = LEAST_CHARACTERS
