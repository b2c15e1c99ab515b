"""What the OpenAPI document promises is what the application does: requests made from it."""

from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, seed, settings
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Ok

#: Of each sort for each operation.
_CASES = (8, pytest.param(25, marks=pytest.mark.exhaustive))


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("cases", _CASES)
def test_no_request_finds_a_failure(made_up: Flask, mode: GenerationMode, cases: int) -> None:
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", made_up)
    found = list(described.get_all_operations())
    operations = [one.ok() for one in found if isinstance(one, Ok)]
    assert len(operations) == len(found) >= 15
    for operation in operations:

        @seed(1)
        @settings(
            max_examples=cases,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def holds(case: Case[Any]) -> None:
            case.call_and_validate(headers={"Accept-Encoding": "identity"})

        holds()
