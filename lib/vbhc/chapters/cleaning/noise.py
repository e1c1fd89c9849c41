"""How far a score wavers by itself, beside the smallest change that is said to matter to one patient."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vbhc import instruments, wording
from vbhc.chapters.cleaning import layout
from vbhc.chapters.cleaning.fates import outcome_name, outcome_stem
from vbhc.chapters.cleaning.scale_quality import MOST_AT_AN_END
from vbhc.cleaning.scoring import items_of, scale_of
from vbhc.instruments.instrument import INDIVIDUAL, Scale
from vbhc.instruments.reliability import reliability
from vbhc.publish.interval_figure import draw_intervals, height_of
from vbhc.publish.results import Claim, Result
from vbhc.study import Study
from vbhc.study.config import InstrumentUse

FOR_GROUPS = 0.7  # Terwee 2007: alpha from 0.70 to 0.95 is adequate for comparing groups
BEYOND = 1.96 * 2**0.5  # of a standard error: what the change of one stable patient exceeds 1 time in 20
MATTERS, ERROR, CHANGE = ("change that matters", "one standard error", "change beyond noise")


def measurement_error(study: Study, patients: pd.DataFrame, ci_level: float = 0.95) -> pd.DataFrame:
    """Return the standard error of measurement of the followed outcome, from its first visit.

    Returns
    -------
    DataFrame
        One row `estimate, low, high, n, alpha`: SD x sqrt(1 - alpha) in points of the score (de Vet 2006, J
        Clin Epidemiol 59:1033-9), its ends from Feldt's interval of alpha. Alpha is over the items of the
        score, or over the scores that it averages; complete answers only. No row where the score adds up
        nothing (one item, an EQ-5D index).
    """
    stem = outcome_stem(study, patients)
    found = scale_of(study, stem)
    values = patients.get(f"{stem}_{study.baseline}") if stem else None
    answers = _answers(*found, study.baseline, patients) if found and values is not None else pd.DataFrame()
    if answers.shape[1] < 2 or len(answers.dropna()) < 3:
        return pd.DataFrame(columns=["estimate", "low", "high", "n", "alpha"])
    alpha = reliability(answers, ci_level).iloc[0]
    spread = values.astype(float).std()
    error = {
        name: spread * np.sqrt(max(1 - alpha[other], 0))
        for name, other in {"estimate": "alpha", "low": "high", "high": "low"}.items()
    }
    table = pd.DataFrame([{**error, "n": int(alpha["n"]), "alpha": alpha["alpha"]}])
    return table[np.isfinite(table["estimate"])]


def _answers(use: InstrumentUse, scale: Scale, visit: str, patients: pd.DataFrame) -> pd.DataFrame:
    """Return what a score adds up at a visit: its items, or the scores that are its parts."""
    if use.instrument.startswith("eq5d"):
        return pd.DataFrame()
    if scale.parts:
        return patients[[use.column(part, visit) for part in scale.parts]].astype(float)
    items = items_of(use, visit, patients)
    given = instruments.get(use.instrument).answers(items, **use.scored_with)
    return given[list(scale.items)] if scale.items else given


def show_error(study: Study, patients: pd.DataFrame, error: pd.DataFrame) -> Result | None:
    """Show the outcome's own wavering beside the change said to matter; None where unknown."""
    if error.empty or not error["estimate"].iloc[0] > 0:
        return None
    name, matters = outcome_name(study, patients), thresholds(study, patients)
    row = error.iloc[0]
    ends: dict[str, Any] = {end: float(row[end]) for end in ("estimate", "low", "high")}
    what = f"one standard error of measurement of the {name}"
    claim = Claim("level", what, n=int(row["n"]), unit="points", decimals=1, **ends)
    data, title = _rows(row, matters), _title(name, row["estimate"], matters)
    drawn = layout.drawing("measurement-error", data, _draw, title, {"name": name}, **height_of(data))
    return Result("measurement-error", says=[claim, *_beside(name, row["estimate"], matters)], drawing=drawn)


