"""A table finding as HTML, laid out by great_tables and escaped throughout."""

from __future__ import annotations

import re
from html import escape

_PLACE = "stub-label-goes-here"
_OPEN, _CLOSE = "\ue000", "\ue001"  # private characters that hold the place of links while cells are escaped


def table_html(finding: dict, *, styled: bool, links: dict[tuple[int, int], str] | None = None) -> str:
    """Return `<table>` with caption, header with units, rows and notes.

    With `styled` it is wrapped in a box with its own style sheet, for a notebook; without, it has classes
    only, which a report page styles once for all its tables. The first column names the row; the column that
    `by` of the finding names, if any, stands as headings over its rows.
    `links` gives the place that a cell (row, column) leads to.
    """
    from great_tables import GT, html  # imported late: only tables need its 0.7 s

    columns = finding["columns"]
    names = [f"c{number}" for number in range(len(columns))]  # ids are made of names: keep data out of them
    heads = [name for name, column in zip(names, columns, strict=True) if column["name"] == finding.get("by")]
    first = next(number for number, name in enumerate(names) if name not in heads)
    cells = _frame(_linked(finding["cells"], links or {}), names)
    group = heads[0] if heads else None
    table = GT(cells, rowname_col=names[first], groupname_col=group, id="t-" + finding["id"])
    table = table.tab_stubhead(_PLACE)
    for name, column in zip(names, columns, strict=True):
        table = table.cols_label({name: html(_header(column))}).cols_align(column["align"], [name])
    for note in finding["notes"]:
        table = table.tab_source_note(html(escape(note)))
    page = table.as_raw_html()
    body = re.sub(
        r' (id|headers|data-[\w-]+)="[^"]*"', "", page[page.index("<table") : page.rindex("</table>") + 8]
    )
    body = re.sub(r' (?:rowspan|colspan)="1"', "", body)
    body = _headed(body.replace(_PLACE, _header(columns[first]), 1))
    body = body.replace(">", f">\n<caption><span>{escape(finding['caption'])}</span></caption>", 1)
    places = list(dict.fromkeys((links or {}).values()))
    body = re.sub(
        f"{_OPEN}(\\d+){_OPEN}", lambda number: f'<a href="{escape(places[int(number[1])])}">', body
    )
    body = body.replace(_CLOSE, "</a>")
    return _with_style(page, body, finding["id"]) if styled else body


def _headed(body: str) -> str:
    """Give the rows under each heading a body of their own, which the heading names."""
    start = '<tr class="gt_group_heading_row">'
    first, *others = body.replace('scope="colgroup"', 'scope="rowgroup"').split(start)
    if not others:
        return body
    return first + start + f'</tbody>\n<tbody class="gt_table_body">\n  {start}'.join(others)


def _linked(cells: list[list[str]], links: dict[tuple[int, int], str]) -> list[list[str]]:
    # one place has one number, so that a heading which leads somewhere stays one over all its rows
    order = list(dict.fromkeys(links.values()))
    numbers = {cell: order.index(place) for cell, place in links.items()}

    def text(row: int, column: int, cell: str) -> str:
        cell = cell.replace(_OPEN, "").replace(_CLOSE, "")
        number = numbers.get((row, column))
        return cell if number is None else f"{_OPEN}{number}{_OPEN}{cell}{_CLOSE}"

    return [[text(r, c, cell) for c, cell in enumerate(row)] for r, row in enumerate(cells)]


def _frame(cells: list[list[str]], names: list[str]):
    import pandas as pd

    return pd.DataFrame(cells, columns=names, dtype="object")


def _header(column: dict) -> str:
    unit = f' <span class="unit">{escape(column["unit"])}</span>' if column["unit"] else ""
    return escape(column["label"]) + unit


def _with_style(page: str, body: str, name: str) -> str:
    """Keep of great_tables' 9 kB of style the rules that this table uses."""
    used = set(re.findall(r"gt_\w+", body))
    rules = re.findall(r"^\s*#[\w-]+ \.(gt_\w+) (\{[^}]*\})", page, re.MULTILINE)
    kept = "\n".join(f"#t-{name} .{selector} {style}" for selector, style in rules if selector in used)
    own = (
        f"#t-{name} caption {{ caption-side: top; text-align: left; font-weight: 600; padding: 4px 5px; }}\n"
        f"#t-{name} .unit {{ font-weight: normal; opacity: .75; }}"
    )
    return f'<div id="t-{name}" style="overflow-x:auto">\n<style>\n{kept}\n{own}\n</style>\n{body}\n</div>'
