"""How far a score wavers by itself, beside the smallest change that is said to matter to one patient."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vbhc import instruments, wording
from vbhc.chapters.cleaning import layout
from vbhc.chapters.cleaning.fates import outcome_name, outcome_stem
from vbhc.chapters.cleaning.scale_quality import MOST_AT_AN_END
from vbhc.chapters.cleaning.sentences import say
from vbhc.cleaning.scoring import items_of, scale_of
from vbhc.instruments.instrument import INDIVIDUAL, Scale
from vbhc.instruments.reliability import reliability
from vbhc.publish.disclosure.policies import get_policy
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
        Clin Epidemiol 59:1033-9), its ends from Feldt's interval of alpha; `beyond_estimate, beyond_low,
        beyond_high`: `BEYOND` times that. Alpha is over the items of the score, or over the scores that it
        averages; complete answers only. No row where the score adds up nothing (one item, an EQ-5D index).
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
    beyond = _coarse(study, {name: BEYOND * size for name, size in error.items()})
    row = _coarse(study, error) | {f"beyond_{name}": size for name, size in beyond.items()}
    table = pd.DataFrame([{**row, "n": int(alpha["n"]), "alpha": alpha["alpha"]}])
    return table[np.isfinite(table["estimate"])]


def _coarse(study: Study, sizes: dict[str, float]) -> dict[str, float]:
    """Return a size and its ends, where people are protected in steps of a tenth of their width at least.

    Feldt's ends are the size times what n and the number of scores make of it: 6.8 (5.6 to 8.1) and 18.7
    (15.4 to 22.3) are of 76 or 77 people.
    """
    width = sizes["high"] - sizes["low"]
    if not (get_policy(study.config.disclosure).protects and width > 0):
        return sizes
    step = 10.0 ** np.ceil(np.log10(width / 10))
    return {name: round(size / step) * step for name, size in sizes.items()}


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
    places = int(any(size % 1 for size in ends.values()))
    claim = Claim("level", what, n=int(row["n"]), unit="points", decimals=places, **ends)
    data, title = _rows(row, matters), _title(name, row["estimate"], matters)
    drawn = layout.drawing("measurement-error", data, _draw, title, {"name": name}, **height_of(data))
    return Result("measurement-error", says=[claim, *_beside(name, row, matters)], drawing=drawn)


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
    rows += [{"label": ERROR, **row[ends]}, {"label": CHANGE, **{end: row[f"beyond_{end}"] for end in ends}}]
    return pd.DataFrame(rows)


def _beside(name: str, error: pd.Series, matters: pd.DataFrame) -> list[str]:
    """Say what the change that matters is in standard errors, and which thresholds are for none."""
    size, least = _single(matters), round(error["beyond_estimate"], 1)
    if size is None:
        return [say("none-on-record", name=name), say("told-from-noise", least=least, only_groups="")]
    others = [f"{value:g}" for value in matters.loc[matters["kind"] != INDIVIDUAL, "value"].unique()]
    groups = say("for-groups", others=wording.listing(others)) if others else ""
    told = "" if size > least else ": the threshold counts groups, it labels nobody"
    beyond = say("told-from-noise", least=least, only_groups=told)
    return [say("beside-noise", size=size, times=size / error["estimate"]), beyond, groups]


def _title(name: str, error: float, matters: pd.DataFrame) -> str:
    size = _single(matters)
    if size is None:
        return say("error-title", name=name, error=error)
    return say("error-title-matters", size=size, times=size / error)


def trust_in_scores(
    study: Study, patients: pd.DataFrame, behaviour: pd.DataFrame, alphas: pd.DataFrame, error: pd.DataFrame
) -> Result:
    """Return the answer: noise against threshold, scores with room at both ends, reliable scales."""
    scored = behaviour[behaviour["n"] > 0]
    free = (scored[["floor_share", "ceiling_share"]] <= MOST_AT_AN_END).all(axis=1)
    says = [_against_noise(study, patients, error), say("room", free=int(free.sum()), scales=len(scored))]
    if len(alphas):
        sound = int((alphas["alpha"] >= FOR_GROUPS).sum())
        says.append(say("sound", enough=FOR_GROUPS, sound=sound, scales=len(alphas)))
    return Result("answer", says=says, role="answer")


def _against_noise(study: Study, patients: pd.DataFrame, error: pd.DataFrame) -> str:
    size = _single(thresholds(study, patients))
    if error.empty or size is None:
        return ""
    noise, name = round(error["beyond_estimate"].iloc[0], 1), outcome_name(study, patients)
    said = "exceeds" if size > noise else "does not exceed"
    return say("against-noise", name=name, size=size, said=said, noise=noise)
