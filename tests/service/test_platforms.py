"""What the service says about the system it starts on."""

import pytest

from graph.errors import GraphError
from service.platforms import UnsupportedPlatformError, check_platform


def test_nothing_is_missing_on_linux() -> None:
    assert check_platform("linux") == ()


@pytest.mark.parametrize(("platform", "name"), [("darwin", "macOS"), ("freebsd14", "freebsd14")])
def test_elsewhere_each_missing_protection_is_one_sentence(platform: str, name: str) -> None:
    missing = check_platform(platform)
    assert all(name in sentence for sentence in missing)
    assert all(sentence.endswith(".") and "\n" not in sentence for sentence in missing)
    assert any("memory cap" in sentence for sentence in missing)
    assert any("SERVICE" in sentence for sentence in missing)


@pytest.mark.parametrize("platform", ["win32", "cygwin"])
def test_windows_is_refused_with_two_ways_out(platform: str) -> None:
    with pytest.raises(UnsupportedPlatformError, match=r"WSL2.*container") as refusal:
        check_platform(platform)
    assert isinstance(refusal.value, GraphError)


def test_this_system_is_one_that_the_tests_may_run_on() -> None:
    assert isinstance(check_platform(), tuple)
