"""What makes the tie as large as it is: noise, spread of cost, whose care cost more; the most it could be."""

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vbhc import instruments, wording
from vbhc.chapters.perception import layout
from vbhc.chapters.perception.sentences import say
from vbhc.chapters.perception.ties import called, names, rating
from vbhc.chapters.value.quota.declared import Definition
from vbhc.cleaning.scoring import items_of, visits_of
from vbhc.instruments.reliability import reliability
from vbhc.publish.figure_style import DOWN, LINE, TOTAL, UP, drawable, is_narrow, nothing_to_draw
from vbhc.publish.findings.made import in_both
from vbhc.publish.interval_figure import frame_rows, name_row
from vbhc.publish.results import Result
from vbhc.statistics.correlation.rank import spearman_rho
from vbhc.statistics.correlation.waterfall import CAPPED, ceiling, waterfall
from vbhc.study import Study
from vbhc.study.config import InstrumentUse
from vbhc.wording import number


class Noise(NamedTuple):
    """Reliability of perception and of the outcome (None where the study cannot tell), and the sentence."""

    perception: float | None
    outcome: float | None
    sentence: str


def noise(study: Study, patients: pd.DataFrame, vq: Definition) -> Noise:
    """Return how reliable the study's perception and the outcome of its VQ are in these patients.

    Cronbach's alpha for a score that adds up items, Mosier's formula for one made of such scores, Lord's for
    a gain. A single question, an index of valued states, and other forms of outcome have none of these.
    """
    seen = _perception(study, patients)
    outcome = follow_up = score_reliability(study, patients, vq.outcome, study.follow_up)
    if vq.form == "gain" and follow_up is not None:
        before = score_reliability(study, patients, vq.outcome, study.baseline)
        first, last = (patients[f"{vq.outcome}_{visit}"] for visit in (study.baseline, study.follow_up))
        outcome = gain_reliability(first, last, before, follow_up)
    elif vq.form != "follow-up":
        outcome = None
    usable = [r if r is not None and 0 < r <= 1 else None for r in (seen, outcome)]
    of_gain = vq.form == "gain" and usable[1] is not None
    said = [noise_sentence(*usable), *([say("noise-of-gain")] if of_gain else [])]
    return Noise(usable[0], usable[1], " ".join(said))


def _perception(study: Study, patients: pd.DataFrame) -> float | None:
    plan = study.config.perception
    stems = [(plan.column.removesuffix(f"_{visit}"), visit) for visit in study.config.visits]
    stems = [(plan.column, ""), (plan.column, plan.asked_at), *(s for s in stems if s[0] != plan.column)]
    known = (score_reliability(study, patients, stem, visit) for stem, visit in stems)
    return next((r for r in known if r is not None), None)


def score_reliability(study: Study, patients: pd.DataFrame, stem: str, visit: str) -> float | None:
    """Return the reliability of a scored column at a visit ("" = asked once); None where it has none."""
    for use in study.config.instruments.values():
        scales = {scale.column: scale for scale in instruments.scales(use.instrument, **use.scored_with)}
        own = next((name for name in scales if use.column(name) == stem), None)
        if own and visit in visits_of(study, use) and not use.instrument.startswith("eq5d"):
            return _of_scale(scales, own, use, patients, visit)
    return None


def _of_scale(scales: dict, name: str, use: InstrumentUse, patients, visit: str) -> float | None:
    if scales[name].parts:
        return _of_parts(scales, name, use, patients, visit)
    answers = instruments.get(use.instrument).answers(items_of(use, visit, patients), **use.scored_with)
    answers = answers[list(scales[name].items or answers.columns)].dropna()
    if answers.shape[1] < 2 or len(answers) < 3:
        return None
    return float(reliability(answers)["alpha"].iloc[0])


def _of_parts(scales: dict, name: str, use: InstrumentUse, patients, visit: str) -> float | None:
    """Return the reliability of the mean of part scores: 1 - noise of the parts / variance of the mean."""
    columns = [use.column(part, visit) for part in scales[name].parts]
    own = [_of_scale(scales, part, use, patients, visit) for part in scales[name].parts]
    if any(r is None for r in own) or not set(columns) <= set(patients):
        return None
    return composite_reliability(patients[columns], own)


