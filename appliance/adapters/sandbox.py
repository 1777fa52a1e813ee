"""Warm child processes that read hostile files: no files, no network, no programs, so much memory, so much time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Reply:
    """What an operation answers: facts that JSON can carry, and blobs of bytes beside them."""

    facts: dict[str, Any] = field(default_factory=dict)
    blobs: list[bytes] = field(default_factory=list)


class Child:
    """One sandboxed process that serves the OPERATIONS of `module`; one caller at a time."""

    def __init__(self, module: str, *, memory_mb: int, recycle_after: int = 500, options: Mapping[str, Any] | None = None) -> None:
        raise NotImplementedError

    def call(self, operation: str, arguments: Mapping[str, Any], *, files: Sequence[int] = (), timeout: float) -> Reply:
        """Raises DecoderFailed when the child says no, DecoderCrashed when it died, hung or grew too big; it then starts anew."""
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError


class Pool:
    """`size` children of one module, started when they are first needed; `call` may be used from many threads."""

    def __init__(self, module: str, size: int, *, memory_mb: int, recycle_after: int = 500, **options: Any) -> None:
        raise NotImplementedError

    def call(self, operation: str, arguments: Mapping[str, Any], *, files: Sequence[int] = (), timeout: float) -> Reply:
        """As Child.call; waits for a free child."""
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError
