"""Joint display: what was measured beside what was said, statement by statement, and how the two fit.

The statements stand in `joint_display.csv`, written before the results are known: what a number would have to
be, which codes speak for it and against it, and what would follow from each fit. Numbers, counts, quotations
and the fit are computed (`stakeholders.fit` holds the rule), and the run picks the inference.
"""

from collections.abc import Mapping

import pandas as pd

from vbhc.chapters.stakeholders.fit import FITS, fits_by_group, raised, share_of_resamples
from vbhc.chapters.stakeholders.joint_numbers import Number, published_number
from vbhc.study.declared.joint_display import INFERENCES, split
from vbhc.wording import listing, percent, sentence_case

COLUMNS = ("statement", "numbers", "said", "quotation", "fit", "resamples", "inference")
OPEN = "The numbers do not settle it; what was said stands alone."
SILENT = {
    "nothing": "Neither measured nor asked.",
    "said": "It was not measured; only what was said is known.",
    "measured": "The interviews say nothing of it; only the number is known.",
    "no interval": "No interval is published for the number, so that it takes no side.",
}


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
    return pd.DataFrame(
        [_beside(row, found, presence, groups, quotations, labels or {}, n_resamples, seed) for row in rows],
        columns=list(COLUMNS),
    )


def _beside(row, found, presence, groups, quotations, labels, n_resamples: int, seed: int) -> tuple:
    """Return one statement's line of the joint display."""
    pro, contra = (raised(presence, split(row[side])) for side in ("for", "against"))
    number = published_number(row, found)
    fits = fits_by_group(pro, contra, groups, number.side)
    share, said = float("nan"), "not asked here"
    if fits["fit"].iloc[0] in INFERENCES:
        share = share_of_resamples(pro, contra, groups, number.side, n_resamples, seed)
    if split(row["for"]) or split(row["against"]):
        said = _said(fits, bool(split(row["against"])))
    quotation, inference = _quoted(row, quotations, labels), _inference(row, fits, number)
    measured = number.text or "not measured here"
    return row["statement"], measured, said, quotation, _fit(fits), share, inference


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


def _quoted(row: dict[str, str], quotations: pd.DataFrame, labels: Mapping[str, str]) -> str:
    """Return one published quotation for the statement and one against it, as far as there are any."""
    told = []
    for side in ("for", "against"):
        codes = split(row[side])
        own = quotations[quotations["code"].map(lambda name, codes=codes: _is_one(name, codes, labels))]
        if len(own):
            told.append(f"{side}: “{own['said'].iloc[0]}” ({own['id'].iloc[0]})")
    return sentence_case("; ".join(told))


def _is_one(name: str, codes: list[str], labels: Mapping[str, str]) -> bool:
    return any(name in (code, labels.get(code)) or name.startswith(f"{code} ") for code in codes)


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
    parts = [f"{sizes[name]} {words}" for name, words in FITS.items() if sizes[name]]
    text = f"Of {len(display)} statements that were measured, voiced or both, {listing(parts)}"
    firm = display["resamples"].dropna()
    if len(firm):
        least = display.loc[firm.idxmin(), "statement"]
        text += (
            f"; resampling the interviewees gives the same fit in {percent(firm.min())} to "
            f"{percent(firm.max())} of draws, least for: {least[:1].lower()}{least[1:].rstrip('.')}"
        )
    return f"{text}."
