"""The multiverse of one study, with every choice and its tier taken from `study.yml`."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from vbhc.chapters.deaths import deaths
from vbhc.chapters.perception.multiverse.definitions import REASONS, Multiverse, Outcome, Pair, define
from vbhc.chapters.value.missing_data import imputed
from vbhc.chapters.value.opening import Judged, study_outcomes, turned
from vbhc.chapters.value.quota.declared import outcome_name
from vbhc.study import Study

SMALLEST_SHARE = 0.02  # of the sum of costs: a component below it cannot move anything
MOST_PERIMETERS = 4
FEW_ANSWERS = 10
ROUNDS = 5  # of chained equations
DEAD_INDEX = 0.0


def multiverse_for_study(
    study: Study, patients: pd.DataFrame, columns: pd.DataFrame, n_imputations: int = 5, seed: int = 1
) -> Multiverse:
    """Lay out every definition of value that this study's data allow, each choice tiered with its reason.

    Outcomes are the declared one and the summary scores of every instrument scored at both visits; forms,
    rules for missing and negative values and coefficients those of `REASONS`; cost perimeters all components,
    the largest alone, and all without one of the larger; perception as answered and in the two-way split
    that reports often use. Net benefit is taken at the price that the group paid on average (mean cost over
    mean gain), and left out where the mean gain is not positive.

    Parameters
    ----------
    study, patients, columns
        The study, its clean patients and their dictionary (`cleaning.load_patients`, `load_columns`).
    n_imputations, seed
        Copies for the imputed choice (chained equations over all outcomes, perception, log cost and numeric
        covariates); 0 leaves the choice out. The dead count as the worst (an index: 0) in every copy.

    Returns
    -------
    Multiverse
        For `run`, `joint_test` and `choices`.

    Raises
    ------
    ValueError
        If the study has no costs, no perception or no outcome at two visits.
    """
    if study.config.cost is None or "perceived_value" not in patients:
        raise ValueError("a multiverse of value needs costs and a perception; this study lacks one")
    stems, outcome_tiers = study_outcomes(study, columns)
    if not stems:
        raise ValueError("no outcome was scored at the first and the last visit")
    pairs = {stem: _pair(study, patients, columns, stem) for stem in stems}
    costs, cost_tiers = perimeters(study, patients)
    answers = _answers(patients["perceived_value"].astype(float))
    rows = _imputed(study, patients, pairs, n_imputations, seed)
    total = next(iter(costs.values()))
    prices = {stem: _price_paid(pair, total) for stem, pair in pairs.items()}
    names = _names(study, columns, stems)
    outcomes = {names[stem]: Outcome(*pairs[stem], prices[stem], rows.get(stem, ())) for stem in stems}
    tiers = {"outcome": {names[stem]: tier for stem, tier in outcome_tiers.items()}, "cost": cost_tiers}
    return define(outcomes, costs, answers, tiers=tiers)


def _names(study: Study, columns: pd.DataFrame, stems: list[str]) -> dict[str, str]:
    """Return each outcome's label without its visit, or its stem where two would share one."""
    names = {stem: outcome_name(study, columns, stem) for stem in stems}
    shown = list(names.values())
    return {stem: name if shown.count(name) == 1 else stem for stem, name in names.items()}


def _pair(study: Study, patients: pd.DataFrame, columns: pd.DataFrame, stem: str) -> Pair:
    """Return baseline and follow-up of an outcome, turned so that higher is better (on its own scale)."""
    names = [f"{stem}_{study.baseline}", f"{stem}_{study.follow_up}"]
    scale = columns.set_index("name").loc[names[1]]
    return tuple(turned(patients[name].astype(float), scale) for name in names)


def _price_paid(pair: Pair, cost: pd.Series) -> float | None:
    """Return mean cost over mean gain; None where nothing was gained on average."""
    gain = pair[1] - pair[0]
    known = gain.notna() & cost.notna()
    mean = gain[known].mean()
    return float(cost[known].mean() / mean) if mean > 0 else None


def perimeters(study: Study, patients: pd.DataFrame) -> tuple[dict[str, pd.Series], Judged]:
    """Return the total cost, its largest component alone, and the total without each of the larger ones."""
    total = patients[study.cost_column].astype(float)
    parts = {name: patients[study.cost_component_column(name)] for name in study.config.cost.components}
    shares = pd.Series({name: part.sum() for name, part in parts.items()}).sort_values(ascending=False)
    shares = shares / shares.sum() if shares.sum() > 0 else shares
    costs = {"all components": total}
    for place, name in enumerate(shares.index if len(parts) > 1 else ()):
        words, part = name.replace("_", " "), parts[name].astype(float)
        if not place:
            costs[f"only {words}"] = part
        elif place < MOST_PERIMETERS - 1 and shares[name] >= SMALLEST_SHARE:
            costs[f"without {words}"] = total - part
    written = REASONS["cost"]  # of a part by what is done with it: "only", "without"
    return costs, {name: written.get(name) or written[name.partition(" ")[0]] for name in costs}


def _answers(perceived: pd.Series) -> dict[str, pd.Series]:
    """Return perception as answered and split in two."""
    answers, known = {"as answered": perceived}, perceived.dropna()
    if known.nunique() < 3:
        return answers
    few = known.nunique() <= FEW_ANSWERS
    name, edge = ("best answer or not", known.max()) if few else ("upper half or not", known.median())
    split = (perceived >= edge).astype(float).where(perceived.notna())
    return answers | {name: split} if split.nunique() > 1 else answers


def _imputed(
    study: Study, patients: pd.DataFrame, pairs: Mapping[str, tuple], n_imputations: int, seed: int
) -> dict[str, tuple[Pair, ...]]:
    """Return, per outcome, imputed pairs of baseline and follow-up; empty where nothing is to be imputed."""
    if n_imputations < 2 or not any(after.isna().any() for _, after in pairs.values()):
        return {}
    dead = deaths(study, patients)
    frame = _imputation_frame(study, patients, pairs)
    try:
        copies = imputed(study, frame[~dead], n_imputations, seed, ROUNDS)
    except ValueError:  # too few answers to learn from: the choice is left out
        return {}
    found = {}
    for stem, (before, after) in pairs.items():
        if f"{stem} after" not in frame:  # nobody has one, or all have the same: nothing was imputed
            continue
        lowest = DEAD_INDEX if stem in study.config.utilities else float(np.nanmin(after))
        filled = []
        for copy in copies:
            whole = copy.reindex(frame.index)
            start = whole.get(f"{stem} before", before).fillna(before)
            end = whole[f"{stem} after"].mask(dead & after.isna(), lowest)
            filled.append((start, end.where(after.isna(), after)))
        found[stem] = tuple(filled)
    return found


def _imputation_frame(study: Study, patients: pd.DataFrame, pairs: Mapping[str, tuple]) -> pd.DataFrame:
    """Return what is imputed from: both visits of all outcomes, perception, log cost, numeric covariates."""
    frame = pd.DataFrame(
        {f"{stem} {when}": values for stem, pair in pairs.items()
         for when, values in zip(("before", "after"), pair, strict=True)}
    )  # fmt: skip
    cost = patients[study.cost_column].astype(float)
    frame["log cost"] = np.log(cost.where(cost > 0))
    frame["perceived_value"] = patients["perceived_value"].astype(float)
    for name in study.config.covariates:
        if name in patients and pd.api.types.is_numeric_dtype(patients[name]):
            frame[name] = patients[name].astype(float)
    return frame.loc[:, frame.nunique() > 1]
