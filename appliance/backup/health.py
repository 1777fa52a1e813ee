"""“Are we safe?” answered from rows: one sentence, one colour, and what to do now. Never “safe” when anything speaks against it.

`judge` is pure: each rule below yields findings, the worst decides the colour, and only without any finding is the library safe.
What nobody knows counts as bad: a copy that was never checked, a drill that never ran, a clock that cannot be trusted.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from appliance.backup.state import DAY_MS, INTERVAL_MS, MINUTE_MS, Copy, State
from appliance.backup.wording import age, counted

Colour = Literal["safe", "attention", "not safe"]
Verb = Literal["add", "run", "check", "drill", "resume", "sheet", "files", "alarms", "confirm-shrunk", "look", ""]

SILENCE_MS = 2 * INTERVAL_MS
REMOVABLE_SILENCE_MS = 14 * DAY_MS  # a disk that is brought home once a week may miss one week
CHECK_MS = 14 * DAY_MS
DRILL_MS = 45 * DAY_MS
COVERAGE_GRACE_MS = 35 * DAY_MS  # reading everything once takes 30 days
REHASH_MS = 45 * DAY_MS
CLOCK_SLACK_MS = 10 * MINUTE_MS
UNHEARD_MS = 10 * MINUTE_MS
FULL_SOON_DAYS = 60
ENOUGH_COPIES = 2
NOT_THIS_COPY = frozenset({"wrong passphrase", "foreign", "damaged"})
"""Faults after which what lies there is no copy that this box could restore from."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What speaks against “safe”. `what` is a whole sentence; `button` and `verb` say what to do, for `repository` or for none."""

    colour: Colour
    what: str
    button: str = ""
    verb: Verb = ""
    repository: int | None = None

    @property
    def sentence(self) -> str:
        return self.what[0].upper() + self.what[1:]


@dataclass(frozen=True, slots=True)
class Verdict:
    """`todo` holds the findings, the worst first."""

    colour: Colour
    sentence: str
    todo: tuple[Finding, ...]


def judge(state: State) -> Verdict:
    """Return the verdict on what `gather` found."""
    found = [finding for rule in _RULES for finding in rule(state)]
    found += [finding for copy in state.copies for rule in _COPY_RULES for finding in rule(copy, state)]
    todo = tuple(sorted(found, key=lambda finding: finding.colour != "not safe"))  # stable: the order of the rules within a colour
    if not todo:
        return Verdict("safe", _safe(state), ())
    return Verdict(todo[0].colour, _opening(todo[0].colour) + todo[0].what, todo)


def is_good(copy: Copy, state: State) -> bool:
    """Could the library be restored from this copy, as far as was tried? Fresh, undamaged, checked, and its last drill passed."""
    bad = any(finding.colour == "not safe" for rule in _COPY_RULES for finding in rule(copy, state))
    return not bad and _is_verified(copy, state)


def is_fresh(copy: Copy, now: int) -> bool:
    """Did a complete run begin within twice the interval?"""
    return copy.complete_at is not None and now - copy.complete_at <= (REMOVABLE_SILENCE_MS if copy.removable else SILENCE_MS)


def _is_verified(copy: Copy, state: State) -> bool:
    checked = copy.checked_at is not None and state.now - copy.checked_at <= CHECK_MS
    drilled = copy.drill_passed_at is not None and state.now - copy.drill_passed_at <= DRILL_MS
    return is_fresh(copy, state.now) and checked and drilled


def _opening(colour: Colour) -> str:
    return "Not safe: " if colour == "not safe" else "Look at this: "


def _safe(state: State) -> str:
    oldest = max(state.now - (copy.complete_at or 0) for copy in state.separate)
    drilled = max(copy.drill_passed_at or 0 for copy in state.separate)
    return (
        f"Safe: {_all(state.files)} in {len(state.separate)} copies besides this box, the oldest of them {age(oldest)} old, "
        f"and restoring was last tried {age(state.now - drilled)} ago.{_kept_out(state)}"
    )


def _kept_out(state: State) -> str:
    if not state.kept_out:
        return ""
    return f" {counted(state.kept_out, 'more original')} {'is' if state.kept_out == 1 else 'are'} kept out, as you wished."


def _all(files: int) -> str:
    return f"all {files:,} originals are" if files != 1 else "the one original is"


def _none(state: State) -> Iterator[Finding]:
    if state.separate:
        return
    if not state.files:
        what = "the library is empty, and no backup is set up yet. Set one up before it fills."
        yield Finding("attention", what, "Add a copy", "add")
        return
    set_up = _uncounted(state) if state.copies else " No backup is set up."
    what = f"{counted(state.files, 'original')} on this one disk, and nowhere else.{set_up}"
    yield Finding("not safe", what, "Add a copy", "add")


