"""Answers of the exercises as sentences, so that everybody can check theirs."""

from __future__ import annotations

import pandas as pd

from vbhc import wording


def rules_answer(rules: pd.DataFrame) -> str:
    """Say which rule set aside most rows, from `read_rows.rules_broken` (`source, reason, set_aside`)."""
    if rules.empty or not rules["set_aside"].max() > 0:
        return "No rule set aside a row."
    most = rules[rules["set_aside"] == rules["set_aside"].max()]
    named = wording.listing([f"{row.source} ({row.reason})" for row in most.itertuples()])
    rows = int(most["set_aside"].iloc[0])
    each = " each" if len(most) > 1 else ""
    return f"Most rows, {rows:,}{each}, were set aside in {named}."


def shares_answer(followed: pd.Series, group: pd.Series) -> str:
    """Say which share of each group has an outcome at follow-up.

    Parameters
    ----------
    followed : Series of bool
        One per patient.
    group : Series
        Same index; patients without a group are left out.
    """
    shares = followed.groupby(group).agg(["sum", "size"])
    parts = [
        f"{name} {wording.percent(row['sum'] / row['size'])} ({int(row['sum']):,} of {int(row['size']):,})"
        for name, row in shares.iterrows()
    ]
    return f"With an outcome at follow-up: {', '.join(parts)}."


def floor_answer(scores: pd.Series, floor: float) -> str:
    """Say how far the mean of `scores` moves when everyone missing is given the lowest score there is."""
    if not scores.notna().any():
        return "Nobody has a score at follow-up."
    if pd.isna(floor):
        return "No lowest score is on record for this outcome."
    observed, filled = scores.mean(), scores.fillna(floor).mean()
    return (
        f"The mean is {observed:.1f} as observed and {filled:.1f} with the {int(scores.isna().sum()):,} "
        f"missing at {floor:g}: {observed - filled:.1f} lower."
    )


def overlap_answer(quota: pd.Series, cost: pd.Series, n: int = 20) -> str:
    """Say how many of the `n` patients with the highest quota are among the `n` with the lowest cost."""
    n = min(n, len(quota))
    both = len(set(quota.nlargest(n).index) & set(cost.loc[quota.index].nsmallest(n).index))
    return f"{both} of the {n} patients with the highest VQ are among the {n} who cost least."


def size_answer(patients: int, margin: float, power: float) -> str:
    """Say how many patients an equivalence test needs (from `correlation.equivalence_size`)."""
    sure = f"with a power of {wording.percent(power)} when there is none"
    return f"{patients:,} patients, to rule out a correlation of {margin:g} {sure}."


def moved_answer(before: float, after: float, least: float = float("nan")) -> str:
    """Say how far a p-value moves; `least` is the smallest that a sample of splits could show."""
    first, second = (wording.p_value(p, least) for p in (before, after))
    return f"Whole profiles of codes: {first} with the labels as they are, {second} with two swapped."


def uncorrected_answer(by_code: pd.DataFrame, alpha: float) -> str:
    """Say which codes pass `alpha` alone and which still do when all are tested at once.

    Parameters
    ----------
    by_code : DataFrame
        `code`, `mid_p`, `max_t_p`.
    """
    alone = by_code.loc[by_code["mid_p"] <= alpha, "code"]
    kept = by_code.loc[by_code["max_t_p"] <= alpha, "code"]
    n = len(by_code)
    if alone.empty:
        return f"None of the {n} codes, tested alone, is at {alpha:g} or below (mid-p)."
    left = wording.listing(kept) if len(kept) else "none"
    return (
        f"Tested alone, {wording.listing(alone)} (mid-p {alpha:g} or below); of all {n} tested at once, "
        f"{left} (max-T). Of {n} codes that do not differ at all, about {n * alpha:.1f} would pass alone."
    )


def loosest_fit_answer(display: pd.DataFrame) -> str:
    """Say which statement's fit the fewest resamples of the interviewees share, from the joint display."""
    known = display.dropna(subset=["resamples"]) if len(display) else display
    if known.empty:
        return "No statement of this study has a fit to count."
    row = known.sort_values("resamples", kind="stable").iloc[0]
    share = wording.percent(row["resamples"])
    return (
        f'"{row["statement"]}": its fit ({row["fit"]}) is shared by {share} of the resamples, fewest of all, '
        "so it hangs on the fewest interviewees."
    )
