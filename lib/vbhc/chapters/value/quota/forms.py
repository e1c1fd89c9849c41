"""Published definitions of a value ratio, by name with their source, and the numerators that they need."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from vbhc.chapters.value.quota.definitions import value_quota
from vbhc.problems import did_you_mean
from vbhc.statistics.ratios.means import _check

MCID_KINDS = ("individual change", "group change", "between groups")


class Published(NamedTuple):
    """A published definition: what is divided by what, who published it, which function computes it."""

    formula: str
    source: str
    function: str


PUBLISHED = {
    "gain": Published(
        "(follow-up - baseline) / cost",
        "Lindgren & Althin 2020, Eur J Health Econ, eq. 1, after Porter 2010 (form left open)",
        "value_quota",
    ),
    "follow-up": Published(
        "score at follow-up / cost",
        "Lindgren & Althin 2020, Eur J Health Econ, eq. 1, after Porter 2010 (form left open)",
        "value_quota",
    ),
    "baseline-adjusted": Published(
        "follow-up at average baseline (ANCOVA residual + mean) / cost",
        "Vickers & Altman 2001, BMJ 323:1123 (analysis of covariance for the start; here over cost)",
        "adjusted_outcome",
    ),
    "mcid-units": Published(
        "change in PROM / its smallest important change / cost",
        "the numerator of Berglund et al. 2019, J Shoulder Elbow Surg, PMC6383649",
        "mcid_units",
    ),
    "qaly": Published(
        "area under the utility index over time / cost",
        "Manca, Hawkins & Sculpher 2005, Health Econ 14:487, doi 10.1002/hec.944, eq. 1",
        "study_qalys",
    ),
    "value-quotient": Published(
        "change in PROM / cost, rescaled so that the best patient has 100",
        "Patient-level value analysis in knee arthroplasty (PLVA), over time-driven activity-based cost",
        "value_quotient",
    ),
    "procedure-value-index": Published(
        "change in PROM in units of its MCID / total cost",
        "Berglund et al. 2019, J Shoulder Elbow Surg, PMC6383649",
        "procedure_value_index",
    ),
    "value-index": Published(
        "(change in PROM / reference change) / (cost / reference cost); 1 = as expected",
        "after Ladermann et al. 2021, J Clin Med 10:5700 (its weights and complications left out)",
        "reference_value",
    ),
    "quality-service-cost": Published(
        "(quality + service) / cost, both on 0-100",
        "University of Utah Health, value equation",
        "quality_service_cost",
    ),
    "weighted-composite": Published(
        "weighted mean of changes, each in % of its scale / cost",
        "after van Deen et al. 2017, Qual Life Res (weights from stated preferences)",
        "weighted_composite",
    ),
}


def published_definitions() -> pd.DataFrame:
    """Return the table of published definitions: `name, formula, source`."""
    return pd.DataFrame(
        [(name, form.formula, form.source) for name, form in PUBLISHED.items()],
        columns=["name", "formula", "source"],
    )


def definition(name: str) -> Published:
    """Return a published definition by name.

    Raises
    ------
    ValueError
        If there is none of that name ("did you mean").
    """
    if name not in PUBLISHED:
        raise ValueError(f"no published definition {name!r}; {did_you_mean(name, PUBLISHED)}")
    return PUBLISHED[name]


def adjusted_outcome(baseline: pd.Series, follow_up: pd.Series) -> pd.Series:
    """Return follow-up adjusted for baseline: the residual of a least-squares line plus the mean follow-up.

    A patient's value is the follow-up expected of them had they started at the average baseline. Missing
    either gives NaN; the line is fitted to complete patients.

    Raises
    ------
    ValueError
        If fewer than three patients are complete or all start alike (no line to fit).
    """
    if not baseline.index.equals(follow_up.index):
        raise ValueError("baseline and follow-up must share one index; merge on the patient's key first")
    known = baseline.notna() & follow_up.notna()
    x, y = baseline[known].to_numpy(dtype=float), follow_up[known].to_numpy(dtype=float)
    if len(x) < 3 or np.ptp(x) == 0:
        raise ValueError(
            f"{len(x)} complete patients with {len(np.unique(x))} baseline value(s) give no line to adjust by"
        )
    slope = np.polyfit(x - x.mean(), y, 1)[0]
    return (follow_up - slope * (baseline - x.mean())).rename("adjusted_outcome")


def mcid_units(change: pd.Series, mcid: float, kind: str = "individual change") -> pd.Series:
    """Return a change as a multiple of the minimal clinically important difference.

    Raises
    ------
    ValueError
        If the MCID is not positive, its kind is unknown, or it is a difference *between groups*: such a
        number (5 for the Oxford Hip Score) says nothing about one patient's change.
    """
    if kind not in MCID_KINDS:
        raise ValueError(f"unknown kind of MCID {kind!r}; {did_you_mean(kind, MCID_KINDS)}")
    if kind == "between groups":
        raise ValueError("an MCID between groups cannot judge one patient's change; take the individual one")
    if not mcid > 0:
        raise ValueError(f"the MCID must be > 0, not {mcid}")
    return (change / mcid).rename("mcid_units")


def procedure_value_index(change: pd.Series, cost: pd.Series, mcid: float, per: float = 1_000) -> pd.Series:
    """Return MCID units gained per `per` currency units (Berglund et al. 2019)."""
    return value_quota(mcid_units(change, mcid), cost, per)


def value_quotient(change: pd.Series, cost: pd.Series) -> pd.Series:
    """Return change / cost rescaled so that the best patient has 100 (PLVA): a rank, not an amount.

    Adding one patient can rescale all others. NaN throughout when nobody improved.
    """
    vq = value_quota(change, cost, per=1)
    best = vq.max()
    return (vq / best * 100 if best > 0 else vq * np.nan).rename("vq")


def quality_service_cost(
    quality: pd.Series, service: pd.Series, cost: pd.Series, per: float = 1_000
) -> pd.Series:
    """Return (quality + service) / cost, both on one scale such as 0-100 (University of Utah)."""
    return value_quota(quality + service, cost, per)


def reference_value(
    outcome: pd.Series, cost: pd.Series, reference_outcome: float, reference_cost: float
) -> pd.Series:
    """Return (outcome / reference outcome) / (cost / reference cost): 1 is as expected."""
    if not (reference_outcome > 0 and reference_cost > 0):
        raise ValueError("the reference outcome and the reference cost must be > 0")
    return value_quota(outcome / reference_outcome, cost, per=reference_cost)


def weighted_composite(
    outcomes: pd.DataFrame, weights: dict[str, float], cost: pd.Series, per: float = 1_000
) -> pd.Series:
    """Return the weighted sum of outcomes over cost; every column has a weight, scaled to sum to 1.

    Raises
    ------
    ValueError
        If columns and weights do not match, or a weight is negative.
    """
    if set(outcomes.columns) != set(weights):
        odd = sorted(set(outcomes.columns) ^ set(weights), key=str)
        raise ValueError(f"outcomes and weights must name the same columns; only on one side: {odd}")
    values = pd.Series(weights, dtype=float)
    if (values < 0).any() or values.sum() <= 0:
        raise ValueError("weights must be zero or more and not all zero")
    scaled = values / values.sum()
    _check(outcomes.iloc[:, 0], cost, per)
    return value_quota(outcomes[scaled.index].mul(scaled, axis=1).sum(axis=1, skipna=False), cost, per)