def _uncounted(state: State) -> str:
    """Which copies do not count, and why; empty when all do."""
    names = [copy.title for copy in state.copies if not copy.is_separate]
    if not names:
        return ""
    lies, does = ("lies", "does") if len(names) == 1 else ("lie", "do")
    return f" {' and '.join(names)} {lies} on the library's own disk and {does} not count: when it fails, both are gone."


def _clock(state: State) -> Iterator[Finding]:
    ahead = state.newest_at - state.now
    if ahead > CLOCK_SLACK_MS:
        what = f"the clock of this box jumped: it is {age(ahead)} behind what was written down before. No age can be trusted."
        yield Finding("not safe", what + " Set the clock, then back up.", "Back up now", "run")


def _alarms(state: State) -> Iterator[Finding]:
    for kind, (one, many) in _ALARMS.items():
        if count := state.alarms.get(kind, 0):
            what = f"{counted(count, 'file')} of the library {one if count == 1 else many}."
            what += " What a copy holds in its good version can be put back."
            yield Finding("not safe", what, "Show these files", "alarms")


_ALARMS = {
    "rotten": ("changed by itself", "changed by themselves"),
    "missing": ("is missing", "are missing"),
    "unreadable": ("cannot be read", "cannot be read"),
}


def _bare(state: State) -> Iterator[Finding]:
    """Originals that are in no copy at all. What arrived since the last night may wait for the next one."""
    if not state.separate or not state.in_no_copy:
        return
    be = "is" if state.in_no_copy == 1 else "are"
    if state.in_no_copy_long:
        what = f"{counted(state.in_no_copy, 'original')} {be} in no copy, {state.in_no_copy_long:,} of them for more than two days."
        yield Finding("not safe", what, "Show these files", "files")
    else:
        them = "it" if state.in_no_copy == 1 else "them"
        what = f"{counted(state.in_no_copy, 'new original')} {be} in no copy yet; the next run takes {them}."
        yield Finding("attention", what, "Back up now", "run")


def _places(state: State) -> Iterator[Finding]:
    if not state.separate:
        return
    if not any(copy.offsite for copy in state.separate):
        what = "no copy is away from home: fire, theft or a flood would take all of them."
        yield Finding("attention", what, "Add a copy elsewhere", "add")
    elif len(state.separate) < ENOUGH_COPIES:
        what = "there is one copy only. With a second, on a disk at home, one may fail and getting photos back is quick."
        yield Finding("attention", what + _uncounted(state), "Add a copy at home", "add")


def _hashing(state: State) -> Iterator[Finding]:
    if state.files and state.copies and state.rehashed_at is not None and state.now - state.rehashed_at > REHASH_MS:
        what = f"some files of the library were not read again for {age(state.now - state.rehashed_at)}: rot would not be noticed."
        yield Finding("attention", what, "Back up now", "run")


def _unheard(state: State) -> Iterator[Finding]:
    if state.unheard > UNHEARD_MS:
        what = f"the backup process has not answered for {age(state.unheard)}. “mantel serve” or “mantel backup serve” starts it."
        yield Finding("attention", what)


def _damaged(copy: Copy, state: State) -> Iterator[Finding]:
    if copy.damage:
        what = f"{copy.title} is damaged: {copy.damage[0].lower()}{copy.damage[1:]}"
        yield Finding("not safe", what, "Check it again", "check", copy.id)


def _gone(copy: Copy, state: State) -> Iterator[Finding]:
    if copy.gone_at is not None:
        what = f"{copy.title} is gone: its folder has held no repository for {age(state.now - copy.gone_at)}."
        yield Finding("not safe", what, "Try again", "run", copy.id)


def _refused(copy: Copy, state: State) -> Iterator[Finding]:
    if copy.last and copy.last.outcome == "failed" and copy.last.fault in NOT_THIS_COPY:
        yield Finding("not safe", f"{copy.title} cannot be used. {copy.last.reason}", "Try again", "run", copy.id)


def _drilled(copy: Copy, state: State) -> Iterator[Finding]:
    if copy.drill and not copy.drill.passed:
        what = f"the last drill on {copy.title} failed. {copy.drill.reason}"
        yield Finding("not safe", what, "Try a drill now", "drill", copy.id)
    elif copy.drill_passed_at is None:
        what = f"restoring from {copy.title} was never tried. A drill follows a complete backup by itself."
        yield Finding("attention", what, "Try a drill now", "drill", copy.id)
    elif state.now - copy.drill_passed_at > DRILL_MS:
        passed = age(state.now - copy.drill_passed_at)
        yield Finding("attention", f"the last passed drill on {copy.title} is {passed} ago.", "Try a drill now", "drill", copy.id)


