"""Take counts out of findings that are made already: cells, figures, sentences and every copy of them.

A finding is changed in place; its new mark is its caller's part.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from nbformat import NotebookNode

from vbhc.publish.disclosure.intervals import fewest_open
from vbhc.publish.disclosure.masking import MOST_CLOSED, masked, numbers_in, taken_out
from vbhc.publish.disclosure.policies import MARK, Policy
from vbhc.publish.disclosure.said import withheld_text
from vbhc.publish.disclosure.seen import read_table
from vbhc.publish.findings import marks
from vbhc.publish.findings.table_text import csv_text, write_csv
from vbhc.report.texts import WORDS, drawn_words, leaves

WHY = "together with another table it would reveal a count of too few people"


def hide_in_table(finding: dict, row: int, columns: list[str], policy: Policy) -> None:
    """Hide (in place) cells of a table in what is shown and in its CSV, and say below it why."""
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


def hide_in_data(finding: dict, row: int, column: str) -> None:
    """Hide (in place) a count in the data under a figure that rests on it and does not draw it."""
    rows = read_table(finding["csv"])
    rows[row + 1][rows[0].index(column)] = MARK
    finding["csv"] = csv_text(rows)
    _log(finding, column)


def hide_in_words(
    output: NotebookNode, finding: dict, number: float, known: set[float], policy: Policy
) -> None:
    """Take a count on which a figure rests out of its words (in place): in the drawing, alt text, caption."""
    _mask_drawing(output, finding, {number}, known, policy)
    for field in WORDS:
        if field in finding:
            finding[field] = taken_out(finding[field], number, known) or withheld_text(policy, "This text")


def _log(finding: dict, column: str) -> None:
    for entry in finding["withheld"]:
        if entry["column"] == column and entry["why"] == WHY:
            entry["cells"] += 1
            return
    finding["withheld"].append({"column": column, "cells": 1, "why": WHY})


def withhold_figure(output: NotebookNode, finding: dict, policy: Policy) -> None:
    """Put a sentence in the place of a figure (in place): its drawing cannot be changed any more."""
    text = f"This figure is withheld: {WHY} (policy {policy.name})."
    for gone in ("title", "caption", "alt", "key", "svg_sha256", "csv"):
        finding.pop(gone, None)
    # A sentence of the page may carry the figure's name already.
    finding.update(kind="sentence", id=f"{finding['id']}-withheld", text=text, values={}, withheld=[])
    _log(finding, "figure")
    for drawing in marks.drawings_of(output):
        output["data"].pop(drawing)


def hide_texts(outputs: list[tuple], secret: set[float], known: set[float], policy: Policy) -> None:
    """Withhold (in place) texts that give a hidden count, and what repeats such a text elsewhere.

    Parameters
    ----------
    known : set of numbers
        Counts that stand in the report: with one of them a percentage may give a hidden one.
    """
    replaced: dict[str, str] = {}

    def tells(text: str) -> bool:
        return not secret.isdisjoint(numbers_in(text))

    def new_text(text: str) -> str:
        return (masked(text, secret, known) or withheld_text(policy, "This text")) if tells(text) else text

    for output, finding in outputs:
        drawings = marks.drawings_of(output).values() if finding["kind"] == "figure" else ()
        if any(tells(said) for svg in drawings for _, said in drawn_words(svg)):
            _mask_drawing(output, finding, secret, known, policy)
        elif finding["kind"] == "sentence" and tells(finding["text"]):
            less = output["metadata"]["vbhc"].get("less", ())
            replaced[finding["text"]] = new = _said_with_less(finding["text"], less, secret, known, policy)
            finding.update(text=new, values={})
            _log(finding, "text")
        elif not secret.isdisjoint(leaves(finding.get("values"))):
            finding["values"] = {}
            _log(finding, "values")
    for _, finding in outputs:
        _replace_texts(finding, lambda text: replaced.get(text) or new_text(text))


def _said_with_less(
    text: str, less: Sequence[str], secret: set[float], known: set[float], policy: Policy
) -> str:
    """Return a sentence without secret numbers: with a mark for each, else in fewer words, else a notice.

    Without n a correlation and its range may still leave so few numbers of people open that they tell it.
    """
    forms = [masked(text, secret, known)]
    forms += [masked(one, secret, known) for one in less if fewest_open(one) >= MOST_CLOSED]
    return next(filter(None, forms), withheld_text(policy))


def _mask_drawing(
    output: NotebookNode, finding: dict, secret: set[float], known: set[float], policy: Policy
) -> None:
    """Take secret numbers out of the words in a drawing (in place); withhold it where that cannot be done."""
    before = marks.drawings_of(output)
    masks = {kind: _masked_svg(svg, secret, known) for kind, svg in before.items()}
    if None in masks.values():
        withhold_figure(output, finding, policy)
    elif masks != before:
        output["data"].update(masks)
        finding["svg_sha256"] = marks.drawings_sha256(output)
        _log(finding, "words in the drawing")


def _masked_svg(svg: str, secret: set[float], known: set[float]) -> str | None:
    """Return a drawing without secret numbers in its words; None where one cannot be taken out."""
    for element, said in drawn_words(svg):
        new = masked(said, secret, known) if not secret.isdisjoint(numbers_in(said)) else said
        if new is None or (new != said and escape(said, quote=False) not in element):
            return None
        svg = svg.replace(element, element.replace(escape(said, quote=False), escape(new, quote=False)))
    return svg


def _replace_texts(finding: dict, new: Callable[[str], str]) -> None:
    for field in WORDS:
        if field in finding and new(finding[field]) != finding[field]:
            finding[field] = new(finding[field])
            _log(finding, field)
    if finding["kind"] == "table":
        finding["columns"] = [{**column, "label": new(column["label"])} for column in finding["columns"]]
        finding["notes"] = [new(note) for note in finding["notes"]]
        cells = [[new(cell) for cell in row] for row in finding["cells"]]
        if cells != finding["cells"]:
            finding["cells"] = cells
            finding["csv"] = write_csv([column["name"] for column in finding["columns"]], cells)
