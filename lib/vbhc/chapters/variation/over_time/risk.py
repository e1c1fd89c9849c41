"""What thresholds cost in false alarms, and the risk of a change that is being tried."""

import numpy as np
import pandas as pd

from vbhc import wording
from vbhc.chapters.variation.frames import Score, many
from vbhc.chapters.variation.over_time.months import label_of, month_of
from vbhc.publish.claims import Claim
from vbhc.publish.results import Result, Table
from vbhc.statistics.variation.alarms import by_chance, looks_at, stops_by_chance, worse
from vbhc.statistics.variation.funnel import quantile, share_outside
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
    table = Table(
        pd.DataFrame(rows).astype({"things": "Int64"}),
        f"Alarms among {n} {many(study)} that do not differ from the rest, in a year",
        labels={"limit": "Threshold", "things": "Seen now"},
        notes=["Looks at independent data, each with true spread allowed for."],
    )
    once, monthly = (by_chance(alert.watch, n, looks)[0] for looks in (A_YEAR[0], A_YEAR[-1]))
    said = (
        f"At the {wording.level_name(alert.watch)} limits one look at {n} {many(study)} raises "
        f"{wording.number(once, 1)} alarms by chance alone, a look every month {wording.number(monthly, 0)} "
        f"in a year; at the {wording.level_name(alert.act)} limits every month "
        f"{wording.number(by_chance(alert.act, n, A_YEAR[-1])[0], 1)}."
    )
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
    known = pd.DataFrame(
        [worse(row.difference, row.error, plan.change.harm) for row in made.itertuples()], index=made.index
    )
    reach = quantile(0.95) * made["error"]
    made = made.assign(estimate=made["difference"], **known, low=made["difference"] - reach)
    stopped = (made["probability"] >= plan.change.stop).cummax()
    made = made.assign(high=made["difference"] + reach, verdict=np.where(stopped, "stop", "go on"))
    return made[["look", "n", "estimate", "low", "high", "probability", "loss", "verdict"]]


def change(study: Study, score: Score, looks: pd.DataFrame | None) -> Result | None:
    """Say how likely the change is to be worse, what keeping it could cost, and what the rule says."""
    if looks is None:
        return None
    tried, last = study.config.variation.change, looks.iloc[-1]
    met = looks.index[looks["verdict"] == "stop"]
    rule = (
        f"is met at look {looks.loc[met[0], 'look']}: stop"
        if len(met)
        else f"was not met at {len(looks)} looks"
    )
    chance = wording.percent(stops_by_chance(tried.looks, tried.stop))
    says: list[Claim | str] = [
        Claim(
            "difference",
            f"{score.label} above what was expected",
            **last[["estimate", "low", "high"]],
            n=int(last["n"]),
            first=f"the {tried.new} {wording.inside_sentence(label_of(study, tried.column))}",
            second="all others there",
        ),
        f"That it does harm{f' beyond {tried.harm:g} points' if tried.harm else ''} has the probability "
        f"{wording.percent(last['probability'])}; keeping it would then cost "
        f"{wording.number(last['loss'], 2)} points a patient on average (the expected loss). The rule set "
        f"beforehand, stop once that probability reaches {wording.percent(tried.stop)}, {rule}. A change "
        f"that makes no difference would be stopped by chance in {chance} of cases.",
    ]
    table = Table(looks, "The change at each look", labels={"estimate": "New minus usual"})
    return Result("change", says=says, table=table, counts=looks["n"].tolist())
