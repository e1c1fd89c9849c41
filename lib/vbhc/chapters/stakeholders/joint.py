"""Joint display: what was measured beside what was said, statement by statement, and how the two fit.

The statements stand in `joint_display.csv`, written before the results are known: what a number would have to
be, which codes speak for it and against it, and what would follow from each fit. Numbers, counts and the fit
are computed, by a rule that is fixed before either is seen, and the run picks the inference.

A statement says something that a number can bear out and that interviewees can side with. The number bears it
out where its whole interval lies above a declared value, speaks against it where the interval lies below, and
is open otherwise. Interviewees side with it where at least half of them raise a code for it and fewer than
half raise one against it. From the two sides the fit follows:

- confirm: number and interviewees are on the same side;
- discord: they are on opposite sides;
- expand: the number takes a side, and the interviewees raise the matter without taking one: divided (half or
  more on both sides), or too few on either;
- open: the interval holds the declared value, so that the number takes no side;
- silent: nothing was measured, nobody was asked, or nobody raised it.

The words are those of Guetterman, Fetters and Creswell 2015 (Ann Fam Med 13:554-61), who give no rule.
"""

import csv
import io
import re

import numpy as np
import pandas as pd

from vbhc import shipped
from vbhc.chapters.stakeholders.heard import raised_by_group
from vbhc.chapters.stakeholders.sentences import say
from vbhc.study.declared.joint_display import INFERENCES, split
from vbhc.study.dictionary import is_number
from vbhc.wording import listing, number, percents

COLUMNS = ("statement", "numbers", "said", "fit", "resamples", "inference")
ESTIMATE = ("estimate", "low", "high")
# Where people are protected a test of smallness says on which side of its margin a tie lies, and no interval.
VERDICTS = {"it is": "against", "it is not": "for", "it is not, but goes the other way": "against"}
_WORDS = shipped.tree(__file__, "joint.yml")
FITS, OPEN, SILENT = (_WORDS[name] for name in ("fits", "open", "silent"))
HALF = 0.5  # share of interviewees from which a group takes a side


def joint_display(
    rows: list[dict],
    found: list[dict],
    presence: pd.DataFrame,
    groups: pd.Series,
    n_resamples: int,
    seed: int,
) -> pd.DataFrame:
    """Put numbers and themes side by side, with their fit.

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

    Returns
    -------
    DataFrame
        `statement, numbers, said, fit` (of all interviewees, then of each group that differs),
        `resamples` (share of resamples of the interviewees with the same fit, 0-1, NaN if open or silent)
        and `inference`.
    """
    lines = [_beside(row, found, presence, groups, n_resamples, seed) for row in rows]
    return pd.DataFrame(lines, columns=list(COLUMNS))


def _beside(row, found, presence, groups, n_resamples: int, seed: int) -> tuple:
    """Return one statement's line of the joint display."""
    pro, contra = (raised(presence, split(row[side])) for side in ("for", "against"))
    measured, side = published_number(row, found)
    fits = fits_by_group(pro, contra, groups, side)
    share, said = float("nan"), "not asked here"
    if fits["fit"].iloc[0] in INFERENCES:
        share = share_of_resamples(pro, contra, groups, side, n_resamples, seed)
    if split(row["for"]) or split(row["against"]):
        said = _said(fits, bool(split(row["against"])))
    inference = _inference(row, fits, measured)
    return row["statement"], measured or "not measured here", said, _fit(fits), share, inference


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


def _inference(row: dict[str, str], fits: pd.DataFrame, measured: str) -> str:
    """Return what was declared to follow from the fit, or why nothing does."""
    found, side = fits["fit"].iloc[0], fits["side"].iloc[0]
    if found == "open":
        return OPEN
    if found == "silent":
        if measured and side:
            return SILENT["no interval"]
        return SILENT["measured" if measured else "said" if side else "nothing"]
    return row[INFERENCES[found]].strip() or f"The study declares no inference for {found!r}."


def joint_sentence(display: pd.DataFrame) -> str:
    """Return how many statements numbers and interviews agree on, and how firm that is."""
    if display.empty:
        return "No statement is set beside the interviews."
    whole = display["fit"].str.split().str[0]
    sizes = {name: int((whole == name).sum()) for name in FITS}
    parts = [f"{sizes[name]} {words}" for name, words in FITS.items() if sizes[name]]
    text = f"Of {len(display)} statements that were measured, voiced or both, {listing(parts)}"
    firm = display["resamples"].dropna()
    if len(firm):
        least = display.loc[firm.idxmin(), "statement"]
        text += say("joint-firm", same=percents(firm))
        text += f", least for: {least[:1].lower()}{least[1:].rstrip('.')}" * bool(firm.min() < firm.max())
    return f"{text}."


def number_side(estimate: float, low: float, high: float, null: float = 0.0) -> str:
    """Return the side of a number: "for", "against", "open", or "" where there is none (no interval)."""
    if np.isnan([estimate, low, high]).any():
        return ""
    return "for" if low > null else "against" if high < null else "open"


