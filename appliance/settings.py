"""One frozen Settings, read once at start from `<home>/mantel.toml`, then MANTEL_* variables; docs/guide/settings.md lists all."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from appliance.errors import WrongUsage

SYSTEM_HOME = Path("/var/lib/mantel")
USER_HOME = Path("~/.local/share/mantel")


@dataclass(frozen=True, slots=True)
class Settings:
    """`home` is where everything lies; the rest has a default that opens nothing beyond this machine."""

    home: Path
    listen: str = "127.0.0.1"
    port: int = 8080
    guest_port: int = 0
    https: bool = False
    share_address: str = ""
    allowed_hosts: tuple[str, ...] = ("localhost", "127.0.0.1", "[::1]")
    decoders: int = 2
    decoder_memory_mb: int = 1500
    largest_picture_megapixels: int = 250
    largest_upload_gb: int = 50
    vision_model: str = ""
    text_model: str = ""
    vision_threads: int = 2
    vision_idle_seconds: int = 600
    vision_gpu_layers: int = 0
    vision_address: str = ""
    vision_certificate: str = ""
    backup_hour: int = 3
    people_idle_minutes: int = 30
    people_longest_hours: int = 8
    languages: tuple[str, ...] = ("en", "de", "fr", "es")


def default_home(environment: Mapping[str, str]) -> Path:
    """Given the environment, return MANTEL_HOME, else the system's home when it exists, else the user's."""
    if chosen := environment.get("MANTEL_HOME"):
        return Path(chosen).expanduser().absolute()
    return SYSTEM_HOME if SYSTEM_HOME.is_dir() else USER_HOME.expanduser()


def load(home: Path | None = None, environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings of `home`; raises WrongUsage for a name or a value that Mantel does not know."""
    home = home.expanduser().absolute() if home else default_home(environment)
    chosen: dict[str, Any] = {}
    file = home / "mantel.toml"
    if file.is_file():
        try:
            chosen.update(tomllib.loads(file.read_text(encoding="utf-8")))
        except tomllib.TOMLDecodeError as error:
            raise WrongUsage(what=f"{file} is not valid TOML: {error}.") from error
    known = {field.name for field in fields(Settings)} - {"home"}
    for name in known:
        if (value := environment.get("MANTEL_" + name.upper())) is not None:
            chosen[name] = value
    if unknown := sorted(set(chosen) - known):
        raise WrongUsage(what=f"{file} has a setting that Mantel does not know: {', '.join(unknown)}.")
    settings = Settings(home=home)
    for name, value in chosen.items():
        settings = replace(settings, **{name: _typed(name, value, getattr(settings, name))})
    return settings


def _typed(name: str, value: Any, default: Any) -> Any:
    """Give `value` the type of `default`: a variable of the environment is always text."""
    try:
        if isinstance(default, bool):
            return value if isinstance(value, bool) else {"yes": True, "true": True, "no": False, "false": False}[value]
        if isinstance(default, tuple):
            return tuple(value.split(",")) if isinstance(value, str) else tuple(map(str, value))
        return type(default)(value)
    except (KeyError, TypeError, ValueError):
        raise WrongUsage(what=f"The setting {name} cannot be “{value}”.") from None
