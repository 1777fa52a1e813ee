"""The `mantel` command."""


def main() -> int:
    return 0