def words_side(k_for: int, k_against: int, n: int) -> str:
    """Return the side of n interviewees: "for", "against", "divided", "few", or "" where none raise it.

    Raising a code for the statement is not the opposite of raising one against it: one person may do both.
    """
    pro, contra = (k >= HALF * n for k in (k_for, k_against))
    if not k_for and not k_against:
        return ""
    if pro == contra:
        return "divided" if pro else "few"
    return "for" if pro else "against"


def fit_of(number: str, words: str) -> str:
    """Return how the side of a number and that of interviewees fit, by the rule of this module."""
    if not number or not words:
        return "silent"
    if number == "open":
        return "open"
    if words in ("divided", "few"):
        return "expand"
    return "confirm" if number == words else "discord"


def raised(presence: pd.DataFrame, codes: list[str]) -> pd.Series:
    """Return who raises at least one of the codes; nobody where there is no code."""
    return presence[codes].any(axis=1) if codes else pd.Series(False, index=presence.index)


def fits_by_group(pro: pd.Series, contra: pd.Series, groups: pd.Series, number: str) -> pd.DataFrame:
    """Return `group, k_for, k_against, n, side, fit` for all interviewees ("all") and each group."""
    rows = []
    sides = (raised_by_group(raised, groups, everybody=True) for raised in (pro, contra))
    for (name, k_for, n), (_, k_against, _) in zip(*sides, strict=True):
        side = words_side(k_for, k_against, n)
        rows.append((name, k_for, k_against, n, side, fit_of(number, side)))
    return pd.DataFrame(rows, columns=["group", "k_for", "k_against", "n", "side", "fit"])


def share_of_resamples(
    pro: pd.Series, contra: pd.Series, groups: pd.Series, number: str, n_resamples: int = 1000, seed: int = 0
) -> float:
    """Return the share of resamples of the interviewees, within their groups, that give the same fit.

    Of all interviewees together; those without a group are resampled among themselves. The side of the number
    is kept: that it might have come out otherwise is what "open" stands for.
    """
    labels = groups.reindex(pro.index).astype("object").fillna("")
    rng = np.random.default_rng(seed)
    both = np.column_stack([pro, contra]).astype(int)
    counts = np.zeros((n_resamples, 2), dtype=int)
    for name in dict.fromkeys(labels):
        own = np.flatnonzero(labels == name)
        counts += both[rng.choice(own, (n_resamples, len(own)))].sum(axis=1)
    n = len(pro)
    found = fit_of(number, words_side(int(pro.sum()), int(contra.sum()), n))
    return float(np.mean([fit_of(number, words_side(a, b, n)) == found for a, b in counts]))


def published_number(row: dict[str, str], found: list[dict]) -> tuple[str, str]:
    """Return the number that decides, as a table or the data of a figure give it, and the sentence beside.

    In words; and the side that it takes, "" where no number decides.
    """
    said, line = _sentence(row["finding"], found), line_at(row["estimate"], found)
    if not line:
        lacks = f"{row['measure']}: no number is published. " * bool(row["estimate"].strip())
        return f"{lacks}{said}".strip(), ""
    estimate, low, high = (_number(line.get(key, "")) for key in ESTIMATE)
    null, judged = _number(row["above"] or "0"), line.get("verdict", "")
    limits = f"interval {number(low)} to {number(high)}" if line.get("low") else "no interval"
    limits = f"is it poor? {judged}" if judged else limits
    size = f", n = {line['n']}" if line.get("n") else ""
    text = f"{row['measure']}: {number(estimate) if line['estimate'] else 'not computed'} ({limits}{size})"
    text += f", to lie above {row['above'].strip() or '0'}"
    side = number_side(estimate, low, high, null)
    if judged and _number(line["margin"]) == null:
        side = VERDICTS.get(judged, "open")
    return f"{text}. {said}".strip(), side


def line_at(place: str, found: list[dict]) -> dict[str, str]:
    """Return the row of a published table or figure with all the labels of a place; empty without.

    A cell is a label, or goes on after it: "Spearman's ρ (...)" after "Spearman".
    """
    if not place.strip():
        return {}
    notebook, name, labels = (part.strip() for part in place.split(":"))
    wanted = split(labels)
    for finding in found:
        if (finding["notebook"], finding["id"]) == (notebook, name) and "csv" in finding:
            cells = csv.DictReader(io.StringIO(finding["csv"]))
            lines = [line for line in cells if {*ESTIMATE} <= {*line} or {"estimate", "verdict"} <= {*line}]
            exact = [line for line in lines if set(wanted) <= set(line.values())]
            begun = [line for line in lines if all(_begins(line, label) for label in wanted)]
            return next(iter(exact or begun), {})
    return {}


def _begins(line: dict[str, str], label: str) -> bool:
    return any(re.match(rf"{re.escape(label)}(?!\w)", cell or "") for cell in line.values())


def _number(cell: str) -> float:
    return float(cell) if is_number(cell) else float("nan")


def _sentence(place: str, found: list[dict]) -> str:
    sentences = {f"{f['notebook']}:{f['id']}": f["text"] for f in found if f["kind"] == "sentence"}
    return sentences.get(place.strip(), "")
