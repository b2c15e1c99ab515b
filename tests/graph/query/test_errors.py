import pickle

import pytest

from graph.errors import GraphError
from graph.query import (
    DatasetTooLarge,
    EngineFailure,
    NotAcceptable,
    NotExpressible,
    QueryError,
    QuerySyntaxError,
    QueryTooDeep,
    RemoteAccessRefused,
    StoreUnreadable,
    UnsupportedFunction,
    UpdateRefused,
)


@pytest.mark.parametrize(
    "error",
    [
        QuerySyntaxError(2, 3, "unexpected }"),
        QuerySyntaxError(None, None, "nowhere"),
        UnsupportedFunction(2, 3, "there is no function"),
        RemoteAccessRefused(2, 3, "SERVICE"),
        QueryTooDeep(2, 3, "too deep"),
        UpdateRefused("for reading only"),
        DatasetTooLarge(10),
        NotAcceptable("graph", ("text/turtle", "application/n-triples")),
        NotExpressible("bindings", ("text/csv",), "XML cannot"),
        NotExpressible("graph", (), "no format can"),
        EngineFailure("it failed"),
        StoreUnreadable(),
    ],
)
def test_errors_cross_processes_unchanged(error: QueryError) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert vars(again) == vars(error)
    assert isinstance(again, GraphError)
