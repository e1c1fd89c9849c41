"""The number that a statement of a joint display names, as a published table or figure gives it."""

import csv
import io
import re
from typing import NamedTuple

from vbhc.chapters.stakeholders.fit import number_side
from vbhc.study.declared.joint_display import split
from vbhc.study.dictionary import is_number
from vbhc.wording import number

ESTIMATE = ("estimate", "low", "high")


class Number(NamedTuple):
    """What was measured: in words, and the side that it takes ("" where no number decides)."""

    text: str
    side: str


def published_number(row: dict[str, str], found: list[dict]) -> Number:
    """Return the number that decides, as a table or the data of a figure give it, and the sentence beside."""
    said = _sentence(row["finding"], found)
    line = _line(row["estimate"], found)
    if not line:
        return Number(said, "")
    estimate, low, high = (_number(line[key]) for key in ESTIMATE)
    shown = {key: number(value) for key, value in zip(ESTIMATE, (estimate, low, high), strict=True)}
    limits = f"interval {shown['low']} to {shown['high']}" if line["low"] else "no interval"
    size = f", n = {line['n']}" if line.get("n") else ""
    text = f"{row['measure']}: {shown['estimate'] if line['estimate'] else 'not computed'} ({limits}{size})"
    text += f", to lie above {row['above'].strip() or '0'}"
    side = number_side(estimate, low, high, _number(row["above"] or "0"))
    return Number(f"{text}. {said}".strip(), side)


def _line(place: str, found: list[dict]) -> dict[str, str]:
    """Return the row of a published table or figure with all the labels of a place; empty without."""
    if not place.strip():
        return {}
    notebook, name, labels = (part.strip() for part in place.split(":"))
    wanted = set(split(labels))
    for finding in found:
        if (finding["notebook"], finding["id"]) == (notebook, name) and "csv" in finding:
            lines = list(csv.DictReader(io.StringIO(finding["csv"])))
            lines = [line for line in lines if set(ESTIMATE) <= set(line)]
            exact = [line for line in lines if wanted <= set(line.values())]
            begun = [line for line in lines if all(_begins(line, label) for label in wanted)]
            return next(iter(exact or begun), {})
    return {}


def _begins(line: dict[str, str], label: str) -> bool:
    """Whether a cell is a label or goes on after it: "Spearman's ρ (...)" after "Spearman"."""
    return any(re.match(rf"{re.escape(label)}(?!\w)", cell or "") for cell in line.values())


def _number(cell: str) -> float:
    return float(cell) if is_number(cell) else float("nan")


def _sentence(place: str, found: list[dict]) -> str:
    sentences = {f"{f['notebook']}:{f['id']}": f["text"] for f in found if f["kind"] == "sentence"}
    return sentences.get(place.strip(), "")
