"""What thresholds cost in false alarms, the risk of a change that is being tried, and the answer of 05a."""

import numpy as np
import pandas as pd

from vbhc import wording
from vbhc.chapters.variation import layout
from vbhc.chapters.variation.frames import Score, label_of, many, one
from vbhc.chapters.variation.over_time.months import charted, month_of
from vbhc.chapters.variation.sentences import say
from vbhc.publish.answer import READERS
from vbhc.publish.claims import Claim
from vbhc.publish.results import Result
from vbhc.statistics.variation.alarms import by_chance, looks_at, stops_by_chance, worse
from vbhc.statistics.variation.funnel import around, share_outside
from vbhc.study import Study

A_YEAR = (1, 4, 12)  # looks


def thresholds(study: Study, score: Score) -> Result | None:
    """Show what each threshold triggers by chance alone, looked at once, quarterly and monthly."""
    if score.few:
        return None
    alert, n = study.config.variation.alert, len(score.providers)
    rows = []
    for level in dict.fromkeys((alert.watch, alert.act)):
        for looks in A_YEAR:
            expected, any_at_all = by_chance(level, n, looks)
            seen = round(share_outside(score.providers, level, score.tau) * n) if looks == 1 else np.nan
            row = {"limit": f"{wording.level_name(level)} limits", "looks": looks, "things": seen}
            rows.append({**row, "by_chance": expected, "any_by_chance": any_at_all})
    frame = pd.DataFrame(rows).astype({"things": "Int64"})
    table = layout.table("thresholds", frame, {"n": n, "many": many(study)})
    looked = {"once": (alert.watch, 1), "monthly": (alert.watch, A_YEAR[-1]), "far": (alert.act, A_YEAR[-1])}
    alarms = {name: by_chance(level, n, looks)[0] for name, (level, looks) in looked.items()}
    said = say("thresholds", watch=alert.watch, act=alert.act, n=n, many=many(study), **alarms)
    return Result("thresholds", says=[said], table=table)


def change_so_far(study: Study, patients: pd.DataFrame, score: Score) -> pd.DataFrame | None:
    """Return the change that is being tried at each look: what is known of it, and what the rule says.

    Compared are patients of the providers that try it, from the first month on in which anybody had it, each
    with the result less what was expected.

    Returns
    -------
    DataFrame
        `look, n, estimate, low, high` (new minus usual, 95%), `probability` (that it is worse), `loss`
        (expected, per patient) and `verdict`: "go on", or "stop" from the first look on at which the rule is
        met. None where nothing is tried.
    """
    plan = study.config.variation
    if plan.change is None or plan.series is None or score.few:
        return None
    frame = score.patients.assign(time=month_of(plan.series, patients))
    frame["new"] = (patients[plan.change.column] == plan.change.new).fillna(False).astype(bool)
    if not frame["new"].any():
        return None
    places = frame.loc[frame["new"], "provider"].unique()
    tried = frame[frame["provider"].isin(places) & (frame["time"] >= frame.loc[frame["new"], "time"].min())]
    tried = tried.dropna(subset="residual").sort_values("time", kind="stable", ignore_index=True)
    made = looks_at(tried["residual"], tried["new"], plan.change.looks)
    if made.empty:
        return None
    known = pd.DataFrame(worse(row.estimate, row.error, plan.change.harm) for row in made.itertuples())
    stopped = (known["probability"] >= plan.change.stop).cummax()
    made = made.assign(**around(made["estimate"], made["error"], 0.95), **known)
    made["verdict"] = np.where(stopped, "stop", "go on")
    return made[["look", "n", "estimate", "low", "high", "probability", "loss", "verdict"]]


def change(study: Study, score: Score, looks: pd.DataFrame | None) -> Result | None:
    """Say how likely the change is to be worse, what keeping it could cost, and what the rule says."""
    if looks is None:
        return None
    tried, last = study.config.variation.change, looks.iloc[-1]
    met = looks.index[looks["verdict"] == "stop"]
    look = looks.loc[met[0], "look"] if len(met) else None
    rule = say("change-met" if len(met) else "change-not-met", look=look, looks=len(looks))
    chance = stops_by_chance(tried.looks, tried.stop)
    beyond = f" beyond {tried.harm:g} points" if tried.harm else ""
    told = {"rule": rule, "chance": chance, "beyond": beyond, "stop": float(tried.stop)}
    what, ends = f"{score.label} above what was expected", last[["estimate", "low", "high"]]
    new = f"the {tried.new} {wording.inside_sentence(label_of(study, tried.column))}"
    claim = Claim("difference", what, **ends, n=int(last["n"]), first=new, second="all others there")
    said, table = say("change", **told, **last[["probability", "loss"]]), layout.table("change", looks)
    return Result("change", says=[claim, said], table=table, counts=looks["n"].tolist())


def over_time_answer(
    study: Study, months: pd.DataFrame, runs: pd.DataFrame | None, looks: pd.DataFrame | None
) -> Result:
    """Return the alarms of providers, the signals of months and the state of the change, in that order."""
    series, says = study.config.variation.series, []
    if runs is not None:
        n, whole = int(runs.groupby("provider")["alarm"].first().sum()), runs["provider"].nunique()
        chance = series.false_alarm * whole
        says.append(say("over-time-events", n=n, whole=whole, many=many(study), chance=chance))
    if len(months):
        n = int((charted(study, months)["signal"] != "").sum())
        label = wording.inside_sentence(label_of(study, series.measure))
        says.append(say("over-time-months", whole=len(months), label=label, n=n))
    if looks is not None:
        says.append(say("over-time-change", said=looks["verdict"].iloc[-1]))
    return Result("answer", says=says or [say("over-time-none")], role="answer")


def over_time_for_readers(study: Study, runs: pd.DataFrame | None) -> list[Result]:
    """Return one line for each reader; none where no provider could be followed."""
    if runs is None:
        return []
    told = {reader: say(f"over-time-for-the-{reader}", one=one(study)) for reader in READERS}
    return [Result(f"for-the-{reader}", says=[said]) for reader, said in told.items()]
