"""Settings come from flags, then variables, then defaults; nothing wrong passes unnoticed."""

import hashlib
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
        ("THERASCAPE_DEADLINE", "soon"),
        ("THERASCAPE_DEADLINE", "0"),
        ("THERASCAPE_DEADLINE", "nan"),
        ("THERASCAPE_DEADLINE", "inf"),
        ("THERASCAPE_DEFAULT_GRAPH", "union"),
        ("THERASCAPE_EMPTY", "perhaps"),
        ("THERASCAPE_PROXIES", "*"),
        ("THERASCAPE_PROXIES", "proxy.example"),
        ("THERASCAPE_PROXIES", "10.0.0.1/8"),
        ("THERASCAPE_PROXIES", "10.0.0.1,"),
        ("THERASCAPE_WRITE_TOKEN", "ä"),
    ],
)
def test_a_wrong_value_is_refused_by_name(variable: str, value: str) -> None:
    with pytest.raises(InvalidSetting, match=variable):
        load_settings({}, {variable: value})


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("deadline", "0.5", 0.5),
        ("deadline", "5", 5),
        ("default_graph", "strict", "strict"),
        ("read_only", "true", True),
        ("read_only", "No", False),
        ("empty", "1", True),
        ("proxies", "::1, 10.0.0.0/8", "::1,10.0.0.0/8"),
    ],
)
def test_kinds_of_values(name: str, text: str, value: object) -> None:
    settings = load_settings({}, {f"THERASCAPE_{name.upper()}": text})
    assert getattr(settings, name) == value


def test_a_switch_on_the_command_line_is_on() -> None:
    settings = load_settings({"empty": True, "read_only": False}, {"THERASCAPE_READ_ONLY": "yes"})
    assert (settings.empty, settings.read_only) == (True, False)
    assert {row.name for row in SETTINGS if row.is_switch} == {"empty", "read_only", "log_events"}


def test_secrets_have_no_flag_and_tokens_for_us_are_kept_as_hashes() -> None:
    secrets = {row.name: row for row in SETTINGS if row.secret}
    ours, theirs = {"write_token", "admin_token"}, {"engine_password", "engine_token"}
    assert secrets.keys() == ours | theirs
    for name, row in secrets.items():
        assert row.flag == ""
        settings = load_settings({name: "flag-of-nobody"}, {row.variable: "from-outside"})
        digest = hashlib.sha256(b"from-outside").hexdigest()
        assert getattr(settings, name) == (f"sha256:{digest}" if name in ours else "from-outside")
        if name in theirs:  # what others are told is in no message of ours
            assert "from-outside" not in repr(settings)
