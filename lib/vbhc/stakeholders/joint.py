"""Joint display: what was measured beside what was said, statement by statement, and how the two fit.

The statements stand in `joint_display.csv`, written before the results are known: what a number would have to
be, which codes speak for it and against it, and what would follow from each fit. Numbers, counts, quotations
and the fit are computed (`stakeholders.fit` holds the rule), and the run picks the inference.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import pandas as pd

from vbhc.problems import Problem, StudyError, did_you_mean
from vbhc.stakeholders.fit import FITS, fits_by_group, number_side, raised, share_of_resamples
from vbhc.study import Study
from vbhc.wording import listing, percent, sentence_case

FILE = "joint_display.csv"
INFERENCES = {"confirm": "if_confirm", "expand": "if_expand", "discord": "if_discord"}
FIELDS = ("statement", "measure", "estimate", "above", "finding", "for", "against", *INFERENCES.values())
ESTIMATE = ("estimate", "ci_low", "ci_high")
COLUMNS = ("statement", "numbers", "said", "quotation", "fit", "resamples", "inference")
OPEN = "The numbers do not settle it; what was said stands alone."
SILENT = {
    "nothing": "Neither measured nor asked.",
    "said": "It was not measured; only what was said is known.",
    "measured": "The interviews say nothing of it; only the number is known.",
    "no interval": "No interval is published for the number, so that it takes no side.",
}


def read_rows(study: Study, codes: Iterable[str]) -> list[dict[str, str]]:
    """Return the statements of `joint_display.csv`, checked; none without the file.

    `estimate` is `<notebook>:<table>:<row>` of the number that decides (the row by its labels, such as
    `VQ;Spearman`; the table has `estimate, ci_low, ci_high`), `measure` says in words what it is, and `above`
    is what its interval must lie above. `finding` is `<notebook>:<id>` of a computed sentence that is shown
    too. All four are empty where nothing was measured. `for` and `against` are codes or categories, parted by
    `;`.

    Raises
    ------
    StudyError
        With every column that is missing, code that is unknown and number that is none.
    """
    path, shown = study.folder / FILE, study.shown(FILE)
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    absent = [name for name in FIELDS if name not in (rows[0] if rows else {})]
    if absent:
        raise StudyError([Problem(shown, f"no column {absent[0]!r}", f"columns: {', '.join(FIELDS)}")])
    known, problems = list(codes), []
    for n, row in enumerate(rows, start=2):
        for side in ("for", "against"):
            for code in _split(row[side]):
                if code not in known:
                    problems.append(Problem(shown, f"unknown {code!r}", did_you_mean(code, known), side, n))
        if row["above"].strip() and not _is_number(row["above"]):
            problems.append(Problem(shown, f"{row['above']!r}", "a number", "above", n))
        if row["estimate"].strip() and row["estimate"].count(":") != 2:
            problems.append(Problem(shown, f"{row['estimate']!r}", "<notebook>:<table>:<row>", "estimate", n))
    if problems:
        raise StudyError(problems)
    return rows


def joint_display(
    rows: list[dict[str, str]],
    found: list[dict],
    presence: pd.DataFrame,
    groups: pd.Series,
    quotations: pd.DataFrame,
    labels: Mapping[str, str] | None = None,
    *,
    n_resamples: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Put numbers, themes and quotations side by side, with their fit.

    Parameters
    ----------
    rows : list of dict
        From `read_rows`.
    found : list of dict
        Findings of the other notebooks (`findings.read`), so that what was withheld there stays withheld.
    presence : DataFrame of bool
        Interviewees x codes; must hold every code of the rows (categories count what lies under them).
    groups : Series
        Group by interviewee.
    quotations : DataFrame
        From `quotations.published`: `code` begins with the code's name.

    Returns
    -------
    DataFrame
        `statement, numbers, said, quotation, fit` (of all interviewees, then of each group that differs),
        `resamples` (share of resamples of the interviewees with the same fit, 0-1, NaN if open or silent)
        and `inference`.
    """
    table = []
    for row in rows:
        pro, contra = (raised(presence, _split(row[side])) for side in ("for", "against"))
        number = _published(row, found)
        fits = fits_by_group(pro, contra, groups, number.side)
        whole = fits["fit"].iloc[0]
        decided = whole in INFERENCES
        asked = bool(_split(row["for"]) or _split(row["against"]))
        table.append(
            {
                "statement": row["statement"],
                "numbers": number.text or "not measured here",
                "said": _said(fits, bool(_split(row["against"]))) if asked else "not asked here",
                "quotation": _quoted(row, quotations, labels),
                "fit": _fit(fits),
                "resamples": share_of_resamples(pro, contra, groups, number.side, n_resamples, seed)
                if decided
                else float("nan"),
                "inference": _inference(row, fits, number),
            }
        )
    return pd.DataFrame(table, columns=list(COLUMNS))


