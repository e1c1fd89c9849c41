"""Who changed enough to matter: the share of patients that improved, stayed or got worse by an MCID.

An MCID says what it is a change of. One for a single patient's change may sort patients. One for the
difference between two groups' means, or for the mean change of a group, may not: a mean of 5 can hide
patients with 0 and with 10 (Beard 2015, J Clin Epidemiol 68:73-9: hip score 8 for a patient, about 11 for a
group's mean, 5 between groups).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from vbhc.instruments.instrument import BETWEEN, GROUP, HIGHER, INDIVIDUAL, Mcid, Scale
from vbhc.instruments.registry import ALL
from vbhc.instruments.shares import wilson
from vbhc.problems import did_you_mean

CATEGORIES = ("improved", "unchanged", "worsened")
SAME_MCID = 1e-3  # nobody means another MCID by 5.0001
TINY = 1e-9  # a change that equals the threshold counts, whatever the last binary digit says


def individual_mcid(column: str, value: float | None = None, kind: str = INDIVIDUAL) -> Mcid:
    """Return the MCID by which single patients may be judged.

    Parameters
    ----------
    column : str
        Stem of a scale, such as "ohs" or "kccq_os".
    value : float, optional
        Which MCID is meant, where there are several (the smallest individual one when left out).
    kind : str
        Kind of MCID that is meant.

    Raises
    ------
    ValueError
        If the scale is unknown, has no individual MCID, or the one that is asked for is of another kind (with
        the reason and what there is).

    Examples
    --------
    >>> individual_mcid("ohs").value, individual_mcid("kccq_os", 10).label  # Beard 2015, Spertus 2020
    (8, 'moderate to large change')
    """
    known = [m for instrument in ALL for m in instrument.mcids if m.column == column]
    _scale(column)
    if kind == INDIVIDUAL and value is not None:
        fitting = [m for m in known if _same(m.value, value)]
        kind = INDIVIDUAL if not fitting or any(m.kind == INDIVIDUAL for m in fitting) else fitting[0].kind
    listed = "; ".join(f"{m.value:g} ({m.kind}, {m.source})" for m in known) or "none is recorded"
    if kind != INDIVIDUAL:
        raise ValueError(
            f"{column}: an MCID of kind {kind!r} is about means of groups and cannot sort single patients: a"
            f" group's mean can reach it when few of its patients do. Name an individual one. Known: {listed}"
        )
    usable = sorted((m for m in known if m.kind == INDIVIDUAL), key=lambda m: m.value)
    usable = [m for m in usable if value is None or _same(m.value, value)]
    if not usable:
        raise ValueError(f"{column}: no individual MCID{f' of {value:g}' if value else ''}; known: {listed}."
                         " Pass `threshold` to use one of your own, and cite it")  # fmt: skip
    return usable[0]


def _same(known: float, asked: float) -> bool:
    return abs(known - asked) <= SAME_MCID


def _scale(column: str) -> Scale:
    scales = {scale.column: scale for instrument in ALL for scale in instrument.scales}
    if column not in scales:
        raise ValueError(f"no scale {column!r}; {did_you_mean(column, scales)}")
    return scales[column]


def classify(change: pd.Series, threshold: float, direction: str = HIGHER) -> pd.Series:
    """Sort changes into improved, unchanged and worsened.

    Parameters
    ----------
    change : Series
        Follow-up minus baseline.
    threshold : float
        Size of a change that matters, > 0; a change of just this size counts.
    direction : str
        "higher is better" or "lower is better".

    Returns
    -------
    Series
        Ordered category, on the caller's index; missing where the change is missing or infinite.

    Raises
    ------
    ValueError
        If the threshold is not above 0.

    Examples
    --------
    >>> classify(pd.Series([8, 7, -8, None]), 8).tolist()
    ['improved', 'unchanged', 'worsened', nan]
    >>> classify(pd.Series([-5]), 5, "lower is better").tolist()
    ['improved']
    """
    if not threshold > 0:
        raise ValueError(f"threshold must be > 0; found {threshold}")
    gain = change.astype(float) if direction == HIGHER else -change.astype(float)
    names = pd.Series("unchanged", index=change.index, dtype=object)
    names[gain >= threshold - TINY] = "improved"
    names[gain <= -threshold + TINY] = "worsened"
    sorted_ = pd.Categorical(names.where(np.isfinite(gain)), categories=CATEGORIES[::-1], ordered=True)
    return pd.Series(sorted_, index=change.index, name="response")


def responders(
    change: pd.Series,
    column: str,
    *,
    mcid: float | None = None,
    kind: str = INDIVIDUAL,
    threshold: float | None = None,
    direction: str | None = None,
    ci_level: float = 0.95,
) -> pd.DataFrame:
    """Count patients who improved, stayed unchanged and got worse by an individual MCID.

    Parameters
    ----------
    change : Series
        Follow-up minus baseline, one row per patient.
    column : str
        Scale that changed ("ohs"): it gives the MCID and the direction.
    mcid, kind : float, str
        Which recorded MCID; see `individual_mcid`.
    threshold : float, optional
        A threshold of your own instead.
    direction : str, optional
        Where the scale is not a registered one (only with `threshold`).

    Returns
    -------
    DataFrame
        Rows improved, unchanged, worsened: category, count, estimate (share 0-1), low, high (Wilson),
        n, n_missing, threshold, source, method.

    Examples
    --------
    >>> responders(pd.Series([8, 20, 0, -9, None]), "ohs")[["category", "count"]].to_numpy().tolist()
    [['improved', 2], ['unchanged', 1], ['worsened', 1]]
    """
    if threshold is None:
        chosen = individual_mcid(column, mcid, kind)
        threshold, source = chosen.value, chosen.source
    else:
        source = _own_threshold(column, threshold)
    sorted_ = classify(change, threshold, direction or _scale(column).direction)
    n, n_missing = int(sorted_.notna().sum()), int(sorted_.isna().sum())
    rows = []
    for name in CATEGORIES:
        count = int((sorted_ == name).sum())
        rows.append({"category": name, "count": count, **wilson(count, n, ci_level), "n": n,
                     "n_missing": n_missing, "threshold": threshold, "source": source,
                     "method": "Wilson interval"})  # fmt: skip
    return pd.DataFrame(rows)


def _own_threshold(column: str, threshold: float) -> str:
    """How an analyst's own threshold is cited; one known as a difference between groups is refused."""
    kinds = {
        m.kind
        for instrument in ALL
        for m in instrument.mcids
        if m.column == column and _same(m.value, threshold)
    }
    if BETWEEN in kinds and INDIVIDUAL not in kinds:
        individual_mcid(column, threshold)
    return f"threshold given by the analyst{' (known as that of a group mean)' if GROUP in kinds else ''}"


def responders_sentence(table: pd.DataFrame, label: str, ci_level: float = 0.95) -> str:
    """Say how many improved: "183 of 240 patients (76%, 95% CI 70% to 81%) improved by 8 or more on ...".

    >>> responders_sentence(responders(pd.Series([9] * 10), "ohs"), "the Oxford Hip Score")[:40]
    '10 of 10 patients (100%, 95% CI 72% to 1'
    """
    row = table.set_index("category").loc["improved"]
    worse = table.set_index("category").loc["worsened"]
    if row["n"] == 0:
        return f"No patient has a change on {label}, so that nobody can be called improved or worse."
    share = f"{row['estimate']:.0%}, {ci_level:.0%} CI {row['low']:.0%} to {row['high']:.0%}"
    return (
        f"{row['count']:,} of {row['n']:,} patients ({share}) improved by {row['threshold']:g} or more on"
        f" {label}; {worse['count']:,} ({worse['estimate']:.0%}) got worse by as much."
    )
