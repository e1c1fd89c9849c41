"""Take counts out of findings that are made already: cells, figures, sentences and every copy of them.

A finding is changed in place; its new mark is its caller's part.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple

from nbformat import NotebookNode

from vbhc.publish.disclosure.counting import numbers_in, whole
from vbhc.publish.disclosure.outside import read_table
from vbhc.publish.disclosure.policies import FEW, MARK, NEAR, Policy
from vbhc.publish.disclosure.rows import Place
from vbhc.publish.disclosure.said import masked, taken_out, withheld_text
from vbhc.publish.findings import marks
from vbhc.publish.findings.table_text import MISSING, csv_text, write_csv
from vbhc.report.texts import WORDS

# Marks in a sentence that stand for no word of it: "~20 of * (*%, *% to *%)" is "~20"; "n = *" is nothing,
# and so is "* of * answered."
STARRED = re.compile(
    r"(?<=\d) of \*(?= )| \(\*%(?:, \*% to \*%)?\)|, \*%|, n = \*(?=\))|(?<!\S)\* of \* \w+\. ?"
)
# Of how many people a number is, in brackets, and how sure it is, which tells of them: words beside it stay.
OF_SO_MANY = re.compile(
    r", n = ([\d,]+)(?=\))|(?<=\. )([\d,]+) of [\d,]+ \w+\. ?|(?<=Counted: )(?P<counted>[\d,]+)(?= )"
)
OF_N = re.compile(r"( \([^()\d]*), n = [\d,]+(?=\))| \([^()]*\bn = [\d,]+\)")
WHY = "together with another table it would reveal a count of too few people"


def hide_in_table(finding: dict, row: int, given: Mapping[str, str], policy: Policy) -> None:
    """Put what is given instead in the cells of a table (in place), and say below it why.

    Its CSV follows with its texts (`hide_texts`).
    """
    names, cells = [column["name"] for column in finding["columns"]], finding["cells"][row]
    for column, text in given.items():
        place = names.index(column)
        if cells[place] not in (MARK, text):  # a mark was logged at the door already
            _log(finding, column)
        cells[place] = text
    near = f"{NEAR} to the nearest {policy.step}, since the exact count would tell of a few beside another."
    rounded = any(text.startswith(NEAR) for text in given.values())
    note = near if rounded else f"{MARK} withheld. {policy.rule}"
    if note not in finding["notes"]:
        finding["notes"].append(note)


def hide_in_data(finding: dict, place: Place, given: str) -> None:
    """Hide (in place) a count in the data under a figure that rests on it and does not draw it."""
    rows = read_table(finding["csv"])
    rows[place.row + 1][rows[0].index(place.column)] = given
    finding["csv"] = csv_text(rows)
    _log(finding, place.column)


class Mask(NamedTuple):
    """What texts may not give, which numbers are known, under which policy, and of how many people."""

    secret: set[float]
    known: set[float]
    policy: Policy
    people: float | None
    within: Mapping[float, float] = {}  # of which number each is a part that everybody knows

    def tells(self, text: str) -> bool:
        """Whether a text gives a secret number."""
        return not self.secret.isdisjoint(numbers_in(text))

    def given(self, number: float) -> str:
        """Return what stands in the place of a number."""
        return self.policy.given(number, self.within.get(number, self.people))

    def of(self, text: str) -> str | None:
        """Return a text without secret numbers; None where they could not be kept out."""
        shown = masked(text, self.secret, self.known, self.given)
        shown = shown and STARRED.sub("", shown)
        few = (self.people or FEW) < FEW  # "~60" of some and of a few more leave little of either
        return re.sub(r", n = ~\d+(?=\))", "", shown) if shown and few else shown

    def text(self, text: str) -> str:
        """Return a text without secret numbers, or what stands in its place."""
        return text and _said_with_less([[text]], self, "This text")


def hide_in_words(output: NotebookNode, finding: dict, number: float, mask: Mask) -> None:
    """Take a count on which a figure rests out of its words (in place): in the drawing, alt text, caption."""
    _mask_drawing(output, finding, mask._replace(secret={number}))
    for field in WORDS:
        if finding.get(field):
            shown = taken_out(finding[field], number, mask.known, mask.given)
            finding[field] = shown or withheld_text(mask.policy, "This text")


def _log(finding: dict, column: str) -> None:
    same = (one for one in finding["withheld"] if (one["column"], one["why"]) == (column, WHY))
    if entry := next(same, None):
        entry["cells"] += 1
    else:
        finding["withheld"].append({"column": column, "cells": 1, "why": WHY})


def withhold_figure(output: NotebookNode, finding: dict, policy: Policy) -> None:
    """Put a sentence in the place of a figure (in place): its drawing cannot be changed any more."""
    named = finding["id"].replace("-", " ")
    withhold_whole(output, finding, f"This figure ({named}) is withheld: {WHY} (policy {policy.name}).")
    _log(finding, "figure")


def withhold_whole(output: NotebookNode, finding: dict, text: str) -> None:
    """Put a sentence in the place of a figure or a table (in place)."""
    for gone in ("title", "caption", "alt", "key", "svg_sha256", "csv", "columns", "cells", "notes", "by"):
        finding.pop(gone, None)
    # A sentence of the page may carry the name already.
    finding.update(kind="sentence", id=f"{finding['id']}-withheld", text=text, values={}, withheld=[])
    for drawing in marks.drawings_of(output):
        output["data"].pop(drawing)


def leave_out_stars(output: NotebookNode, finding: dict, policy: Policy) -> None:
    """Leave columns out (in place) that show nothing but stars, and such rows where most of them do.

    A table that has no number left goes.
    """
    cells, columns = finding["cells"], finding["columns"]
    kept, told = _columns_left(columns, cells, finding.get("by"))
    if len(kept) < len(columns) and not any(columns[place]["align"] == "right" for place in told):
        withhold_whole(output, finding, f"{finding['caption']}: this table is withheld. {policy.rule}")
        _log(finding, "table")
        return
    saying = [row for row in cells if MARK not in row or {row[place] for place in told} - {MARK, MISSING}]
    few = len(saying) < len(cells) / 2  # one such row still says what was asked
    gone = [column["label"] for place, column in enumerate(columns) if place not in kept]
    finding["columns"] = [columns[place] for place in kept]
    finding["cells"] = [[row[place] for place in kept] for row in (saying if few else cells)]
    _say_what_is_left_out(finding, gone, few, policy)
    _write_again(finding)


def _columns_left(columns: Sequence[Mapping], cells: Sequence, by: str | None) -> tuple[list[int], list[int]]:
    """Return which columns show more than stars, and which of these say more than a name or one number."""
    texts = [{row[place] for row in cells} for place in range(len(columns))]
    kept = [place for place, met in enumerate(texts) if met - {MARK, MISSING} or MARK not in met]
    own = [place for place in kept if columns[place]["name"] != by]
    same = [place for place in own if len(cells) > 2 and len(texts[place]) == 1]  # of whom all rows are
    return kept, [place for place in own[1:] if place not in same and texts[place] - {MARK, MISSING}]


def _say_what_is_left_out(finding: dict, gone: Sequence[str], few: bool, policy: Policy) -> None:
    """Say (in place) below a table what it lacks, and what a star is only where one is left."""
    starred = any(MARK in cell for row in finding["cells"] for cell in row)
    told = f"Withheld in every row: {', '.join(gone)}." + f" {policy.rule}" * (not starred)
    kept = [note for note in finding["notes"] if starred or not note.startswith(MARK)]
    finding["notes"] = [*kept, *["Rows with nothing but * are left out."] * few, *[told] * bool(gone)]


def _write_again(finding: dict) -> None:
    finding["csv"] = write_csv([column["name"] for column in finding["columns"]], finding["cells"])


def hide_texts(outputs: list[tuple], mask: Mask) -> None:
    """Withhold (in place) texts that give a hidden count, and what repeats such a text elsewhere."""
    replaced: dict[str, str] = {}
    for output, finding in outputs:
        if finding["kind"] == "figure":
            _mask_drawing(output, finding, mask)
        elif finding["kind"] == "sentence" and mask.tells(finding["text"]):
            whole = [[part] for part in re.split(r"(?<=[.?!])\s+(?=[A-Z])", finding["text"])]
            parts = output["metadata"]["vbhc"].get("less", whole)
            replaced[finding["text"]] = new = _said_with_less(parts, mask)
            finding.update(text=new, values={})
            _log(finding, "text")
    for _, finding in outputs:
        _replace_texts(finding, lambda text: replaced.get(text) or mask.text(text))


def leave_out_n(outputs: list[tuple], numbers: Collection[float]) -> None:
    """Take out of texts (in place) of how many people something is, where that is one of some numbers."""

    def less(found: re.Match) -> str:
        if whole(next(filter(None, found.groups()))) not in numbers:
            return found[0]
        return MARK if found["counted"] else ""

    for _, finding in outputs:
        _replace_texts(finding, lambda text: OF_SO_MANY.sub(less, text))


def _said_with_less(parts: Sequence[Sequence[str]], mask: Mask, what: str = "This sentence") -> str:
    """Return a sentence without secret numbers: each part with a mark for them, or in fewer words."""
    kept = [next(filter(None, map(mask.of, [*forms, OF_N.sub(r"\1", forms[-1])])), None) for forms in parts]
    text = " ".join(filter(None, kept))
    return text if text and not mask.tells(text) else withheld_text(mask.policy, what)


def _mask_drawing(output: NotebookNode, finding: dict, mask: Mask) -> None:
    """Take secret numbers out of the words in a drawing (in place); withhold it where that cannot be done."""
    before = marks.drawings_of(output)
    masks = {kind: _masked_svg(svg, mask) for kind, svg in before.items()}
    if None in masks.values():
        withhold_figure(output, finding, mask.policy)
    elif masks != before:
        output["data"].update(masks)
        finding["svg_sha256"] = marks.drawings_sha256(output)
        _log(finding, "words in the drawing")


def _masked_svg(svg: str, mask: Mask) -> str | None:
    """Return a drawing without secret numbers in its words; None where one cannot be taken out."""
    words = {said: mask.of(said) for said in marks.words_in(svg)}
    return None if None in words.values() else marks.with_words(svg, lambda said: words[said] or "")


def _replace_texts(finding: dict, new: Callable[[str], str]) -> None:
    for field in WORDS:
        if field in finding and new(finding[field]) != finding[field]:
            finding[field] = new(finding[field])
            _log(finding, field)
    if finding["kind"] == "table":
        finding["columns"] = [{**column, "label": new(column["label"])} for column in finding["columns"]]
        finding["notes"] = [new(note) for note in finding["notes"]]
        finding["cells"] = [[new(cell) for cell in row] for row in finding["cells"]]
        _write_again(finding)
