"""What follows for whom, by thresholds set before: the scorecard of every provider, and the decisions."""

import numpy as np
import pandas as pd

from vbhc import wording
from vbhc.chapters.variation.comparable import named
from vbhc.chapters.variation.frames import Score, many, may_be_named
from vbhc.chapters.variation.funnel import place_of
from vbhc.publish.results import Result, Table
from vbhc.statistics.variation.funnel import quantile
from vbhc.statistics.variation.reliability import rank_intervals, reliability
from vbhc.study import Study

FIRST, FEW = "its data first", "too few records"
VERDICTS = {
    FIRST: "Mend answers and coding, then compare.",
    FEW: "Wait, or join years.",
    "far below": "Find out why, on site.",
    "below": "Wait for next year.",
    "as expected": "Nothing.",
    "above": "Wait for next year.",
    "far above": "Visit and learn.",
}


def scorecard(
    study: Study,
    patients: pd.DataFrame,
    score: Score,
    data: pd.DataFrame,
    value: pd.DataFrame | None = None,
    peers: pd.DataFrame | None = None,
    ci_level: float = 0.95,
    seed: int = 1,
) -> pd.DataFrame:
    """Return everything that is known of each provider, a row each, for its analyst and its own page.

    Parameters
    ----------
    data, value, peers : DataFrame
        From `registration`, `value_by_provider` and `beside_peers`.

    Returns
    -------
    DataFrame
        `provider`, the columns of `data`; `estimate, low, high` (above what was expected), `reliability,
        rank, rank_low, rank_high`; `value*`, `peers*` and `trend*` (second half of the series minus the
        first) with their `_low` and `_high`; `verdict` (of `VERDICTS`) and `warning`, why its data come
        first. What is not known is missing.
    """
    units = score.providers.rename(columns={"unit": "provider"})
    reach = quantile(ci_level) * units["standard_error"]
    places = rank_intervals(units["estimate"], units["standard_error"], score.tau, seed=seed)
    units = units.assign(
        low=units["estimate"] - reach,
        high=units["estimate"] + reach,
        reliability=reliability(units["standard_error"], score.tau),
        rank=places["rank"],
        rank_low=places["low"],
        rank_high=places["high"],
        verdict=_verdicts(study, score),
    ).drop(columns=["standard_error", "n"])
    card = data.merge(units, on="provider", how="left")
    parts = {"value": (value, "estimate"), "peers": (peers, "difference")}
    parts["trend"] = (_trend(study, patients, score, ci_level), "estimate")
    for name, (part, column) in parts.items():
        if part is not None:
            renamed = {column: name, "low": f"{name}_low", "high": f"{name}_high"}
            card = card.merge(part[["provider", *renamed]].rename(columns=renamed), on="provider", how="left")
    card["warning"] = card.pop("first")
    set_apart = card["warning"].map({"": None, "few": FEW}).where(card["warning"].isin(["", "few"]), FIRST)
    card["verdict"] = set_apart.fillna(card["verdict"]).fillna(FEW)
    return card


def _verdicts(study: Study, score: Score) -> np.ndarray:
    alert = study.config.variation.alert
    inner, outer = (place_of(study, score, level) for level in (alert.watch, alert.act))
    side = inner.map({"lower": "below", "higher": "above", "inside": "as expected"})
    return np.where(outer != "inside", "far " + side, side)


def _trend(study: Study, patients: pd.DataFrame, score: Score, ci_level: float) -> pd.DataFrame | None:
    """Second half of the series minus the first, of what was above expected."""
    series = study.config.variation.series
    if series is None or score.few:
        return None
    frame = score.patients.assign(time=patients[series.column].astype(str)).dropna(subset="residual")
    late = frame["time"] > frame["time"].sort_values(ignore_index=True).iloc[len(frame) // 2 - 1]
    halves = frame.groupby(["provider", late])["residual"].agg(["mean", "size"]).unstack()
    error = score.providers.attrs["sd"] * np.sqrt((1 / halves["size"]).sum(axis=1, skipna=False))
    moved = halves["mean"][True] - halves["mean"][False]
    reach = quantile(ci_level) * error
    made = pd.DataFrame({"estimate": moved, "low": moved - reach, "high": moved + reach})
    return made.rename_axis("provider").reset_index()


def decisions(study: Study, score: Score, card: pd.DataFrame) -> Result:
    """Show how many providers each decision falls to, and how many would by chance and true spread alone."""
    if score.few:
        return Result("decisions", says=[score.few])
    alert, judged = study.config.variation.alert, int((~card["verdict"].isin([FIRST, FEW])).sum())
    rows = [_decision(study, card, verdict, judged) for verdict in VERDICTS]
    table = Table(
        pd.DataFrame(rows),
        "What follows, by thresholds set beforehand",
        labels={"about": "Against what was expected", "things": wording.sentence_case(many(study))},
        notes=[
            f"Below, above: beyond the {wording.level_name(alert.watch)} limits with true spread; far: "
            f"beyond the {wording.level_name(alert.act)} limits."
        ],
    )
    expected = int((card["verdict"] == "as expected").sum())
    said = f"For {expected} of {judged} {many(study)} that can be judged nothing follows. {_far(study, card)}"
    return Result("decisions", says=[said], table=table)


def _decision(study: Study, card: pd.DataFrame, verdict: str, judged: int) -> dict:
    alert = study.config.variation.alert
    far, near = (1 - alert.act) / 2, (1 - alert.watch) / 2
    shares = {"far below": far, "far above": far, "below": near - far, "above": near - far}
    own = card.loc[card["verdict"] == verdict, "provider"].tolist()
    quiet = not own or not may_be_named(study) or verdict in (FIRST, FEW, "as expected") or len(own) > 6
    return {
        "about": verdict,
        "things": len(own),
        "by_chance": judged * shares.get(verdict, 1 - 2 * near) if verdict not in (FIRST, FEW) else np.nan,
        "inference": VERDICTS[verdict],
        "detail": "" if quiet else named(study, own),
    }


def _far(study: Study, card: pd.DataFrame) -> str:
    found = {v: card.loc[card["verdict"] == v, "provider"].tolist() for v in ("far below", "far above")}
    parts = [f"{named(study, own)} {verdict}" for verdict, own in found.items() if own]
    return f"Somebody has to look at {' and '.join(parts)}." if parts else "Nothing calls for a visit."
