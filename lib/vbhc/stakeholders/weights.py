"""Value as each group of stakeholders would weigh it: the same patients, ranked by what each group spoke of.

A study says in `outcome_codes.csv` which outcomes stand for which codes. A group's weight on an outcome is
the share of its interviewees who raise one of these codes (or comes from points or ranks given in a survey).
How far the rankings of patients part says how much hangs on who was asked. An outcome with many codes is
raised more easily than one with few: give each about as many.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from scipy import stats

from vbhc.problems import Problem, StudyError, did_you_mean
from vbhc.study import Study
from vbhc.wording import interval, listing, number

FILE = "outcome_codes.csv"
FIELDS = ("outcome", "label", "direction", "codes")
RERANKED = ("first", "second", "estimate", "ci_low", "ci_high", "n", "n_top", "n_both", "overlap")
DIRECTIONS = {"higher is better": 1.0, "lower is better": -1.0}


def read_outcome_codes(study: Study, codes: Sequence[str], columns: Sequence[str]) -> pd.DataFrame:
    """Return which outcome stands for which codes; empty where the study does not say.

    Parameters
    ----------
    codes : sequence of str
        Codes of the interviews.
    columns : sequence of str
        Columns of the cleaned patients.

    Returns
    -------
    DataFrame
        `outcome` (column of the patients), `label`, `sign` (1 higher is better, -1 lower), `codes` (tuple).

    Raises
    ------
    StudyError
        With every unknown column, outcome, code or direction.
    """
    path, shown = study.folder / FILE, study.shown(FILE)
    if not path.is_file():
        return pd.DataFrame(columns=["outcome", "label", "sign", "codes"])
    with path.open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    problems = [
        Problem(shown, f"no column {field!r}", f"columns: {', '.join(FIELDS)}")
        for field in FIELDS
        if field not in (rows[0] if rows else {})
    ]
    if problems:
        raise StudyError(problems)
    table = []
    for n, row in enumerate(rows, start=2):
        own = tuple(code.strip() for code in row["codes"].split(";") if code.strip())
        checks = [("outcome", row["outcome"], columns), ("direction", row["direction"], DIRECTIONS)]
        for field, value, known in (*checks, *(("codes", code, codes) for code in own)):
            if value not in known:
                problems.append(Problem(shown, f"unknown {value!r}", did_you_mean(value, known), field, n))
        sign = DIRECTIONS.get(row["direction"], 1.0)
        table.append({"outcome": row["outcome"], "label": row["label"], "sign": sign, "codes": own})
    if problems:
        raise StudyError(problems)
    return pd.DataFrame(table)


def weights_from_presence(presence: pd.DataFrame, groups: pd.Series, outcomes: pd.DataFrame) -> pd.DataFrame:
    """Return each group's weights from who raised what.

    Parameters
    ----------
    presence : DataFrame of bool
        Interviewees x codes.
    groups : Series
        Group by interviewee.
    outcomes : DataFrame
        From `read_outcome_codes`.

    Returns
    -------
    DataFrame
        One row per group and outcome: `group, outcome, label, k, n, weight`. Weights of a group add up to 1
        (NaN where nobody in it raises any of the codes). Raising a code is speaking of it, not rating it.
    """
    labels = groups.reindex(presence.index)
    rows = []
    for name in dict.fromkeys(labels.dropna()):
        own = presence[labels == name]
        spoke = [int(own[list(codes)].any(axis=1).sum()) for codes in outcomes["codes"]]
        total = sum(spoke)
        for row, k in zip(outcomes.itertuples(), spoke, strict=True):
            weight = k / total if total else np.nan
            rows.append((name, row.outcome, row.label, k, len(own), weight))
    return pd.DataFrame(rows, columns=["group", "outcome", "label", "k", "n", "weight"])


def weights_from_points(points: pd.DataFrame, groups: pd.Series) -> pd.DataFrame:
    """Return each group's mean weights from points that respondents shared out among outcomes.

    Parameters
    ----------
    points : DataFrame
        Respondents x outcomes, 0 or more; each row is scaled to add up to 1. Rows with a missing value or
        without any point are left out.

    Returns
    -------
    DataFrame
        `group, outcome, n, weight`.
    """
    full = points.dropna()
    if (full < 0).any(axis=None):
        raise ValueError("points must be 0 or more")
    full = full[full.sum(axis=1) > 0]
    return _mean_weights(full.div(full.sum(axis=1), axis=0), groups)


def weights_from_ranks(ranks: pd.DataFrame, groups: pd.Series) -> pd.DataFrame:
    """Return each group's mean weights from rankings (1 = first), by rank-order centroids.

    The r-th of m items weighs (1/r + ... + 1/m) / m (Barron and Barrett 1996, Manage Sci 42:1515-23); tied
    items share the mean of their places. Rows with a missing rank are left out. Returns `group, outcome, n,
    weight`.
    """
    full = ranks.dropna()
    m = full.shape[1]
    centroid = np.cumsum(1 / np.arange(m, 0, -1))[::-1] / m
    order = stats.rankdata(full, axis=1, method="min").astype(int) - 1
    ties = stats.rankdata(full, axis=1, method="max").astype(int)
    sums = np.concatenate([[0], np.cumsum(centroid)])
    weights = (sums[ties] - sums[order]) / (ties - order)
    return _mean_weights(pd.DataFrame(weights, full.index, full.columns), groups)


def _mean_weights(weights: pd.DataFrame, groups: pd.Series) -> pd.DataFrame:
    labels = groups.reindex(weights.index)
    rows = [
        (name, outcome, int((labels == name).sum()), weights.loc[labels == name, outcome].mean())
        for name in dict.fromkeys(labels.dropna())
        for outcome in weights
    ]
    return pd.DataFrame(rows, columns=["group", "outcome", "n", "weight"])


def weighted_value(patients: pd.DataFrame, outcomes: pd.DataFrame, weights: pd.DataFrame) -> pd.DataFrame:
    """Return each patient's value in the eyes of each group.

    Parameters
    ----------
    patients : DataFrame
        One row per patient with the outcomes' columns (changes, costs ...).
    outcomes : DataFrame
        `outcome, sign`, as from `read_outcome_codes`.
    weights : DataFrame
        `group, outcome, weight`.

    Returns
    -------
    DataFrame
        Patients x groups: the sum over outcomes of weight x sign x outcome / its standard deviation. Not
        centred, so that no change counts as nothing. Only patients with all outcomes; the others are missing
        from the index. Private: a row is a person.

    Raises
    ------
    ValueError
        If an outcome does not vary.
    """
    wide = weights.pivot(index="outcome", columns="group", values="weight")
    wide = wide.loc[list(outcomes["outcome"]), list(dict.fromkeys(weights["group"]))]
    return _scaled(patients, outcomes) @ wide


def _scaled(patients: pd.DataFrame, outcomes: pd.DataFrame) -> pd.DataFrame:
    own = patients[list(outcomes["outcome"])].astype(float).dropna()
    spread = own.std(ddof=1)
    if not (spread > 0).all():
        raise ValueError(f"{spread.index[~(spread > 0)][0]!r} does not vary among patients with all outcomes")
    return own / spread * outcomes.set_index("outcome")["sign"]


def rank_agreement(values: pd.DataFrame, top: float = 0.2) -> pd.DataFrame:
    """Compare the rankings of the same patients by two groups' weights.

    Returns
    -------
    DataFrame
        One row per pair of groups: `first, second, estimate` (Spearman), `n` (patients), `n_top` (the top
        share, rounded up), `n_both` (patients in the top of both), `overlap` (n_both / n_top), `median_shift`
        (ranks that the median patient moves), `method`. Ties at the edge of the top go to the patient who
        stands first.
    """
    m = int(np.ceil(top * len(values) - 1e-9))
    rows = []
    for a, b in combinations(values, 2):
        ranks = values[[a, b]].rank(ascending=False, method="first")
        both = int(((ranks <= m).all(axis=1)).sum())
        row = {"first": a, "second": b, "estimate": float(values[a].corr(values[b], method="spearman"))}
        row |= {"n": len(values), "n_top": m, "n_both": both, "overlap": both / m if m else np.nan}
        shift = (values[a].rank() - values[b].rank()).abs().median()
        rows.append(row | {"median_shift": float(shift), "method": f"top {top:.0%}, Spearman"})
    return pd.DataFrame(rows)


def reranking(
    patients: pd.DataFrame,
    outcomes: pd.DataFrame,
    presence: pd.DataFrame,
    groups: pd.Series,
    *,
    top: float = 0.2,
    ci_level: float = 0.95,
    n_resamples: int = 500,
    seed: int = 0,
) -> pd.DataFrame:
    """Return how far the choice of stakeholder re-ranks patients, with intervals over who was interviewed.

    Interviewees are resampled within their group; the patients stay the same, because the question is about
    these patients. Resamples in which a group raises none of the codes are left out.

    Returns
    -------
    DataFrame
        `rank_agreement` of the groups' weights, with `ci_low, ci_high` (of Spearman) and `overlap_low,
        overlap_high`, percentiles of the resamples, and `n_resamples`. Empty without outcomes.
    """
    if outcomes.empty:
        return pd.DataFrame(columns=list(RERANKED))
    point = rank_agreement(
        weighted_value(patients, outcomes, weights_from_presence(presence, groups, outcomes)), top
    )
    labels = groups.reindex(presence.index).dropna()
    scaled = _scaled(patients, outcomes).to_numpy()
    spoke = np.stack([presence.loc[labels.index, list(codes)].any(axis=1) for codes in outcomes["codes"]], 1)
    members = [np.flatnonzero(labels == name) for name in dict.fromkeys(labels)]
    rng = np.random.default_rng(seed)
    n_top = int(point["n_top"].iloc[0])
    drawn = []
    for _ in range(n_resamples):
        counts = np.array([spoke[rng.choice(own, len(own))].sum(axis=0) for own in members], dtype=float)
        if counts.any(axis=1).all():
            ranks = stats.rankdata(-scaled @ (counts / counts.sum(axis=1, keepdims=True)).T, axis=0)
            drawn.append([_alike(ranks[:, [a, b]], n_top) for a, b in combinations(range(len(members)), 2)])
    ends = [(1 - ci_level) / 2, (1 + ci_level) / 2]
    limits = np.quantile(drawn, ends, axis=0) if drawn else np.full((2, len(point), 2), np.nan)
    point[["ci_low", "overlap_low"]], point[["ci_high", "overlap_high"]] = limits
    return point.assign(n_resamples=len(drawn))


def _alike(ranks: np.ndarray, n_top: int) -> tuple[float, float]:
    """Return Spearman's correlation of two rankings and the share of the top that both have."""
    return float(np.corrcoef(ranks.T)[0, 1]), float((ranks <= n_top).all(axis=1).sum() / n_top)


def reranking_sentence(table: pd.DataFrame, weights: pd.DataFrame, ci_level: float = 0.95) -> str:
    """Return how much the choice of stakeholder changes who gained most value, and where the weights part."""
    if table.empty:
        return (
            "The study does not say which outcomes of patients stand for which codes; nobody is ranked anew."
        )
    row = table.loc[table["estimate"].idxmin()]
    wide = weights.pivot(index="label", columns="group", values="weight")
    gap = (wide[row["first"]] - wide[row["second"]]).sort_values()
    ends = {"first": (gap.index[-1], gap.iloc[-1]), "second": (gap.index[0], -gap.iloc[0])}
    parts = [
        f"{row[side]} interviewees weigh {label[:1].lower()}{label[1:]} more"
        for side, (label, size) in ends.items()
        if size > 0.005
    ]
    limits = interval(row["ci_low"], row["ci_high"], ci_level)
    changed, top = int(row["n_top"] - row["n_both"]), int(row["n_top"])
    text = f"Weighed as {row['first']} and as {row['second']} interviewees would, the rankings of "
    text += f"{int(row['n'])} patients agree to {number(row['estimate'])} (Spearman; {limits} over who was "
    text += f"interviewed), and {changed} of the {top} who gained most value are others"
    return f"{text}; {listing(parts)}." if parts else f"{text}."