def _draw(data: pd.DataFrame, ax: Axes, xlabel: str) -> Axes:
    """Draw the sizes from nothing on, the first row full."""
    draw_intervals(data, ax, xlabel=xlabel, zero=None)
    ax.set_xlim(left=0)
    return ax


def thresholds(study: Study, patients: pd.DataFrame) -> pd.DataFrame:
    """Return what is on record as a change that matters on the followed outcome: `value, kind, source`."""
    found = scale_of(study, outcome_stem(study, patients))
    known = instruments.mcids(found[0].instrument) if found else pd.DataFrame(columns=["column"])
    return known[known["column"] == found[1].column].sort_values("value") if found else known


def _single(matters: pd.DataFrame) -> float | None:
    """The smallest change on record that matters to one patient."""
    own = matters[matters["kind"] == INDIVIDUAL] if len(matters) else matters
    return float(own["value"].iloc[0]) if len(own) else None


def _rows(row: pd.Series, matters: pd.DataFrame) -> pd.DataFrame:
    size, ends = _single(matters), ["estimate", "low", "high"]
    rows = [] if size is None else [{"label": MATTERS, "estimate": size, "low": np.nan, "high": np.nan}]
    rows += [{"label": ERROR, **row[ends]}, {"label": CHANGE, **(BEYOND * row[ends].astype(float))}]
    return pd.DataFrame(rows)


def _beside(name: str, error: float, matters: pd.DataFrame) -> list[str]:
    """Say what the change that matters is in standard errors, and which thresholds are for none."""
    size = _single(matters)
    least = wording.number(BEYOND * error, 1)
    beyond = f"One patient's change has to exceed {least} points to be told from noise"
    if size is None:
        return [f"No change that matters to one patient is on record for the {name}.", f"{beyond}."]
    ratio = f"{size:g} points, put forward as the smallest change that matters to one patient, are "
    others = [f"{value:g}" for value in matters.loc[matters["kind"] != INDIVIDUAL, "value"].unique()]
    groups = f"On record for groups, so not for one patient: {wording.listing(others)}." if others else ""
    told = "" if size > BEYOND * error else ": the threshold counts groups, it labels nobody"
    return [f"{ratio}{wording.number(size / error, 1)} of it.", f"{beyond}{told}.", groups]


def _title(name: str, error: float, matters: pd.DataFrame) -> str:
    size = _single(matters)
    if size is None:
        return f"The {name} wavers by {wording.number(error, 1)} points of itself"
    ratio = wording.number(size / error, 1)
    return f"{size:g} points, said to matter to a patient, are {ratio} standard errors of measurement"


def trust_in_scores(
    study: Study, patients: pd.DataFrame, behaviour: pd.DataFrame, alphas: pd.DataFrame, error: pd.DataFrame
) -> Result:
    """Return the answer: noise against threshold, scores with room at both ends, reliable scales."""
    scored = behaviour[behaviour["n"] > 0]
    free = (scored[["floor_share", "ceiling_share"]] <= MOST_AT_AN_END).all(axis=1)
    says = [
        _against_noise(study, patients, error),
        f"{int(free.sum()):,} of {len(scored):,} scales, each time counted, leave room at both ends.",
    ]
    if len(alphas):
        sound = int((alphas["alpha"] >= FOR_GROUPS).sum())
        enough = f"Alpha reaches {FOR_GROUPS}, enough to compare groups"
        says.append(f"{enough}, on {sound} of {len(alphas)} scales.")
    return Result("answer", says=says, role="answer")


def _against_noise(study: Study, patients: pd.DataFrame, error: pd.DataFrame) -> str:
    size = _single(thresholds(study, patients))
    if error.empty or size is None:
        return ""
    noise, name = BEYOND * error["estimate"].iloc[0], outcome_name(study, patients)
    said = "exceeds" if size > noise else "does not exceed"
    return (
        f"On the {name} the smallest change that matters, {size:g} points, {said} the "
        f"{wording.number(noise, 1)} points by which one patient's change may be noise."
    )
