"""Disclosure over a whole report: hide what its tables together would reveal, and say so.

Works on the executed notebooks in memory, before any page is written: a finding that changes gets a new mark,
so that the later checks hold it to what is published.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from html import escape, unescape

from nbformat import NotebookNode

from vbhc.disclosure.across import Findings, gather, hide_across, most_people
from vbhc.disclosure.masking import masked, numbers_in
from vbhc.disclosure.policies import MARK, Policy
from vbhc.disclosure.said import withheld_text
from vbhc.disclosure.twice import rows_told_twice
from vbhc.findings import marks
from vbhc.findings.table_text import write_csv
from vbhc.report.markdown import ReportError

WHY = "together with another table it would reveal a count of too few people"


def protect(notebooks: Mapping[str, NotebookNode], policy: Policy, people: float | None = None) -> int:
    """Hide (in place) what the findings of all notebooks together would reveal.

    Parameters
    ----------
    people : number, optional
        How many people the study has, so that a count of other things is not taken for everybody.

    Returns
    -------
    int
        How many findings changed.

    Raises
    ------
    ReportError
        If a finding lacks the counts that the check needs (it was made by an older library).
    """
    if not policy.protects:
        return 0
    outputs = [
        (output, finding) for page in notebooks.values() for _, output, finding in marks.marked_outputs(page)
    ]
    counted = [(output, finding) for output, finding in outputs if finding["kind"] != "sentence"]
    found = gather(
        [_structure(output, finding) for output, finding in counted],
        [finding["kind"] == "figure" for _, finding in counted],
    )
    said = {number for _, finding in outputs for text in _texts(finding) for number in numbers_in(text)}
    new = hide_across(found, policy, said, people)
    before = {id(output): marks.sha256(finding) for output, finding in outputs}
    _hide_cells(found, new, counted, policy)
    _hide_told_twice(counted, policy, people)
    tables = {number for number, (_, finding) in enumerate(counted) if finding["kind"] == "table"}
    secret = _secret_numbers(found, new, tables, policy) | _too_close(found, new, said, policy, people)
    _hide_texts(outputs, secret | _left_over(found, secret, new, policy), policy)
    changed = [(o, f) for o, f in outputs if marks.sha256(f) != before[id(o)]]
    for output, finding in changed:
        output["metadata"]["vbhc"].update(marks.mark(finding)["vbhc"])
    return len(changed)


def _structure(output: NotebookNode, finding: dict) -> list[dict]:
    structure = output["metadata"]["vbhc"].get("counts")
    if structure is None:
        raise ReportError(
            f"{finding['notebook']}: run it again; {finding['id']!r} was made by an older library"
        )
    return structure


def _hide_cells(found: Findings, new: list[int], counted: list[tuple], policy: Policy) -> None:
    """Hide newly hidden counts, and what follows them, in tables; withhold figures that show one."""
    for cell in new:
        for place in found.cells[cell].places:
            output, finding = counted[place.finding]
            data = _structure(output, finding)[place.part]
            if data["hidden"][place.row][place.column]:
                continue
            name = data["columns"][place.column]
            if finding["kind"] == "figure" and name in data["base"]:
                start = sum(len(part["values"]) for part in _structure(output, finding)[: place.part])
                _hide_in_data(finding, start + place.row, name)
            elif finding["kind"] == "figure":
                _withhold_figure(output, finding, policy)
            elif finding["kind"] == "table":
                follow = [column for column, bases in data["follows"].items() if name in bases]
                _hide_in_table(finding, place.row, [name, *follow], policy)


def _hide_told_twice(counted: list[tuple], policy: Policy, people: float | None) -> None:
    """Hide (in place) statistics of a group where those of nearly the same group stand elsewhere."""
    structures = [_structure(output, finding) for output, finding in counted]
    drawn = [finding["kind"] == "figure" for _, finding in counted]
    for number, part, row in rows_told_twice(structures, drawn, policy, people):
        output, finding = counted[number]
        if finding["kind"] == "figure":
            _withhold_figure(output, finding, policy)
        elif finding["kind"] == "table":
            _hide_in_table(finding, row, structures[number][part]["statistics"], policy)


def _hide_in_table(finding: dict, row: int, columns: list[str], policy: Policy) -> None:
    names = [column["name"] for column in finding["columns"]]
    for column in columns:
        cells = finding["cells"][row]
        if cells[names.index(column)] != MARK:
            cells[names.index(column)] = MARK
            _log(finding, column)
    finding["csv"] = write_csv(names, finding["cells"])
    note = f"{MARK} withheld. {policy.rule}"
    if note not in finding["notes"]:
        finding["notes"].append(note)


def _hide_in_data(finding: dict, row: int, column: str) -> None:
    """Hide (in place) a count in the data under a figure that rests on it and does not draw it."""
    rows = list(csv.reader(io.StringIO(finding["csv"])))
    rows[row + 1][rows[0].index(column)] = MARK
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    finding["csv"] = out.getvalue()
    _log(finding, column)


def _log(finding: dict, column: str) -> None:
    for entry in finding["withheld"]:
        if entry["column"] == column and entry["why"] == WHY:
            entry["cells"] += 1
            return
    finding["withheld"].append({"column": column, "cells": 1, "why": WHY})


def _withhold_figure(output: NotebookNode, finding: dict, policy: Policy) -> None:
    """Put a sentence in the place of a figure (in place): its drawing cannot be changed any more."""
    text = f"This figure is withheld: {WHY} (policy {policy.name})."
    for gone in ("caption", "alt", "key", "svg_sha256", "csv"):
        finding.pop(gone, None)
    # A sentence of the page may carry the figure's name already.
    finding.update(kind="sentence", id=f"{finding['id']}-withheld", text=text, values={}, withheld=[])
    _log(finding, "figure")
    output["data"].pop("image/svg+xml", None)


def _secret_numbers(found: Findings, new: list[int], tables: set[int], policy: Policy) -> set[float]:
    """Hidden counts that are too large to be withheld in a text for their size alone.

    Those of a figure alone (the bars of a histogram) are left out: texts do not quote them, and among many
    bars some number of a text would be found by chance.
    """
    shown = {cell.value for number, cell in enumerate(found.cells) if not cell.hidden and number not in new}
    hidden = {
        cell.value
        for number, cell in enumerate(found.cells)
        if number in new or (cell.hidden and any(place.finding in tables for place in cell.places))
    }
    return {value for value in hidden - shown if value > policy.hides_up_to}


def _too_close(
    found: Findings, new: list[int], said: set[float], policy: Policy, people: float | None
) -> set[float]:
    """Counts in texts that hold most of the study and lie too close to another one to stand beside it.

    Of two counts that texts alone give the larger stays.
    """
    shown = {cell.value for number, cell in enumerate(found.cells) if not cell.hidden and number not in new}
    most = most_people([0, *said, *(cell.value for cell in found.cells)], people)
    if policy.rounds_to:
        return set()
    close: set[float] = set()
    for number in sorted((one for one in said - shown if one > most / 2), reverse=True):
        if any(policy.hides(abs(number - count)) for count in shown if count != number):
            close.add(number)
        else:
            shown.add(number)
    return close


def _left_over(found: Findings, secret: set[float], new: list[int], policy: Policy) -> set[float]:
    """What secret counts leave of a larger one that is shown: it gives them back."""
    if policy.rounds_to:
        return set()  # what rounded numbers leave is no count
    gone = set(new)
    large = max(secret, default=0) / 2
    shown = {cell.value for number, cell in enumerate(found.cells) if not cell.hidden and number not in gone}
    wholes = [count for count in shown if count > large]
    rests = {whole - one for whole in wholes for one in secret if one > large and whole > one}
    return {rest for rest in rests if rest > policy.hides_up_to} - shown


def _hide_texts(outputs: list[tuple], secret: set[float], policy: Policy) -> None:
    """Withhold (in place) texts that give a hidden count, and what repeats such a text elsewhere."""
    replaced: dict[str, str] = {}

    def tells(text: str) -> bool:
        return not secret.isdisjoint(numbers_in(text))

    def new_text(text: str) -> str:
        return (masked(text, secret) or withheld_text(policy, "This text")) if tells(text) else text

    for output, finding in outputs:
        if finding["kind"] == "figure" and any(tells(text) for text in _drawn(marks.svg_of(output))):
            _mask_drawing(output, finding, secret, policy)
        elif finding["kind"] == "sentence" and tells(finding["text"]):
            replaced[finding["text"]] = new = masked(finding["text"], secret) or withheld_text(policy)
            finding.update(text=new, values={})
            _log(finding, "text")
        elif not secret.isdisjoint(_leaves(finding.get("values"))):
            finding["values"] = {}
            _log(finding, "values")
    for _, finding in outputs:
        _replace_texts(finding, lambda text: replaced.get(text) or new_text(text))


def _mask_drawing(output: NotebookNode, finding: dict, secret: set[float], policy: Policy) -> None:
    """Take secret numbers out of the words in a drawing (in place); withhold it where that cannot be done."""
    svg = marks.svg_of(output)
    for element in re.findall(r"<text\b.*?</text>", svg, re.S):
        said = unescape(re.sub(r"<[^>]+>", "", element))
        new = masked(said, secret) if not secret.isdisjoint(numbers_in(said)) else said
        if new is None or (new != said and escape(said, quote=False) not in element):
            _withhold_figure(output, finding, policy)
            return
        svg = svg.replace(element, element.replace(escape(said, quote=False), escape(new, quote=False)))
    output["data"]["image/svg+xml"] = svg
    finding["svg_sha256"] = marks.text_sha256(svg)
    _log(finding, "words in the drawing")


def _replace_texts(finding: dict, new: Callable[[str], str]) -> None:
    for field in ("caption", "alt", "text"):
        if field in finding and new(finding[field]) != finding[field]:
            finding[field] = new(finding[field])
            _log(finding, field)
    if finding["kind"] == "table":
        finding["notes"] = [new(note) for note in finding["notes"]]
        cells = [[new(cell) for cell in row] for row in finding["cells"]]
        if cells != finding["cells"]:
            finding["cells"] = cells
            finding["csv"] = write_csv([column["name"] for column in finding["columns"]], cells)


def _texts(finding: dict) -> Iterator[str]:
    yield from (finding[field] for field in ("text", "caption", "alt") if field in finding)
    yield from finding.get("notes", ())
    for row in finding.get("cells", ()):
        yield from row


def _drawn(svg: str) -> list[str]:
    return [unescape(re.sub(r"<[^>]+>", "", text)) for text in re.findall(r"<text\b.*?</text>", svg, re.S)]


def _leaves(values) -> Iterator[float]:
    """Every number behind a sentence."""
    if isinstance(values, dict | list):
        for one in values.values() if isinstance(values, dict) else values:
            yield from _leaves(one)
    elif isinstance(values, int | float) and not isinstance(values, bool):
        yield float(values)


def withheld_csv(notebooks: Mapping[str, NotebookNode]) -> str:
    """Return the log of what the report withholds and why, without any value, as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["page", "kind", "id", "column", "cells", "why"])
    for name, page in notebooks.items():
        for _, _, finding in marks.marked_outputs(page):
            for entry in finding["withheld"]:
                writer.writerow(
                    [name, finding["kind"], finding["id"], entry["column"], entry["cells"], entry["why"]]
                )
    return out.getvalue()
