"""The distribution: its name, its command, and the four top-level packages that are ours alone."""

from importlib.metadata import distribution, packages_distributions
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.house.checkout import PACKAGES, PYPROJECT, ROOT


@pytest.mark.parametrize("name", PACKAGES)
def test_no_other_distribution_owns_our_top_level_names(name: str) -> None:
    owners = set(packages_distributions().get(name, []))
    assert owners <= {"therascape"}, f"uninstall what else brings `{name}`"


@pytest.mark.parametrize("name", PACKAGES)
def test_the_packages_under_test_are_those_of_this_checkout(name: str) -> None:
    spec = find_spec(name)
    assert spec is not None
    assert spec.origin is not None, f"{name}/__init__.py is missing"
    assert Path(spec.origin) == ROOT / name / "__init__.py"


def test_exactly_these_packages_go_into_the_wheel() -> None:
    wheel = PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert sorted(wheel["packages"]) == list(PACKAGES)


def test_what_is_installed_is_what_pyproject_says() -> None:
    metadata = distribution("therascape").metadata
    assert metadata["Version"] == PYPROJECT["project"]["version"]
    assert metadata["License-Expression"] == "Apache-2.0"
    assert "Private :: Do Not Upload" in metadata.get_all("Classifier", [])


def test_the_command_can_be_loaded() -> None:
    (command,) = distribution("therascape").entry_points.select(group="console_scripts")
    assert command.name == "therascape"
    assert command.value == "service.cli:main"
    assert callable(command.load())


def test_the_changelog_begins_with_what_is_not_released_yet() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = [line for line in changelog.splitlines() if line.startswith("## ")]
    assert headings[0] == "## [Unreleased]"
