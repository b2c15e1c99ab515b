"""What runs at the moment: administrators may see it, and whoever holds a Query-Id may end it."""

from flask import Response, jsonify, request

from service.refusals import NoSuchQuery
from service.served import served


def queries() -> Response:
    """List what waits and what runs, with the Query-Ids that would end it."""
    served().access.administrator(request.authorization)
    control = served().control
    running = control.running() if control else ()
    response = jsonify(
        queries=[
            {
                "id": one.id,
                "client": one.client,
                "state": one.state,
                "seconds": round(one.seconds, 3),
                "query": one.query,
            }
            for one in running
        ]
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def end_query(query_id: str) -> Response:
    """End the query with this Query-Id: to hold it is the right to."""
    control = served().control
    if control is None or not control.cancel(query_id):
        raise NoSuchQuery("no query that runs or waits has this Query-Id")
    return Response(status=204)
