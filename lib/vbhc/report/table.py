"""A table as a page has it: rows and columns where there is room, on a phone one block a row.

Under 600 px report.css shows each row as its heading and lines of label over value. Blocks are no table to a
screen reader, so that every part names its role.
"""

import math
from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby

LONG, LONGER = 14, 60  # characters: texts that want room, and those that want a line of their own
ABREAST = ((8, 4), (12, 3), (math.inf, 2))  # letters of the longest word, values that then fit on a phone
Links = Mapping[tuple[int, int], str]


def page_table(finding: dict, links: Links | None = None) -> str:
    """Return `<table>` with caption, header with units and rows, escaped throughout.

    Parameters
    ----------
    finding : dict
        A table finding. Its first column names the row; the column that `by` names stands as headings over
        its rows. Its notes are the page's part.
    links : mapping, optional
        The place that a cell (row, column) leads to.
    """
    columns = finding["columns"]
    by = next((n for n, column in enumerate(columns) if column["name"] == finding.get("by")), None)
    shown = [n for n in range(len(columns)) if n != by]
    kinds = _kinds(finding, shown)
    heads = "".join(_head(columns[n], kind) for n, kind in zip(shown, kinds, strict=True))
    rows = []
    for number, texts in enumerate(finding["cells"]):
        cells = [_linked(text, (links or {}).get((number, place))) for place, text in enumerate(texts)]
        row = _row([cells[n] for n in shown], [_label(columns[n]) for n in shown], kinds)
        rows.append((None if by is None else cells[by], row))
    bodies = "".join(_body(heading, [row for _, row in own], len(shown)) for heading, own in _groups(rows))
    return (
        f'<table role="table" style="--c:{_abreast(finding, shown, kinds)}">\n'
        f"<caption>{escape(finding['caption'])}</caption>\n"
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead>\n{bodies}</table>'
    )


def _groups(rows: Sequence[tuple[str | None, str]]) -> groupby:
    return groupby(rows, lambda row: row[0])


def _kinds(finding: dict, shown: Sequence[int]) -> list[str]:
    """Return a class a column: "n" for numbers, "long" and "longer" by the longest text."""
    kinds = []
    for place, n in enumerate(shown):
        longest = max((len(row[n]) for row in finding["cells"]), default=0)
        if place and finding["columns"][n]["align"] == "right":
            kinds.append("n")
        else:
            kinds.append("longer" if longest > LONGER else "long" if longest > LONG else "")
    return kinds


def _abreast(finding: dict, shown: Sequence[int], kinds: Sequence[str]) -> int:
    """Return how many values stand beside each other on a phone: what the longest word lets, in full lines.

    Long texts have a line of their own and do not count.
    """
    short = [n for n, kind in zip(shown[1:], kinds[1:], strict=True) if kind in ("", "n")]
    texts = [_label(finding["columns"][n]) for n in short]
    texts += [row[n] for row in finding["cells"] for n in short]
    longest = max((len(word) for text in texts for word in text.split()), default=0)
    most = next(fit for letters, fit in ABREAST if longest <= letters)
    lines = math.ceil(len(short) / most)
    return math.ceil(len(short) / lines) if lines else 1


def _label(column: dict) -> str:
    return f"{column['label']}, {column['unit']}" if column["unit"] else str(column["label"])


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""


def _head(column: dict, kind: str) -> str:
    unit = f' <span class="unit">{escape(column["unit"])}</span>' if column["unit"] else ""
    return f'<th role="columnheader" scope="col"{_class(kind)}>{escape(column["label"])}{unit}</th>'


def _body(heading: str | None, rows: Sequence[str], width: int) -> str:
    """The rows under one heading, if there is one, in a body of their own."""
    first = ""
    if heading:
        head = f'<th role="rowheader" scope="rowgroup" colspan="{width}">{heading}</th>'
        first = f'<tr role="row" class="group">{head}</tr>\n'
    return f'<tbody role="rowgroup">\n{first}{"".join(rows)}</tbody>\n'


def _linked(text: str, place: str | None) -> str:
    return escape(text) if place is None else f'<a href="{escape(place)}">{escape(text)}</a>'


def _row(cells: Sequence[str], labels: Sequence[str], kinds: Sequence[str]) -> str:
    first = f'<th role="rowheader" scope="row"{_class(kinds[0])}>{cells[0]}</th>'
    others = (
        f'<td role="cell"{_class(kind)} data-label="{escape(label)}">{cell}</td>'
        for cell, label, kind in zip(cells[1:], labels[1:], kinds[1:], strict=True)
    )
    return f'<tr role="row">{first}{"".join(others)}</tr>\n'
