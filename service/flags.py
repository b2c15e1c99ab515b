"""Options that several commands have."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from service.settings import BY_NAME

_Command = TypeVar("_Command", bound=Callable[..., Any])
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
TEXT_OR_JSON = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
TABLE = click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    show_default=True,
)
RELEASE = click.option(
    "--release",
    metavar="ID",
    help="Ask this stored release, by its id or what that begins with, as it was published.",
)


EDITIONS = click.option(
    "--editions",
    type=click.Choice(["current", "all"]),
    default="current",
    show_default=True,
    help="Ask the current edition of each report, or superseded ones too.",
)


def settings_flags(*names: str) -> Callable[[_Command], _Command]:
    """Add the flags of these settings; the command gets them by name, None where not given."""

    def decorate(command: _Command) -> _Command:
        for name in reversed(names):
            setting = BY_NAME[name]
            if setting.is_switch:
                switch = click.option(
                    setting.flag, name, is_flag=True, default=None, help=setting.help
                )
                command = switch(command)
                continue
            default = "" if setting.default is None else f"  [default: {setting.default}]"
            command = click.option(setting.flag, name, help=setting.help + default)(command)
        return command

    return decorate
