"""Every command, setting and address is documented, and none that is not there."""

import re
from pathlib import Path

from click import Group

from service.cli import cli
from service.settings import SETTINGS
from tests.docs.markdown import ROOT

PAGE = (ROOT / "docs" / "service.md").read_text("utf-8")
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")


def test_every_command_is_documented() -> None:
    """The table of commands is that of the command line."""
    assert isinstance(cli, Group)
    documented = set(re.findall(r"^\| `therascape (\w+)` \|", PAGE, re.MULTILINE))
    assert documented == set(cli.commands)


def test_every_setting_is_documented() -> None:
    """The table of settings is that of the code, with flags and variables."""
    documented = set(re.findall(r"^\| (?:`(--[a-z-]+)` )?\| `([A-Z_]+)` \|", PAGE, re.MULTILINE))
    assert documented == {(setting.flag, setting.variable) for setting in SETTINGS}


def test_every_address_is_documented() -> None:
    """The table of addresses is that of the application."""
    documented = set(re.findall(r"^\| `(/[^`]*)` \|", PAGE, re.MULTILINE))
    rules = set(re.findall(r'add_url_rule\("([^"]+)"', _views()))
    assert documented == rules


def _views() -> str:
    return (ROOT / "service" / "views.py").read_text("utf-8")


def test_make_targets_named_in_the_pages_exist() -> None:
    """A page names no target that the Makefile lacks."""
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *Path(ROOT / "docs").glob("*.md")]
    named = {
        target
        for page in pages
        for target in re.findall(r"`make ([a-z]+)", page.read_text("utf-8"))
    }
    targets = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))
    assert named <= targets | {"alone"}
