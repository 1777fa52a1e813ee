"""Ages, counts and sizes as the verdict says them."""

from appliance.backup.state import DAY_MS

HOUR_MS = DAY_MS // 24


def age(milliseconds: int) -> str:
    """“under an hour”, “7 hours”, “12 days”."""
    hours = max(0, milliseconds) // HOUR_MS
    if hours < 1:
        return "under an hour"
    return counted(hours, "hour") if hours < 48 else counted(hours // 24, "day")


def counted(count: int, one: str) -> str:
    """“1 original”, “1,204 originals”."""
    return f"{count:,} {one}{'' if count == 1 else 's'}"


def size(count: float) -> str:
    """“812 KB”, “3.4 MB”, “1.50 GB”."""
    for limit, factor, unit, digits in ((10**6, 10**3, "KB", 0), (10**9, 10**6, "MB", 1), (10**12, 10**9, "GB", 2)):
        if count < limit:
            return f"{count / factor:.{digits}f} {unit}"
    return f"{count / 10**12:.2f} TB"