class Number(NamedTuple):
    """What was measured: in words, and the side that it takes ("" where no number decides)."""

    text: str
    side: str


def _published(row: dict[str, str], found: list[dict]) -> Number:
    """Return the number that decides, as the published table gives it, and the sentence beside it."""
    said = _sentence(row["finding"], found)
    line = _line(row["estimate"], found)
    if not line:
        return Number(said, "")
    numbers = [_number(line[key]) for key in ESTIMATE]
    limits = f"interval {line['ci_low']} to {line['ci_high']}" if line["ci_low"] else "no interval"
    size = f", n = {line['n']}" if line.get("n") else ""
    text = f"{row['measure']}: {line['estimate'] or 'not computed'} ({limits}{size})"
    text += f", to lie above {row['above'].strip() or '0'}"
    return Number(f"{text}. {said}".strip(), number_side(*numbers, null=_number(row["above"] or "0")))


def _line(place: str, found: list[dict]) -> dict[str, str]:
    """Return the row of a published table with all the labels that a place names; empty if there is none."""
    if not place.strip():
        return {}
    notebook, name, labels = (part.strip() for part in place.split(":"))
    wanted = set(_split(labels))
    for finding in found:
        if (finding["notebook"], finding["kind"], finding["id"]) == (notebook, "table", name):
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
    return float(cell) if _is_number(cell) else float("nan")


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _split(codes: str) -> list[str]:
    return [code.strip() for code in codes.split(";") if code.strip()]


def _sentence(place: str, found: list[dict]) -> str:
    sentences = {f"{f['notebook']}:{f['id']}": f["text"] for f in found if f["kind"] == "sentence"}
    return sentences.get(place.strip(), "")


def _said(fits: pd.DataFrame, both_sides: bool) -> str:
    """Return k of n interviewees per group who raise a code for the statement, and one against it."""
    parts = []
    for row in fits[fits["group"] != "all"].itertuples():
        against = f", against {row.k_against} of {row.n}" if both_sides else ""
        parts.append(f"{row.group}: for {row.k_for} of {row.n}{against}")
    return "; ".join(parts)


def _fit(fits: pd.DataFrame) -> str:
    """Return the fit of all interviewees, and of the groups where they part."""
    whole, groups = fits["fit"].iloc[0], fits.iloc[1:]
    if (groups["fit"] == whole).all():
        return whole
    return f"{whole} ({', '.join(f'{g.group} {g.fit}' for g in groups.itertuples())})"


def _quoted(row: dict[str, str], quotations: pd.DataFrame, labels: Mapping[str, str] | None) -> str:
    """Return one published quotation for the statement and one against it, as far as there are any."""
    told = []
    for side in ("for", "against"):
        codes = _split(row[side])
        own = quotations[quotations["code"].map(lambda name, codes=codes: _is_one(name, codes, labels))]
        if len(own):
            told.append(f"{side}: “{own['said'].iloc[0]}” ({own['id'].iloc[0]})")
    return sentence_case("; ".join(told))


def _is_one(name: str, codes: list[str], labels: Mapping[str, str] | None) -> bool:
    return any(name in (code, (labels or {}).get(code)) or name.startswith(f"{code} ") for code in codes)


def _inference(row: dict[str, str], fits: pd.DataFrame, number: Number) -> str:
    """Return what was declared to follow from the fit, or why nothing does."""
    fit, side = fits["fit"].iloc[0], fits["side"].iloc[0]
    if fit == "open":
        return OPEN
    if fit == "silent":
        if number.text and side:
            return SILENT["no interval"]
        return SILENT["measured" if number.text else "said" if side else "nothing"]
    return row[INFERENCES[fit]].strip() or f"The study declares no inference for {fit!r}."


def joint_sentence(display: pd.DataFrame) -> str:
    """Return how many statements numbers and interviews agree on, and how firm that is."""
    if display.empty:
        return "No statement is set beside the interviews."
    whole = display["fit"].str.split().str[0]
    sizes = {name: int((whole == name).sum()) for name in FITS}
    words = {
        "confirm": "confirmed",
        "discord": "in discord",
        "expand": "expanded",
        "open": "left open by the numbers",
        "silent": "silent on one side",
    }
    parts = [f"{sizes[name]} {words[name]}" for name in FITS if sizes[name]]
    text = f"Of {len(display)} statements that were measured, voiced or both, {listing(parts)}"
    firm = display["resamples"].dropna()
    if len(firm):
        least = display.loc[firm.idxmin(), "statement"]
        text += (
            f"; resampling the interviewees gives the same fit in {percent(firm.min())} to "
            f"{percent(firm.max())} of draws, least for: {least[:1].lower()}{least[1:].rstrip('.')}"
        )
    return f"{text}."
