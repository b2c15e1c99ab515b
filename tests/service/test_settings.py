"""Settings come from flags, then variables, then defaults; nothing wrong passes unnoticed."""

from dataclasses import fields

import pytest

from service.settings import SETTINGS, InvalidSetting, Settings, load_settings


def test_every_setting_is_a_row_with_help_and_the_same_default() -> None:
    assert [f.name for f in fields(Settings)] == [row.name for row in SETTINGS]
    assert {f.name: f.default for f in fields(Settings)} == {r.name: r.default for r in SETTINGS}
    assert all(row.help.endswith(".") for row in SETTINGS)


def test_a_flag_beats_a_variable_which_beats_the_default() -> None:
    environment = {"THERASCAPE_PORT": "8123", "THERASCAPE_THREADS": "2", "THERASCAPE_HOST": ""}
    settings = load_settings({"port": "9000", "threads": None}, environment)
    assert (settings.port, settings.threads, settings.host) == (9000, 2, "127.0.0.1")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("THERASCAPE_PORT", "http"),
        ("THERASCAPE_PORT", "70000"),
        ("THERASCAPE_THREADS", "0"),
        ("THERASCAPE_BASE", "ftp://x/"),
        ("THERASCAPE_BASE", "https://example.org/no-slash"),
        ("THERASCAPE_HOST", "  "),
    ],
)
def test_a_wrong_value_is_refused_by_name(variable: str, value: str) -> None:
    with pytest.raises(InvalidSetting, match=variable):
        load_settings({}, {variable: value})
