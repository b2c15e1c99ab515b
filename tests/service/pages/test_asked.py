"""Questions in words that are written into the search."""

from flask.testing import FlaskClient

from tests.service.pages.shipped import page, read


def test_a_question_is_answered_on_the_page(shipped: FlaskClient) -> None:
    found = page(shipped, "/search?q=which+players+are+active+in+Brazil")
    answer = read(shipped, "/api/v1/questions/players-in?place=Brazil")
    assert f"{answer['total']} rows" in found.text
    for row in answer["rows"]:
        cells = found.row(row["player"]["label"])
        assert cells[1:3] == [row["place"]["label"], row["tie"]]
        for one in row["evidence"]:
            assert one["report"]["label"] in cells[-1]
    assert "What this rests on" in found.text
    assert any("/report-a-problem?" in to for to, _ in found.links)
    assert found.is_safe


def test_a_name_is_no_question(shipped: FlaskClient) -> None:
    found = page(shipped, "/search?q=Novartis")
    assert "Read as" not in found.text
    assert found.leads("/id/agent/novartis", "Novartis")


def test_what_is_not_understood_for_sure_is_not_answered(shipped: FlaskClient) -> None:
    for text in ("which+players+are+not+active+in+Brazil", "players+active+in+Atlantis", "xq+zw"):
        assert "Read as" not in page(shipped, f"/search?q={text}").text


def test_hostile_text_is_text(shipped: FlaskClient) -> None:
    found = page(shipped, "/search?q=players+in+%3Cscript%3E+%E2%80%AE%22" + "x" * 3000)
    assert found.is_safe