def _silent(copy: Copy, state: State) -> Iterator[Finding]:
    if copy.is_running(state.now) and copy.complete_at is None:
        yield Finding("attention", f"the first backup to {copy.title} is running; until it is complete nothing there counts.")
        return
    if is_fresh(copy, state.now):
        return
    since = copy.complete_at if copy.complete_at is not None else copy.added_at
    silent = state.now - since
    if copy.complete_at is None and silent <= SILENCE_MS:
        what = f"{copy.title} is new and holds no complete backup yet.{_why(copy)}"
        yield Finding("attention", what, "Back up now", "run", copy.id)
        return
    never = "never had a complete backup" if copy.complete_at is None else f"had no complete backup for {age(silent)}"
    yield Finding("not safe", f"{copy.title} {never}.{_why(copy)}", *_deed(copy), copy.id)


def _why(copy: Copy) -> str:
    if copy.paused_at is not None:
        return " It is paused."
    return f" {copy.last.reason}" if copy.last and copy.last.reason and copy.last.outcome != "complete" else ""


def _deed(copy: Copy) -> tuple[str, Verb]:
    return ("Resume", "resume") if copy.paused_at is not None else ("Back up now", "run")


def _paused(copy: Copy, state: State) -> Iterator[Finding]:
    if copy.paused_at is not None and is_fresh(copy, state.now):
        what = f"{copy.title} is paused since {age(state.now - copy.paused_at)}; nothing new goes there."
        yield Finding("attention", what, "Resume", "resume", copy.id)


def _hindered(copy: Copy, state: State) -> Iterator[Finding]:
    """The last run did not bring everything, though an earlier one is still fresh."""
    last = copy.last
    if last is None or not is_fresh(copy, state.now) or copy.paused_at is not None:
        return
    if last.outcome in ("failed", "in part") and last.fault not in NOT_THIS_COPY:
        done = "failed" if last.outcome == "failed" else "was not complete"
        yield Finding("attention", f"the last backup to {copy.title} {done}. {last.reason}", "Try again", "run", copy.id)
    elif last.outcome == "running" and not copy.is_running(state.now):
        yield Finding("attention", f"a backup to {copy.title} stopped in the middle.", "Try again", "run", copy.id)
    elif last.outcome == "stopped":
        yield Finding("attention", f"the last backup to {copy.title} was stopped.", "Back up now", "run", copy.id)


def _partly(copy: Copy, state: State) -> Iterator[Finding]:
    """Originals that this copy lacks though another may have them, other than what arrived since the last night."""
    if copy.unprotected > state.in_no_copy and copy.complete_at is not None:
        what = f"{copy.title} lacks {counted(copy.unprotected, 'original')} of {state.files:,}."
        yield Finding("attention", what, "Back up now", "run", copy.id)


def _vanished(copy: Copy, state: State) -> Iterator[Finding]:
    if copy.lost:
        what = f"{counted(copy.lost, 'snapshot')} vanished from {copy.title} without Mantel's doing. Who else may write there?"
        yield Finding("attention", what, "Check it now", "check", copy.id)


def _checked(copy: Copy, state: State) -> Iterator[Finding]:
    if copy.damage:
        return
    if copy.checked_at is None:
        yield Finding("attention", f"{copy.title} was never checked.", "Check it now", "check", copy.id)
    elif state.now - copy.checked_at > CHECK_MS:
        what = f"the last passed check of {copy.title} is {age(state.now - copy.checked_at)} ago."
        yield Finding("attention", what, "Check it now", "check", copy.id)
    if copy.coverage < 1 and state.now - copy.added_at > COVERAGE_GRACE_MS:
        what = f"in 30 days {copy.coverage:.0%} of the data of {copy.title} were read and compared; it should be all."
        yield Finding("attention", what, "Check it now", "check", copy.id)


def _key(copy: Copy, state: State) -> Iterator[Finding]:
    if copy.key_confirmed_at is None:
        what = f"nobody has confirmed the recovery passphrase of {copy.title}. If this box is lost, the copy opens with that alone."
        yield Finding("attention", what, "Print the emergency sheet", "sheet", copy.id)


def _shrunk(copy: Copy, state: State) -> Iterator[Finding]:
    if copy.shrunk_from:
        what = f"the library shrank: {copy.shrunk_from:,} files were backed up to {copy.title} before, and it has "
        what += f"{counted(state.files, 'original')} now. No old snapshot is removed until you say that this is right."
        yield Finding("attention", what, "That is right", "confirm-shrunk", copy.id)


def _full(copy: Copy, state: State) -> Iterator[Finding]:
    days = copy.days_until_full
    if days is not None and days < FULL_SOON_DAYS:
        yield Finding("attention", f"{copy.title} is full in about {counted(days, 'day')}, at the growth of the last weeks.")


_RULES: tuple[Callable[[State], Iterator[Finding]], ...] = (_none, _clock, _alarms, _bare, _places, _unheard, _hashing)
_COPY_RULES: tuple[Callable[[Copy, State], Iterator[Finding]], ...] = (
    _damaged, _gone, _refused, _drilled, _silent, _hindered, _vanished, _partly, _paused, _key, _checked, _shrunk, _full,
)  # fmt: skip
