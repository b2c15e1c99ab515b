"""Settings as rows: name, default and help. They come from flags and THERASCAPE_* variables only.

A flag beats its environment variable, which beats the default.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from graph.errors import GraphError
from graph.terms import DEFAULT_BASE, Iris


class InvalidSetting(GraphError):
    """A setting has a value that cannot be used; the message names its flag and its variable."""


def _text(value: str) -> str:
    if not value.strip():
        raise ValueError("it is empty")
    return value


def _base(value: str) -> str:
    return Iris(value).base


def _between(lowest: int, highest: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        try:
            number = int(value)
        except ValueError:
            raise ValueError("a whole number is expected") from None
        if not lowest <= number <= highest:
            raise ValueError(f"it must be between {lowest} and {highest}")
        return number

    return read


@dataclass(frozen=True, slots=True)
class Setting:
    """One row. `read` turns text into the value and raises ValueError with the reason."""

    name: str
    default: str | int | None
    help: str
    read: Callable[[str], Any]

    @property
    def flag(self) -> str:
        """Its flag on the command line."""
        return "--" + self.name.replace("_", "-")

    @property
    def variable(self) -> str:
        """Its environment variable."""
        return "THERASCAPE_" + self.name.upper()


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "data",
        None,
        "Folder that holds the built releases. Unless given: .therascape/ in a checkout, else "
        "therascape/ in the XDG data folder.",
        _text,
    ),
    Setting(
        "base",
        DEFAULT_BASE,
        "Base of the IRIs that a build mints for things, graphs and sources; ends with a slash.",
        _base,
    ),
    Setting("host", "127.0.0.1", "Address that the service listens on.", _text),
    Setting(
        "port",
        8000,
        "Port that the service listens on; 0 takes any free one, and prints it.",
        _between(0, 65535),
    ),
    Setting("threads", 4, "Requests that are answered at the same time.", _between(1, 256)),
    Setting(
        "max_body_bytes",
        1024 * 1024,
        "Largest body of a request, in bytes; a longer query is refused.",
        _between(1024, 1024 * 1024 * 1024),
    ),
    Setting(
        "shown_rows",
        1000,
        "Rows of a result that a page shows; it says so, and downloads are always complete.",
        _between(1, 100_000),
    ),
    Setting(
        "stop_seconds",
        10,
        "Seconds that requests under way have to finish when the service is stopped.",
        _between(1, 3600),
    ),
)
BY_NAME: Mapping[str, Setting] = {setting.name: setting for setting in SETTINGS}


@dataclass(frozen=True, slots=True)
class Settings:
    """The values in force. The rows of SETTINGS say what each means."""

    data: str | None = None
    base: str = DEFAULT_BASE
    host: str = "127.0.0.1"
    port: int = 8000
    threads: int = 4
    max_body_bytes: int = 1024 * 1024
    shown_rows: int = 1000
    stop_seconds: int = 10


def load_settings(
    flags: Mapping[str, Any] | None = None, environment: Mapping[str, str] | None = None
) -> Settings:
    """Return the settings; `flags` by name, None where a flag was not given.

    An empty variable counts as not set. Raises InvalidSetting.
    """
    flags = flags or {}
    environment = os.environ if environment is None else environment
    values = {}
    for name in (field.name for field in fields(Settings)):
        setting = BY_NAME[name]
        flag, variable = flags.get(name), environment.get(setting.variable)
        if flag is not None:
            values[name] = _read(setting, str(flag), setting.flag)
        elif variable:
            values[name] = _read(setting, variable, setting.variable)
    return Settings(**values)


def _read(setting: Setting, value: str, where: str) -> Any:
    try:
        return setting.read(value)
    except ValueError as error:
        raise InvalidSetting(f"{where}: {value!r} cannot be used: {error}") from None
