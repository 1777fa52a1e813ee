"""What one person chose for all of their browsers."""

from appliance.accounts.viewer import Family
from appliance.store.db import Reader, Writer

ANSWERS = "answers"


def answers(reader: Reader, viewer: Family) -> bool:
    """Does this person want answers in words beside the results? Yes, until they said no."""
    sql = "SELECT value FROM preference WHERE user_id=? AND name=?"
    return bool(reader.value(sql, (viewer.user_id, ANSWERS), "on") == "on")


def choose_answers(writer: Writer, viewer: Family, *, on: bool) -> None:
    writer.run("INSERT OR REPLACE INTO preference VALUES(?,?,?)", (viewer.user_id, ANSWERS, "on" if on else "off"))
