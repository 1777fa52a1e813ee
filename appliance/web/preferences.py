"""What one person chose for all of their browsers."""

from appliance.accounts.viewer import Family
from appliance.store.db import Reader, Writer

ANSWERS = "answers"
PROPOSALS = "proposals"


def answers(reader: Reader, viewer: Family) -> bool:
    """Does this person want answers in words beside the results? Yes, until they said no."""
    return _is_on(reader, viewer, ANSWERS)


def proposals(reader: Reader, viewer: Family) -> bool:
    """Shall the text model, if there is one, propose what unread words of this person mean? Yes, until they said no."""
    return _is_on(reader, viewer, PROPOSALS)


def choose_answers(writer: Writer, viewer: Family, *, on: bool) -> None:
    _choose(writer, viewer, ANSWERS, on=on)


def choose_proposals(writer: Writer, viewer: Family, *, on: bool) -> None:
    _choose(writer, viewer, PROPOSALS, on=on)


def _is_on(reader: Reader, viewer: Family, name: str) -> bool:
    sql = "SELECT value FROM preference WHERE user_id=? AND name=?"
    return bool(reader.value(sql, (viewer.user_id, name), "on") == "on")


def _choose(writer: Writer, viewer: Family, name: str, *, on: bool) -> None:
    writer.run("INSERT OR REPLACE INTO preference VALUES(?,?,?)", (viewer.user_id, name, "on" if on else "off"))
