"""Does perception go with where patients end, where they began, or how far they came?

Regress perception on baseline and follow-up of one scale, side by side. If it goes with the state at the end,
baseline adds nothing; if with the distance, baseline counts as much as follow-up, with the other sign.
"""

from typing import Any

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.regression.linear_model import OLS
from statsmodels.tools import add_constant

from vbhc import wording
from vbhc.chapters.perception.sentences import say
from vbhc.chapters.perception.ties import rating
from vbhc.chapters.value.quota.declared import Definition
from vbhc.publish.results import Result
from vbhc.statistics.ratios.intervals import fieller
from vbhc.statistics.samples import as_float, check_same_index, patients_with, same_for_all
from vbhc.study import Study

FEWEST = 8
COLUMNS = ["term", "estimate", "low", "high", "ci_level", "n", "n_missing", "reason"]
TERMS = ("baseline", "follow-up", "weight of the start")


def journey(
    perception: pd.Series, baseline: pd.Series, follow_up: pd.Series, ci_level: float = 0.95
) -> pd.DataFrame:
    """Regress perception on baseline and follow-up.

    Parameters
    ----------
    perception, baseline, follow_up : Series
        Higher = better; both visits on one scale. Patients without all of them, or with an infinite
        value, are left out.

    Returns
    -------
    DataFrame
        `term` = "baseline", "follow-up" (standard deviations of perception per standard deviation of
        follow-up; robust HC3 errors, Long & Ervin 2000, Am Stat 54:217) and "weight of the start" =
        -baseline / follow-up: 0 when only the end counts, 1 when only the distance does (Fieller's interval);
        `estimate, low, high, n, n_missing, reason`.
    """
    check_same_index(perception, baseline, follow_up)
    frame = pd.DataFrame({"p": as_float(perception), "b": as_float(baseline), "f": as_float(follow_up)})
    frame.index = perception.index
    kept = frame[np.isfinite(frame).all(axis=1)]
    shared: dict[str, object] = {"ci_level": ci_level, "n": len(kept), "n_missing": len(frame) - len(kept)}
    shared["reason"] = _why_not(kept)
    if shared["reason"]:
        rows: list[dict[str, object]] = [{"term": term} for term in TERMS]
    else:
        x = (kept[["b", "f"]] - kept[["b", "f"]].mean()) / kept["f"].std()
        y = (kept["p"] - kept["p"].mean()) / kept["p"].std()
        rows = _terms(OLS(y.to_numpy(), add_constant(x.to_numpy())).fit(cov_type="HC3", use_t=True), ci_level)
    return pd.DataFrame([row | shared for row in rows]).reindex(columns=COLUMNS)


def _why_not(kept: pd.DataFrame) -> str:
    n = len(kept)
    if n < FEWEST:
        return f"{patients_with(n)} perception, baseline and follow-up; this needs {FEWEST}."
    if same := same_for_all(kept[["p", "b", "f"]].to_numpy(), ("perception", "baseline", "follow-up")):
        return f"{same}; nothing can go with it."
    if np.linalg.matrix_rank(stats.zscore(kept[["b", "f"]].to_numpy()), tol=1e-6) < 2:
        return "Baseline and follow-up repeat each other, so that they cannot be told apart."
    return ""


def _terms(fit: Any, level: float) -> list[dict[str, object]]:
    (start, end), covariance = fit.params[1:], fit.cov_params()[1:, 1:]
    quantile = stats.t.ppf((1 + level) / 2, fit.df_resid)
    f = fieller(-start, end, covariance[0, 0], covariance[1, 1], -covariance[0, 1], quantile)
    weight = (f.low, f.high) if f.kind == "bounded" else (np.nan, np.nan)
    rows = zip(TERMS, (start, end, f.estimate), (*fit.conf_int(1 - level)[1:], weight), strict=True)
    return [{"term": term, "estimate": x, "low": low, "high": high} for term, x, (low, high) in rows]


def journey_sentence(table: pd.DataFrame, said: str = "perception") -> str:
    """Return whether perception, called as `said`, goes with where patients end or with how far they came.

    The weight of the start decides, with its interval; correlations with each by itself cannot, since start,
    end and distance contain one another.
    """
    rows = table.set_index("term")
    if rows["reason"].iloc[0]:
        return rows["reason"].iloc[0]
    end, weight = rows.loc["follow-up"], rows.loc["weight of the start"]
    start, finish = (wording.number(rows.at[term, "estimate"]) for term in TERMS[:2])
    numbers = f"baseline {start}, follow-up {finish} SD per SD, n = {int(end['n']):,}"
    if end["low"] <= 0 <= end["high"] or end["estimate"] < 0 or np.isnan(weight["low"]):
        return f"{wording.sentence_case(say('journey-unclear', said=said))} ({numbers})."
    reach = wording.interval(weight["low"], weight["high"], weight["ci_level"])
    found = say(f"journey-{_goes_with(**weight[['estimate', 'low', 'high']])}", said=said)
    share = say("journey-share", weight=weight["estimate"], reach=reach)
    return f"{wording.sentence_case(found)} ({share}; {numbers})."


def _goes_with(estimate: float, low: float, high: float) -> str:
    """Return what the weight of the start says: 0 is the end alone, 1 the distance alone."""
    if low <= 0:
        return "both" if high < 0 else "either" if high >= 1 else "end"
    if high >= 1:
        return "beyond" if low > 1 else "distance"
    return "farther" if estimate > 0.5 else "nearer"


def visit_scores(study: Study, patients: pd.DataFrame, vq: Definition) -> tuple[pd.Series, pd.Series]:
    """Return the outcome at the first and the last visit, turned so that more is better."""
    columns = [f"{vq.outcome}_{visit}" for visit in (study.baseline, study.follow_up)]
    scores = patients.reindex(columns=columns).astype(float)
    return vq.sign * scores[columns[0]], vq.sign * scores[columns[1]]


def end_or_distance(study: Study, way: pd.DataFrame) -> Result | None:
    """Say whether the rating goes with the end or with the distance; nothing without two visits."""
    if not way["n"].iloc[0]:
        return None
    said = journey_sentence(way, said=rating(study))
    return Result("state-or-change", says=[said], counts=[int(way["n"].iloc[0])])