def composite_reliability(parts: pd.DataFrame, reliabilities: list[float]) -> float:
    """Return the reliability of the mean of scores with these reliabilities (Mosier 1943).

    Psychometrika 8:161: one minus the noise of the parts over the variance of their sum.
    Patients without all parts are left out; NaN where the mean does not vary.
    """
    complete = parts.dropna().astype(float)
    noise_of_parts = (complete.var(ddof=1).to_numpy() * (1 - np.asarray(reliabilities))).sum()
    total = complete.sum(axis=1).var(ddof=1)
    return float(1 - noise_of_parts / total) if total > 0 else np.nan


def gain_reliability(
    before: pd.Series, after: pd.Series, reliability_before: float | None, reliability_after: float | None
) -> float | None:
    """Return the reliability of follow-up minus baseline (Lord 1963): its true over its observed variance.

    Patients without both are left out. A gain is noisier than either visit, the more so the more the two go
    together. The noise of the two visits is taken to be unrelated; where a patient errs alike at both (the
    same items, the same mood) the gain is more reliable than this and the ceiling higher. None where a
    reliability is unknown or the gain does not vary.
    """
    both = pd.concat([before, after], axis=1).dropna().astype(float)
    gain = (both.iloc[:, 1] - both.iloc[:, 0]).var(ddof=1)
    if reliability_before is None or reliability_after is None or not gain > 0:
        return None
    noisy = 1 - np.array([reliability_before, reliability_after])
    return float(1 - (both.var(ddof=1).to_numpy() * noisy).sum() / gain)


def noise_sentence(perception: float | None, outcome: float | None) -> str:
    """Return how reliable the two measures are, or for which of them these data cannot tell."""
    found = {"perception": perception, "the outcome": outcome}
    known = [f"that of {name} is {number(r)}" for name, r in found.items() if r is not None]
    unknown = [name for name, r in found.items() if r is None]
    how_many = "unknown" if not known else "part" if unknown else "known"
    return say(f"noise-{how_many}", known=" and ".join(known), unknown="".join(unknown))


def how_noisy(found: Noise) -> Result:
    """Say how reliable what patients say and their outcome are."""
    return Result("reliability", says=[found.sentence])


def follow_the_tie(frame: pd.DataFrame, noise: Noise, seed: int) -> pd.DataFrame:
    """Return the steps from the tie with the outcome to that with the quota: see `waterfall`."""
    perceived, outcome, cost = frame["answer"], frame["outcome"], frame["cost"]
    return waterfall(perceived, outcome, cost, noise.perception, noise.outcome, seed=seed)


def steps_drawn(study: Study, vq: Definition, steps: pd.DataFrame) -> Result:
    """Draw the steps; where there is nothing to follow, say why."""
    if steps.empty:
        return Result("waterfall", says=[steps.attrs.get("reason", "There is nothing to follow.")])
    ways = {f"perception with {side}": f"with {name}" for side, name in names(vq).items()}
    named = steps.assign(step=steps["step"].replace(ways))
    words = {"rating": rating(study), "n": int(steps["n"].iloc[0])}
    words["low"] = f" {layout.WORDS['too low']}" if steps["step"].iloc[0] == CAPPED else ""
    shown, title = named[["step", "start", "end", "kind", "n"]], largest_step(named)
    drawn = layout.drawing("waterfall", shown, plot_waterfall, title, words, rows=len(steps))
    return Result("waterfall", drawing=drawn)


def largest_step(steps: pd.DataFrame) -> str:
    """Return what changes the tie most on the way; the steps are sizes, with no interval of their own."""
    changes = steps[steps["kind"] == "change"]
    largest = changes.loc[changes["change"].abs().idxmax()]
    if abs(largest["change"]) < LEAST:
        return "No step changes the correlation by 0.01"
    verb = "takes away" if largest["change"] < 0 else "adds"
    return say("largest-step", step=largest["step"], verb=verb, size=abs(largest["change"]))


