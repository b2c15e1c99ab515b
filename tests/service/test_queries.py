"""What runs: administrators see it, holders of a Query-Id end it; and how the service is."""

import pytest
from flask.testing import FlaskClient

from graph.query import Answer, EngineUnavailable, Job, QueueFull, Request
from graph.release import Release
from service.app import create_app
from service.settings import Settings
from service.tokens import hashed
from tests.service.fakes import FakeControl, Visitor

TOKEN = "a-token-for-looking"
AUTHORIZED = {"Authorization": f"Bearer {TOKEN}"}


class Engine:
    def __init__(self, error: Exception | None = None) -> None:
        self.error = error

    def evaluate(self, request: Request, job: Job | None = None) -> Answer:  # noqa: ARG002
        if self.error:
            raise self.error
        return Answer("boolean", "application/sparql-results+json", b'{"boolean":true}')


def client(
    release: Release,
    control: FakeControl | None,
    *,
    admin: bool = True,
    engine: Engine | None = None,
) -> FlaskClient:
    settings = Settings(
        admin_token=hashed(TOKEN) if admin else None, write_token=hashed("another-token")
    )
    app = create_app(engine or Engine(), release, settings=settings, control=control)
    return app.test_client()


def test_administrators_see_what_runs(release: Release) -> None:
    control = FakeControl({"x": Visitor("x"), "y": Visitor("y", state="waiting")})
    response = client(release, control).get("/queries", headers=AUTHORIZED)
    assert response.headers["Cache-Control"] == "no-store"
    listed = response.get_json()["queries"]
    assert [one["state"] for one in listed] == ["running", "waiting"]
    assert listed[0] == {
        "id": "x",
        "client": "192.0.2.7",
        "state": "running",
        "seconds": 1.235,
        "query": "ASK {}",
    }


@pytest.mark.parametrize(
    ("admin", "token", "status", "type_"),
    [
        (False, TOKEN, 403, "administration-off"),
        (True, None, 401, "token-needed"),
        (True, "another-token", 401, "token-needed"),
    ],
)
def test_nobody_else_does(
    release: Release, admin: bool, token: str | None, status: int, type_: str
) -> None:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answers = client(release, FakeControl({"x": Visitor("x")}), admin=admin)
    response = answers.get("/queries", headers=headers)
    assert response.status_code == status
    assert response.get_json()["type"].endswith(f"#{type_}")
    assert b"ASK" not in response.data


def test_to_hold_the_id_is_the_right_to_end_it(release: Release) -> None:
    control = FakeControl({"x.~-": Visitor("x.~-")})
    answers = client(release, control)
    assert answers.delete("/queries/x.~-").status_code == 204
    assert not control.visitors
    gone = answers.delete("/queries/x.~-")
    assert gone.status_code == 404
    assert gone.get_json()["type"].endswith("#query-not-found")


def test_where_nothing_can_be_seen_there_is_nothing(release: Release) -> None:
    answers = client(release, None)
    assert answers.get("/queries", headers=AUTHORIZED).get_json() == {"queries": []}
    assert answers.delete("/queries/x").status_code == 404


@pytest.mark.parametrize(
    ("error", "status", "state"),
    [
        (None, 200, "ready"),
        (QueueFull(64, 3), 200, "busy"),
        (EngineUnavailable("it starts"), 503, "unavailable"),
    ],
)
def test_ready(release: Release, error: Exception | None, status: int, state: str) -> None:
    response = client(release, None, engine=Engine(error)).get("/ready")
    assert (response.status_code, response.get_json()) == (status, {"status": state})
    assert response.headers["Cache-Control"] == "no-store"


def test_health_has_what_the_engine_says(release: Release) -> None:
    control = FakeControl()
    answers = client(release, control)
    health = answers.get("/health").get_json()
    assert health["engine"] == {"workers": 3}
    assert health["writes"] == "off"
    assert health["default_graph"] == "merged"
    control.gone = True
    response = answers.get("/health")
    assert response.status_code == 200
    assert response.get_json()["engine"] == {"problem": "the engine stopped"}


def test_metrics(release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    kind = "text/plain; version=0.0.4; charset=utf-8"
    monkeypatch.setattr("service.views.metrics_text", lambda: (b"up 1\n", kind))
    response = client(release, None).get("/metrics")
    assert (response.data, response.content_type) == (b"up 1\n", kind)
    assert response.headers["Cache-Control"] == "no-store"
