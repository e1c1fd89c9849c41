"""Who changed enough to matter: the share of patients that improved, stayed or got worse by an MCID.

An MCID says what it is a change of. One for a single patient's change may sort patients. One for the
difference between two groups' means, or for the mean change of a group, may not: a mean of 5 can hide
patients with 0 and with 10 (Beard 2015, J Clin Epidemiol 68:73-9: hip score 8 for a patient, about 11 for a
group's mean, 5 between groups).
"""

import numpy as np
import pandas as pd

from vbhc.instruments.instrument import HIGHER, INDIVIDUAL, Mcid
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
    usable = sorted((m for m in meant if m.kind == INDIVIDUAL), key=lambda m: m.value)
    if usable:
        return usable[0]
    listed = "; ".join(f"{m.value:g} ({m.kind}, {m.source})" for m in known) or "none is recorded"
    if value is not None and meant:
        found = f"an MCID of kind {meant[0].kind!r} is about means of groups and cannot sort single patients"
        why = "a group's mean can reach it when few of its patients do. Name an individual one"
        raise ValueError(f"{column}: {found}: {why}. Known: {listed}")
    raise ValueError(f"{column}: no individual MCID{f' of {value:g}' if value else ''}; known: {listed}")


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
