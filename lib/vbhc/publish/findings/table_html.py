"""A table finding as a notebook shows it: HTML, escaped throughout, with `table.css` for its look."""

import re
from functools import cache
from html import escape
from itertools import groupby
from pathlib import Path

_BODY = '<tbody class="gt_table_body">'


def table_html(finding: dict) -> str:
    """Return a table with caption, header with units, rows and notes, in a box with its own style sheet.

    The first column names the row; the column that `by` of the finding names, if any, stands as headings over
    its rows.
    """
    columns = finding["columns"]
    by = next((n for n, column in enumerate(columns) if column["name"] == finding.get("by")), None)
    shown = [n for n in range(len(columns)) if n != by]
    aligns = ["left", *(columns[n]["align"] for n in shown[1:])]  # a row's name stands left, number or not
    heads = "\n".join(_head(columns[n], align) for n, align in zip(shown, aligns, strict=True))
    rows = []
    for texts in finding["cells"]:
        row = [escape(text) for text in texts]
        rows.append((None if by is None else row[by], _row([row[n] for n in shown], aligns)))
    body, foot = _bodies(rows, len(shown)), _foot(finding["notes"], len(shown))
    table = (
        f'<table class="gt_table">\n<caption><span>{escape(finding["caption"])}</span></caption>\n'
        f'<thead>\n\n<tr class="gt_col_headings">\n{heads}\n</tr>\n</thead>\n'
        f"{_BODY}\n{body}\n</tbody>\n{foot}\n"
        "</table>"
    )
    return _with_style(table, finding["id"])


def _head(column: dict, align: str) -> str:
    unit = f' <span class="unit">{escape(column["unit"])}</span>' if column["unit"] else ""
    classes = f"gt_col_heading gt_columns_bottom_border gt_{align}"
    return f'  <th class="{classes}" scope="col">{escape(column["label"])}{unit}</th>'


def _bodies(rows: list[tuple[str | None, str]], width: int) -> str:
    """The rows; those under each heading in a body of their own, which the heading names."""
    bodies = []
    for heading, own in groupby(rows, lambda row: row[0]):
        first = [] if heading is None else [_heading(heading, width)]
        bodies.append("\n".join([*first, *(row for _, row in own)]))
    return f"\n  </tbody>\n{_BODY}\n".join(bodies)


def _heading(text: str, width: int) -> str:
    row = "gt_group_heading_row" if text else "gt_empty_group_heading"
    head = f'<th class="gt_group_heading" colspan="{width}" scope="rowgroup">{text}</th>'
    return f'  <tr class="{row}">\n    {head}\n  </tr>'


def _row(cells: list[str], aligns: list[str]) -> str:
    first = f'    <th scope="row" class="gt_row gt_{aligns[0]} gt_stub">{cells[0]}</th>'
    pairs = zip(cells[1:], aligns[1:], strict=True)
    others = (f'    <td class="gt_row gt_{align}">{text}</td>' for text, align in pairs)
    return "\n".join(["  <tr>", first, *others, "  </tr>"])


def _foot(notes: list[str], width: int) -> str:
    rows = "".join(
        f'<tr class="gt_sourcenotes"><td class="gt_sourcenote" colspan="{width}">'
        f'<span class="gt_from_md">{escape(note)}</span></td></tr>'
        for note in notes
    )
    return f"<tfoot>{rows}</tfoot>" if rows else ""


@cache
def _rules() -> list[str]:
    return Path(__file__).with_name("table.css").read_text(encoding="utf-8").splitlines()


def _with_style(table: str, name: str) -> str:
    """Put the rules that this table uses before it, held to it by its id."""
    used = {"caption", ".unit", *(f".{name}" for name in re.findall(r"gt_\w+", table))}
    kept = "\n".join(f"#t-{name} {rule}" for rule in _rules() if rule.partition(" ")[0] in used)
    return f'<div id="t-{name}" style="overflow-x:auto">\n<style>\n{kept}\n</style>\n{table}\n</div>'
