"""Comparing providers: does the test beside peers keep its size, do ranks hold the true place?"""

import numpy as np
import pandas as pd
from scipy import stats

from vbhc.simulate.check import SIZE, Check, Hits, asked_of_seeds
from vbhc.statistics.variation.overdispersion import tau_dersimonian_laird
from vbhc.statistics.variation.peers import against_peers, nearest
from vbhc.statistics.variation.reliability import rank_intervals

SD, TAU = 7.669, 0.762  # of hips in England, 2018/19


def _providers(n: int, tau: float, seed: int) -> pd.DataFrame:
    """Draw providers of 30 to 600 records, normal within and between; `truth` is their true difference."""
    rng = np.random.default_rng([seed, 14])
    error = SD / np.sqrt(np.exp(rng.uniform(np.log(30), np.log(600), n)))
    truth = tau * rng.standard_normal(n)
    estimate = truth + error * rng.standard_normal(n)
    return pd.DataFrame(
        {"estimate": estimate, "standard_error": error, "truth": truth, "case_mix": rng.random(n)}
    )


@asked_of_seeds
def _peers(seed: int, n: int, tau: float) -> Hits:
    """The first provider (all are alike in law) beside its ten nearest."""
    drawn = _providers(n, tau, seed)
    found = tau_dersimonian_laird(drawn["estimate"], drawn["standard_error"]) if tau else 0.0
    row = against_peers(drawn, nearest(drawn[["case_mix"]]), found).iloc[0]
    return {"mean of ten peers": bool(row["low"] > 0 or row["high"] < 0)}


@asked_of_seeds
def _rank(seed: int, n: int, tau: float) -> Hits:
    drawn = _providers(n, tau, seed)
    found = tau_dersimonian_laird(drawn["estimate"], drawn["standard_error"])
    row = rank_intervals(drawn["estimate"], drawn["standard_error"], found, 0.9, seed).iloc[0]
    return {"interval of a rank": bool(row["low"] <= stats.rankdata(-drawn["truth"])[0] <= row["high"])}


PROVIDERS = (
    Check("peers", "no true differences", 234, "size", SIZE, _peers(234, 0.0)),
    Check("peers", "tau .76", 234, "size", SIZE, _peers(234, TAU)),
    Check("ranks", "tau .76", 234, "coverage", 0.9, _rank(234, TAU)),
)
