"""How what was measured and what was said fit together, by a rule that is fixed before either is seen.

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

import numpy as np
import pandas as pd

FITS = {"confirm": "confirmed", "expand": "expanded", "discord": "in discord"}
FITS |= {"open": "left open by the numbers", "silent": "silent on one side"}
HALF = 0.5  # share of interviewees from which a group takes a side


def number_side(estimate: float, low: float, high: float, null: float = 0.0) -> str:
    """Return the side of a number: "for", "against", "open", or "" where there is none (no interval)."""
    if any(value is None or np.isnan(value) for value in (estimate, low, high)):
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
    labels = groups.reindex(pro.index)
    rows = []
    for name in ("all", *dict.fromkeys(labels.dropna())):
        own = labels.index if name == "all" else labels.index[labels == name]
        k_for, k_against = int(pro[own].sum()), int(contra[own].sum())
        side = words_side(k_for, k_against, len(own))
        rows.append((name, k_for, k_against, len(own), side, fit_of(number, side)))
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