def largest_possible(frame: pd.DataFrame, noise: Noise, seed: int) -> pd.DataFrame:
    """Return the largest tie with the quota that ties, spread of cost and noise allow: see `ceiling`."""
    known = (noise.perception or 1.0, noise.outcome or 1.0)  # 1, no noise, for what is not known
    return ceiling(frame["answer"], frame["outcome"], frame["cost"], *known, seed=seed)


def how_large(study: Study, vq: Definition, frame: pd.DataFrame, limits: pd.DataFrame) -> Result:
    """Say how large the tie could be had the rating gone perfectly with the outcome, and how large it is."""
    if limits["reason"].iloc[0]:
        return Result("ceiling", says=[limits["reason"].iloc[0]])
    known = frame.dropna()
    seen = spearman_rho(known["answer"].to_numpy(), known["VQ"].to_numpy())
    noisy = limits["estimate"].iloc[2] < limits["estimate"].iloc[1]
    told = {"most": limits["estimate"].iloc[-1], "taken": _what_takes(limits)}
    told |= {"seen": in_both(seen, seen, seen, n=len(known), places=2)[0]}
    says = [say("ceiling", **called(study, vq), **told, n=len(known))]
    if seen > limits["estimate"].iloc[-1]:
        says.append(say("ceiling-above-noisy" if noisy else "ceiling-above"))
    return Result("ceiling", says=[" ".join(says)], counts=[len(known)])


def _what_takes(limits: pd.DataFrame) -> str:
    """The limits that take 0.01 or more from a perfect tie; none is named that takes less."""
    steps = -limits["estimate"].diff().fillna(limits["estimate"].iloc[0] - 1)
    causes = [name for name, taken in zip(LIMITED_BY, steps, strict=True) if taken >= LEAST]
    return f", kept down by {wording.listing(causes)}" if causes else ""


LIMITED_BY = ("ties among the answers", "the spread of cost", "the noise of the measures")
LEAST = 0.005


def how_large_in_full(study: Study, vq: Definition, frame: pd.DataFrame, limits: pd.DataFrame) -> Result:
    """Show each limit in turn, and the sentence of `how_large`."""
    said = how_large(study, vq, frame, limits)
    if limits["reason"].iloc[0]:
        return said
    noisy = limits["estimate"].iloc[2] < limits["estimate"].iloc[1]
    shown = limits.head(3 if noisy else 2)[["limit", "estimate", "n"]]
    return replace(said, table=layout.table("ceiling", shown, {"quota": names(vq)["VQ"]}))


def plot_waterfall(data: pd.DataFrame, ax: Axes) -> Axes:
    """Draw the steps of `waterfall` as rows: totals, and the changes between them."""
    shown = drawable(data, "start", "end")
    if shown.empty:
        return nothing_to_draw(ax, str(data.attrs.get("reason", "There is nothing to follow.")))
    ax.axvline(0, color=LINE, linewidth=0.8)
    for at, row in enumerate(shown.itertuples()):
        colour, hatch = _bar_look(row.kind, row.end - row.start)
        look: dict[str, Any] = {"color": colour, "hatch": hatch, "edgecolor": "white", "height": 0.3}
        ax.barh(at, row.end - row.start, left=row.start, **look)
        if at + 1 < len(shown):
            ax.plot([row.end, row.end], [at + 0.15, at + 0.85], color=LINE, linewidth=0.8)
        size = number(row.end) if row.kind == "total" else f"{row.end - row.start:+.2f}"
        name_row(ax, at, str(row.step), size, is_narrow(ax), row.kind == "total")
    frame_rows(ax, len(shown), "Spearman's ρ", is_narrow(ax), False)
    left, right = ax.get_xlim()
    ax.set_xlim(left, right + 0.2 * (right - left))  # room for the numbers of a phone
    return ax


def _bar_look(kind: str, change: float) -> tuple[str, str]:
    if kind == "total":
        return TOTAL, ""
    return (DOWN, "///") if change < 0 else (UP, "\\\\\\")
