"""Tell a file's true format from its first bytes; its name is not believed."""

HEAD_SIZE = 65536

KIND: dict[str, str] = {}


def sniff(head: bytes) -> str | None:
    """Given the first 64 KB of a file, return its format's name, or None when it is none that we know."""
    raise NotImplementedError


def why_refused(format: str | None) -> str:
    """Return a clause for people that says why Mantel does not take this format in."""
    raise NotImplementedError
