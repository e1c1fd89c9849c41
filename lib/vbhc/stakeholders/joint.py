"""Joint display: what was measured beside what was said, row by row, and how the two fit.

The rows stand in `joint_display.csv`; their numbers, counts and quotations are computed. Fit and inference
are the analyst's judgement and are typed; a row without number or code is "silent", whatever was typed.
Reference: Guetterman, Fetters and Creswell 2015, Ann Fam Med 13:554-61.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping

import pandas as pd

from vbhc.problems import Problem, StudyError, did_you_mean
from vbhc.study import Study

FILE = "joint_display.csv"
FIELDS = ("construct", "finding", "codes", "fit", "inference")
FITS = ("confirm", "expand", "discord", "silent")
COLUMNS = ("construct", "numbers", "said", "quotation", "fit", "inference")


def read_rows(study: Study, codes: Iterable[str]) -> list[dict[str, str]]:
    """Return the rows of `joint_display.csv`, checked; none without the file.

    `finding` is `<notebook>:<id>` of a computed sentence (empty: nothing was measured), `codes` are codes or
    categories of the interviews, separated by `;` (empty: nobody was asked).
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
        if row["fit"] not in FITS:
            problems.append(Problem(shown, f"{row['fit']!r}", did_you_mean(row["fit"], FITS), "fit", n))
        for code in _split(row["codes"]):
            if code not in known:
                problems.append(Problem(shown, f"unknown {code!r}", did_you_mean(code, known), "codes", n))
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
) -> pd.DataFrame:
    """Put numbers, themes and quotations side by side.

    Parameters
    ----------
    rows : list of dict
        From `read_rows`.
    found : list of dict
        Findings of the other notebooks (`findings.read`).
    presence : DataFrame of bool
        Interviewees x codes; must hold every code of the rows (categories count what lies under them).
    groups : Series
        Group by interviewee.
    quotations : DataFrame
        From `quotations.published`: `code` begins with the code's name.

    Returns
    -------
    DataFrame
        `construct, numbers, said, quotation, fit, inference`, texts only.
    """
    sentences = {f"{f['notebook']}:{f['id']}": f["text"] for f in found if f["kind"] == "sentence"}
    table = []
    for row in rows:
        codes = _split(row["codes"])
        numbers = sentences.get(row["finding"], "")
        quoted = quotations[quotations["code"].map(lambda name, codes=codes: _is_one(name, codes, labels))]
        quotation = f"“{quoted['said'].iloc[0]}” ({quoted['id'].iloc[0]})" if len(quoted) else ""
        silent = not numbers or not codes
        table.append(
            {
                "construct": row["construct"],
                "numbers": numbers or "not measured here",
                "said": _said(codes, presence, groups) or "not asked here",
                "quotation": quotation,
                "fit": "silent" if silent else row["fit"],
                "inference": row["inference"],
            }
        )
    return pd.DataFrame(table, columns=list(COLUMNS))


def _split(codes: str) -> list[str]:
    return [code.strip() for code in codes.split(";") if code.strip()]


def _is_one(name: str, codes: list[str], labels: Mapping[str, str] | None) -> bool:
    return any(name in (code, (labels or {}).get(code)) or name.startswith(f"{code} ") for code in codes)


def _said(codes: list[str], presence: pd.DataFrame, groups: pd.Series) -> str:
    """Return k of n interviewees per group who raise one of the codes."""
    if not codes:
        return ""
    raised, named = presence[codes].any(axis=1), groups.reindex(presence.index)
    parts = [
        f"{int(raised[named == name].sum())} of {int((named == name).sum())} {name} interviewees"
        for name in dict.fromkeys(named.dropna())
    ]
    return ", ".join(parts)
