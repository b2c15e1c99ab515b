"""What may be chosen, and what may not."""

from decimal import Decimal

import pytest

from graph.forecast.choices import Choices, InvalidChoice


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("levels", value) for value in ((), (0.0,), (1.0,), (0.5, 2.0), (float("nan"),))),
        *(("beyond", value) for value in (-1, 51)),
        *(("few", value) for value in (1, 1001)),
        *(("prior_weight", value) for value in (-0.1, 1000.1, float("nan"), float("inf"))),
        *(("damping", value) for value in (0.0, -1.0, 1.1, float("nan"))),
        *(("cap", value) for value in (-100.0, 10_000.0, float("nan"), float("inf"))),
        *(
            ("ceiling", Decimal(value))
            for value in ("0", "-1", "1e18", "NaN", "sNaN", "Infinity", "-Infinity")
        ),
    ],
)
def test_what_cannot_be_is_refused_by_name(name: str, value: object) -> None:
    with pytest.raises(InvalidChoice) as caught:
        Choices(**{name: value})  # type: ignore[arg-type]
    assert caught.value.name == name
    assert str(caught.value).startswith(f"{name}: ")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("levels", (0.001, 0.999)),
        ("beyond", 0),
        ("beyond", 50),
        ("few", 2),
        ("prior_weight", 0.0),
        ("damping", 1.0),
        ("cap", -99.9),
        ("cap", 0.0),
        ("ceiling", Decimal("0.001")),
    ],
)
def test_limits_are_allowed(name: str, value: object) -> None:
    choices = Choices(**{name: value})  # type: ignore[arg-type]
    assert choices.told()[name] == value
    assert set(choices.changed()) == {name}


def test_nothing_is_changed_by_default() -> None:
    assert Choices().changed() == {}
    assert not Choices().is_scenario


@pytest.mark.parametrize("given", [{"damping": 0.9}, {"cap": 0.0}, {"ceiling": Decimal(9)}])
def test_what_makes_a_scenario(given: dict[str, object]) -> None:
    assert Choices(**given).is_scenario  # type: ignore[arg-type]
