"""The landscape as what a picture shows."""

from service.charts.matrix import Picture, PictureCell
from service.pages.frame import Footnote
from service.pages.landscape_choices import Choices
from service.pages.landscape_model import LEVELS, Model

TITLE = "Players by place"


def picture_of(model: Model, choices: Choices, footnote: Footnote, reports: int) -> Picture:
    """Return the picture of a table: all of its rows that the model has."""
    shown = len(model.rows)
    part = f" It shows the first {shown} of {model.total} rows." if shown < model.total else ""
    key = [(f"level-{level}", text) for level, text in enumerate(LEVELS, 1)]
    key += [("level-0 dashed", "dashed edge: only implied")] if model.implied else []
    return Picture(
        title=f"{TITLE}: {choices.filters({})[0][1]}",
        about=f"{model.total} players by {len(model.columns)} places. The number in a cell is that"
        f" of the facts that tie the player to the place; {blank(reports)}.{part}",
        rows_are="Group" if choices.values["rows"] == "group" else "Organisation",
        columns=[column.text for column in model.columns],
        rows=[
            (
                row.label,
                [
                    PictureCell(cell.number, cell.level, cell.marks, cell.stated, cell.label)
                    for cell in row.cells
                ],
                row.total,
            )
            for row in model.rows
        ],
        totals=[column.number for column in model.columns],
        key=[("level-0", blank(reports)), *key, *model.families],
        footnote=" · ".join(footnote.parts()) + part,
    )


def blank(reports: int) -> str:
    """Return what a cell without anything in it means."""
    return f"blank: nothing in {'this report' if reports == 1 else f'these {reports} reports'}"
