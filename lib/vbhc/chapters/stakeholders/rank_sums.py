"""Of which groups mean ranks may be told where few people are protected: by integer programming.

A mean rank with one decimal is that of few numbers of people only, since the ranks of each are whole numbers.
"""

from functools import partial

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp

from vbhc.chapters.stakeholders.heard import ALL
from vbhc.publish.disclosure.policies import Policy


def ranked_open(ranks: pd.DataFrame, agreed: pd.DataFrame, policy: Policy) -> list[str]:
    """Return of whom mean ranks with one decimal leave open how many ranked and what few put first.

    As many numbers of people fit as the policy leaves open, beside all that is told of others, and whatever
    few put first, or last, as many more could have. Where not, the smallest such group goes, and it is asked
    again.
    """
    means = ranks.pivot(index="group", columns="item", values="mean_rank")
    sizes, k = agreed.set_index("group").loc[means.index, ["n", "n_missing"]], means.shape[1]
    few = np.minimum(k - means, means - 1).min(axis=1) * sizes["n"] // (k - 1)
    told = [ALL, *sizes["n"].drop(ALL).sort_values(ascending=False, kind="stable").index]
    while told:
        width = _people_that_fit(means, sizes.sum(axis=1), told) if len(means) > 1 else few * 0
        narrow = [name for name in told if not policy.bound <= min(width[name], few[name])]
        if not narrow:
            break
        told.remove(narrow[-1] if narrow[-1] != ALL else told[-1])
    return told


def _people_that_fit(means: pd.DataFrame, most: pd.Series, told: list[str]) -> pd.Series:
    """Return how far apart numbers of people lie that fit mean ranks `told` of them (integer programming).

    Unknown are each group's sums of ranks and how many it is, all groups together being all respondents.
    """
    groups, whole = means.drop(ALL), means.loc[ALL].round(1).to_numpy()
    n, k = groups.shape
    sums, of = np.vstack([np.eye(n * k), np.tile(np.eye(k), n)]), np.repeat(np.eye(n), k, axis=0)
    shown = np.vstack([groups.round(1).to_numpy().reshape(-1, 1) * of, np.outer(whole, np.ones(n))])
    room = np.vstack([of * np.where(groups.index.isin(told), 0.05, k), np.full((k, n), 0.05)])
    within = [
        LinearConstraint(np.hstack([sums, -shown - room]), -np.inf, 1e-9),
        LinearConstraint(np.hstack([sums, room - shown]), -1e-9, np.inf),
        LinearConstraint(np.hstack([of.T, -k * (k + 1) / 2 * np.eye(n)]), 0, 0),
    ]
    box = Bounds(1, np.r_[np.full(n * k, np.inf), most[groups.index]])
    aims = {ALL: np.ones(n), **dict(zip(groups.index, np.eye(n), strict=True))}
    solve = partial(milp, constraints=within, bounds=box, integrality=1)
    ends = {name: [solve(s * np.r_[np.zeros(n * k), aims[name]]).fun for s in (1, -1)] for name in told}
    # missing where nothing fits: some are of no group
    return -pd.DataFrame(ends, dtype=float).sum(skipna=False)
