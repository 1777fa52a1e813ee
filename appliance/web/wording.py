"""Numbers, sizes and times as people read them. Pure functions; capture times are local, 'YYYY-MM-DDTHH:MM:SS'."""

from datetime import UTC, datetime

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS


def number(count: int) -> str:
    """12,345"""
    return f"{count:,}"


def counted(count: int, one: str, many: str | None = None) -> str:
    """“1 photo”, “1,204 photos”."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def size(count: int) -> str:
    """Bytes in the units that phones show: “812 KB”, “3.4 MB”, “1.50 GB”."""
    for limit, factor, unit, digits in ((10**6, 10**3, "KB", 0), (10**9, 10**6, "MB", 1), (10**12, 10**9, "GB", 2)):
        if count < limit:
            return f"{count / factor:.{digits}f} {unit}"
    return f"{count / 10**12:.2f} TB"


def length(milliseconds: int) -> str:
    """Of a video: “0:07”, “1:02:09”."""
    minutes, seconds = divmod(round(milliseconds / 1000), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def month(name: str) -> str:
    """'2024-07' → “July 2024”."""
    year, number_of_month = name.split("-")
    return f"{MONTHS[int(number_of_month) - 1]} {int(year)}"


def day(capture_time: str) -> str:
    """“14 July 2024”."""
    return f"{int(capture_time[8:10])} {month(capture_time[:7])}"


def clock(capture_time: str) -> str:
    """“18:42”."""
    return capture_time[11:16]


def offset(minutes: int) -> str:
    """“UTC+2”, “UTC−3:30”."""
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'−' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


def ago(then: int, now: int) -> str:
    """Given two moments in milliseconds since 1970 UTC: “just now”, “5 minutes ago”, “3 days ago”, then the day."""
    passed = max(0, now - then)
    if passed < 2 * MINUTE_MS:
        return "just now"
    if passed < 2 * HOUR_MS:
        return f"{passed // MINUTE_MS} minutes ago"
    if passed < 2 * DAY_MS:
        return f"{passed // HOUR_MS} hours ago"
    if passed < 30 * DAY_MS:
        return f"{passed // DAY_MS} days ago"
    return day(datetime.fromtimestamp(then / 1000, UTC).isoformat())


def time_left(jobs: int, per_minute: int) -> str:
    """How long `jobs` take at the present rate; “–” when nothing is left or nobody knows."""
    if not jobs or not per_minute:
        return "–"
    minutes = jobs / per_minute
    if minutes < 1:
        return "under a minute"
    if minutes < 90:
        return counted(round(minutes), "minute")
    hours = minutes / 60
    return counted(round(hours), "hour") if hours < 48 else counted(round(hours / 24), "day")


def agent(user_agent: str) -> str:
    """“Firefox on Windows” out of a browser's long name for itself; the name itself when neither part is known."""
    browsers = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
    systems = (
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "Mac"),
        ("Linux", "Linux"),
    )  # fmt: skip
    browser = next((name for sign, name in browsers if sign in user_agent), None)
    system = next((name for sign, name in systems if sign in user_agent), None)
    if browser and system:
        return f"{browser} on {system}"
    return browser or system or user_agent[:60] or "Unknown browser"
