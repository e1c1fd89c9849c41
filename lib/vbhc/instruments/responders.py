"""Who changed: patients that improved, stayed or got worse by an MCID, or in their EQ-5D profile.

An MCID says what it is a change of. One for a single patient's change may sort patients. One for the
difference between two groups' means, or for the mean change of a group, may not: a mean of 5 can hide
patients with 0 and with 10 (Beard 2015, J Clin Epidemiol 68:73-9: hip score 8 for a patient, about 11 for a
group's mean, 5 between groups).
"""

from typing import Any

import numpy as np
import pandas as pd

from vbhc.instruments.eq5d import levels_of
from vbhc.instruments.instrument import INDIVIDUAL, Mcid
from vbhc.instruments.registry import ALL

CATEGORIES = ("improved", "unchanged", "worsened")
SAME_MCID = 1e-3  # nobody means another MCID by 5.0001
TINY = 1e-9  # a change that equals the threshold counts, whatever the last binary digit says


def individual_mcid(column: str, value: float | None = None) -> Mcid:
    """Return the MCID by which single patients may be judged.

    Parameters
    ----------
    column : str
        Stem of a scale, such as "ohs" or "kccq_os".
    value : float, optional
        Which MCID is meant, where there are several (the smallest individual one when left out).

    Raises
    ------
    ValueError
        If no MCID of the scale is recorded, or the one that is asked for is about groups.

    Examples
    --------
    >>> individual_mcid("ohs").value, individual_mcid("kccq_os", 10).label  # Beard 2015, Spertus 2020
    (8, 'moderate to large change')
    """
    known = [m for instrument in ALL for m in instrument.mcids if m.column == column]
    meant = [m for m in known if value is None or abs(m.value - value) <= SAME_MCID]
    if usable := sorted((m for m in meant if m.kind == INDIVIDUAL), key=lambda m: m.value):
        return usable[0]
    listed = "; ".join(f"{m.value:g} ({m.kind}, {m.source})" for m in known) or "none is recorded"
    if value is not None and meant:
        found = f"an MCID of kind {meant[0].kind!r} is about means of groups and cannot sort single patients"
        why = "a group's mean can reach it when few of its patients do. Name an individual one"
        raise ValueError(f"{column}: {found}: {why}. Known: {listed}")
    raise ValueError(f"{column}: no individual MCID{f' of {value:g}' if value else ''}; known: {listed}")


def classify(change: pd.Series, threshold: float) -> pd.Series:
    """Sort changes into improved, unchanged and worsened.

    Parameters
    ----------
    change : Series
        Follow-up minus baseline; more is better.
    threshold : float
        Size of a change that matters, > 0; a change of just this size counts.

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
    """
    if not threshold > 0:
        raise ValueError(f"threshold must be > 0; found {threshold}")
    gain = change.to_numpy(dtype=float)
    codes = np.select([~np.isfinite(gain), gain >= threshold - TINY, gain <= TINY - threshold], [-1, 2, 0], 1)
    sorted_ = pd.Categorical.from_codes(codes, CATEGORIES[::-1], ordered=True)
    return pd.Series(sorted_, index=change.index, name="response")


PARETIAN = ("no change", "improved", "worsened", "mixed change", "no problems")


def pchc(before: Any, after: Any, version: str) -> pd.DataFrame:
    """Count the Paretian classes of change of EQ-5D profiles, without any value set.

    Devlin, Parkin, Browne 2010, Health Econ 19:886-905, doi 10.1002/hec.1608. Better on one dimension at
    least and worse on none: improved; the reverse: worsened; better on some and worse on others: mixed
    change; the same on all: no change, or "no problems" for 11111 at both times.

    Returns
    -------
    DataFrame
        `change, k, share, n, n_missing`: share of the `n` complete pairs; a patient with a missing level at
        either time is left out and counted.

    Raises
    ------
    ValueError
        If the two do not hold the same patients in the same rows.

    Examples
    --------
    One better on mobility only; one better on mobility and worse on self-care.

    >>> pchc(["22222", "22222"], ["12222", "13222"], "3L").set_index("change")["k"].to_dict()
    {'no change': 0, 'improved': 1, 'worsened': 0, 'mixed change': 1, 'no problems': 0}
    """
    first, last = levels_of(before, version), levels_of(after, version)
    if not first.index.equals(last.index):
        raise ValueError("before and after must hold the same patients in the same rows (same index)")
    complete = (first.notna() & last.notna()).all(axis=1).to_numpy()
    one, other = first[complete].to_numpy(), last[complete].to_numpy()
    better, worse = (other < one).any(axis=1), (other > one).any(axis=1)
    well = (one == 1).all(axis=1) & (other == 1).all(axis=1)
    kinds = np.select([better & worse, better, worse, well], [3, 1, 2, 4], default=0)
    counts = np.bincount(kinds, minlength=len(PARETIAN))
    n = {"n": int(complete.sum()), "n_missing": int((~complete).sum())}
    return pd.DataFrame({"change": PARETIAN, "k": counts, "share": counts / counts.sum()}).assign(**n)
