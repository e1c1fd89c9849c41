"""What follows for whom, by thresholds set before: every provider's scorecard, the decisions, the answer."""

import numpy as np
import pandas as pd

from vbhc import shipped, wording
from vbhc.chapters.variation import layout
from vbhc.chapters.variation.frames import Score, how_many, many, may_be_named, named, one
from vbhc.chapters.variation.funnel import place_of
from vbhc.chapters.variation.sentences import say
from vbhc.publish.answer import READERS
from vbhc.publish.disclosure.policies import get_policy
from vbhc.publish.results import Result
from vbhc.statistics.variation.funnel import around
from vbhc.statistics.variation.reliability import rank_intervals, reliability
from vbhc.study import Study

FIRST, FEW = "its data first", "too few records"
VERDICTS = {row["verdict"]: row["what_now"] for row in shipped.rows(__file__, "verdicts.csv")}


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
        rank, rank_low, rank_high` (among those whose data are good enough); `value*`, `peers*` and `trend*`
        (second half of the series minus the first, of no half of too few) with their `_low` and `_high`;
        `verdict` (of `VERDICTS`) and `warning`, why its data come first. What is not known is missing.
    """
    units = score.providers.rename(columns={"unit": "provider"})
    error = units["standard_error"]
    fit = ~units["provider"].isin(data.loc[~data["first"].isin(["", "few"]), "provider"])
    places = rank_intervals(units["estimate"][fit], error[fit], score.tau * fit.any(), seed=seed)
    units = units.drop(columns=["standard_error", "n"]).assign(
        **around(units["estimate"], error, ci_level),
        reliability=reliability(error, score.tau),
        **places.set_axis(["rank", "rank_low", "rank_high"], axis=1).set_axis(units.index[fit]),
        verdict=verdicts(study, score),
    )
    card = data.merge(units, on="provider", how="left")
    parts = {"value": value, "peers": peers, "trend": _trend(study, patients, score, ci_level)}
    for name, part in parts.items():
        if part is not None:
            ends = {"estimate": name, "low": f"{name}_low", "high": f"{name}_high"}
            card = card.merge(part[["provider", *ends]].rename(columns=ends), on="provider", how="left")
    card["warning"] = card.pop("first")
    set_apart = card["warning"].map({"": None, "few": FEW}).where(card["warning"].isin(["", "few"]), FIRST)
    card["verdict"] = set_apart.fillna(card["verdict"]).fillna(FEW)
    return card


def verdicts(study: Study, score: Score) -> np.ndarray:
    """Return where each provider of a score lies: as expected, (far) below or above; a word of `VERDICTS`."""
    alert = study.config.variation.alert
    inner, outer = (place_of(study, score, level) for level in (alert.watch, alert.act))
    side = inner.map({"lower": "below", "higher": "above", "inside": "as expected"})
    return np.where(outer != "inside", "far " + side, side)


def _trend(study: Study, patients: pd.DataFrame, score: Score, ci_level: float) -> pd.DataFrame | None:
    """Second half of the series minus the first, of what was above expected; where the policy has both."""
    series = study.config.variation.series
    if series is None or score.few:
        return None
    frame = score.patients.assign(time=patients[series.column].astype(str)).dropna(subset="residual")
    late = frame["time"] > frame["time"].sort_values(ignore_index=True).iloc[len(frame) // 2 - 1]
    halves = frame.groupby(["provider", late])["residual"].agg(["mean", "size"]).unstack()
    policy = get_policy(study.config.disclosure)
    sizes = halves["size"].map(policy.rounded).mask(halves["size"].map(policy.hides).astype(bool))
    error = score.providers.attrs["sd"] * np.sqrt((1 / sizes).sum(axis=1, skipna=False))
    moved = (halves["mean"][True] - halves["mean"][False]).where(error.notna())
    return pd.DataFrame({"estimate": moved, **around(moved, error, ci_level)}).reset_index()


def decisions(study: Study, score: Score, card: pd.DataFrame) -> Result:
    """Show how many providers each decision falls to, and how many would by chance and true spread alone."""
    if score.few:
        return Result("decisions", says=[score.few])
    alert, judged = study.config.variation.alert, int((~card["verdict"].isin([FIRST, FEW])).sum())
    rows = pd.DataFrame([_decision(study, card, verdict, judged) for verdict in VERDICTS])
    shown = rows if rows["detail"].any() else rows.drop(columns="detail")
    words = {"Many": wording.sentence_case(many(study))}
    notes = [say("limits-named", watch=alert.watch, act=alert.act)]
    table = layout.table("decisions", shown, words, notes=notes)
    expected = int((card["verdict"] == "as expected").sum())
    told = {"expected": expected, "judged": judged, "many": many(study), "far": _far(study, card)}
    return Result("decisions", says=[say("decisions", **told)], table=table)


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


def variation_answer(study: Study, score: Score, card: pd.DataFrame, table: pd.DataFrame) -> Result:
    """Return how many differ by more than chance and true spread, and whether they can be compared.

    Parameters
    ----------
    card, table : DataFrame
        From `scorecard` and `ranks`.
    """
    if score.few:
        return Result("answer", says=[score.few], role="answer")
    alert, counts = study.config.variation.alert, card["verdict"].value_counts()
    judged = len(card) - int(counts.get(FIRST, 0) + counts.get(FEW, 0))
    below, above = (int(counts.get(f"far {side}", 0)) for side in ("below", "above"))
    told = {"judged": judged, "many": many(study), "label": score.label, "below": below, "above": above}
    chance = judged * (1 - alert.act)
    says = [say("answer", **told, chance=chance), say("answer-order", worth=_worth(table.iloc[0]))]
    if counts.get(FIRST, 0):
        says.append(say("answer-data", places=how_many(study, int(counts[FIRST]))))
    return Result("answer", says=says, role="answer")


def _worth(row: pd.Series) -> str:
    share = row["places"] / row["things"]
    return "almost nothing" if share > 0.5 else "little" if share > 0.25 else "something"


def variation_for_readers(study: Study, score: Score, card: pd.DataFrame) -> list[Result]:
    """Return one line for each reader, from the results themselves; none where nothing can be said."""
    if score.few:
        return []
    sd, tau = score.providers.attrs["sd"], score.tau
    data_first = int((card["verdict"] == FIRST).sum())
    apart = f": that alone sets {how_many(study, data_first)} apart here" if data_first else ""
    words = {"many": wording.sentence_case(many(study)), "label": score.label, **score.tau_ends}
    differ = say("differ-truly" if tau else "differ-not", tau=tau, **words)
    told = {"apart": apart, "one": one(study), "differ": differ, "sd": sd}
    return [Result(f"for-the-{reader}", says=[say(f"for-the-{reader}", **told)]) for reader in READERS]
