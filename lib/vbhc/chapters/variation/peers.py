"""Providers beside those most like them, what each gets for its money, and what their patients say."""

import pandas as pd

from vbhc import wording
from vbhc.chapters.perception.ties import rating
from vbhc.chapters.variation.comparable import registration
from vbhc.chapters.variation.frames import Score, inside, label_of, many, measured, named, rounded
from vbhc.chapters.variation.sentences import say
from vbhc.publish.claims import Claim, verdict
from vbhc.publish.results import Result
from vbhc.statistics.correlation.partial import level_by_level
from vbhc.statistics.variation.funnel import around, quantile, tau_dersimonian_laird
from vbhc.statistics.variation.reliability import against_peers, nearest
from vbhc.study import Study

MORE = 3  # times the fewest records: does a tie hang on whom one lets in?


def beside_peers(study: Study, patients: pd.DataFrame, score: Score) -> pd.DataFrame | None:
    """Return each provider minus the mean of its nearest: `provider, estimate, low, high`; None without.

    Whose data come first is beside nobody, and nobody beside it.
    """
    plan, data = study.config.variation, registration(study, patients, score)
    own = score.providers[score.providers["unit"].isin(data.loc[data["first"] == "", "provider"])]
    if plan.peers is None or score.few or len(own) < 2:
        return None
    own = own.reset_index(drop=True)
    means = patients[list(plan.peers.by)].astype(float).groupby(score.patients["provider"]).mean()
    profile = means.loc[own["unit"]].reset_index(drop=True)
    found = against_peers(own, nearest(profile, plan.peers.k), score.tau, plan.alert.watch)
    return found.assign(provider=own["unit"])


def peers_shown(study: Study, table: pd.DataFrame | None) -> Result | None:
    """Say who lies apart from the mean of its peers by more than chance and true spread allow."""
    if table is None:
        return None
    plan = study.config.variation
    alike = wording.listing(inside(label_of(study, name).partition(",")[0]) for name in plan.peers.by)
    below, above = (table.loc[rows, "provider"].tolist() for rows in (table["high"] < 0, table["low"] > 0))
    apart = [f"{named(study, own)} {side}" for own, side in ((below, "below"), (above, "above")) if own]
    out, level = len(below) + len(above), plan.alert.watch
    told = {"k": plan.peers.k, "alike": alike, "out": out, "n": len(table), "many": many(study)}
    told["apart"] = f": {' and '.join(apart)}" if apart else ""
    return Result("peers", says=[say("peers", **told, level=level, left=1 - level)])


def value_by_provider(
    study: Study, patients: pd.DataFrame, score: Score, ci_level: float
) -> pd.DataFrame | None:
    """Return the adjusted gain over the cost of each provider, of those who answered; None without costs.

    The gain is put right for what was expected; the cost is as it was. Errors take the spread of all
    patients, as in the funnel.

    Returns
    -------
    DataFrame
        `provider, n, estimate, low, high, standard_error, gain, cost`; `attrs` holds `tau` and `whole`, the
        ratio over all.
    """
    quota, plan = study.config.value_quota, study.config.variation
    if quota is None or study.config.cost is None or score.few or score.patients["gain"].isna().all():
        return None
    outcome = measured(study, patients, quota.outcome) if quota.outcome in plan.measures else score
    gain = outcome.patients["residual"] + outcome.patients["gain"].mean()
    frame = pd.DataFrame({"provider": score.patients["provider"], "gain": gain})
    frame = frame.assign(cost=patients[study.cost_column].astype(float)).dropna()
    whole = frame["gain"].mean() / frame["cost"].mean()
    spread = (frame["gain"] - whole * frame["cost"]).std()
    made = frame.groupby("provider").agg(n=("gain", "size"), gain=("gain", "mean"), cost=("cost", "mean"))
    made = made[made["n"] >= plan.fewest].reset_index()
    made["estimate"] = made["gain"] / made["cost"] * quota.per
    made["standard_error"] = spread / made["cost"] / rounded(made["n"], study) ** 0.5 * quota.per
    made = made.assign(**around(made["estimate"], made["standard_error"], ci_level))
    tau = tau_dersimonian_laird(made["estimate"], made["standard_error"])
    made.attrs = {"tau": tau, "whole": whole * quota.per, "label": outcome.label}
    return made


def value_spread(study: Study, table: pd.DataFrame | None) -> Result | None:
    """Say how far value differs between providers, and whether gain or cost makes it differ."""
    if table is None:
        return None
    tau, whole, quota = table.attrs["tau"], table.attrs["whole"], study.config.value_quota
    low, high = (whole + side * quantile(0.9) * tau for side in (-1, 1))
    spread = say("value-spread" if tau else "value-alike", many=many(study), low=low, high=high, tau=tau)
    price, n = f"{study.config.cost.currency} {quota.per:,.0f}", int(table["n"].sum())
    cost, gain = (float(table[name].std() / table[name].mean()) for name in ("cost", "gain"))
    says = [
        say("value-whole", plan=study.config.variation, price=price, n=n, spread=spread, **table.attrs),
        say("value-of-what", gain=gain, cost=cost),
    ]
    if cost < gain / 2:
        says.append(say("value-says-little"))
    return Result("value-by-provider", says=says, counts=[n])


def tie_by_level(study: Study, patients: pd.DataFrame, score: Score) -> pd.DataFrame | None:
    """Return the tie of gain and rating between patients, and between providers of more and more records.

    Returns
    -------
    DataFrame
        `level, fewest, estimate, low, high, n`; None where patients were asked nothing.
    """
    if study.config.perception is None or score.few:
        return None
    fewest, gain, own = study.config.variation.fewest, score.patients["gain"], score.patients["provider"]
    asked = patients["perceived_value"].astype(float)
    steps = [level_by_level(gain, asked, own, n).assign(fewest=n) for n in (fewest, MORE * fewest)]
    rows = pd.concat([steps[0], steps[1].iloc[1:]], ignore_index=True)
    return rows[["level", "fewest", "estimate", "low", "high", "n"]].dropna(subset="estimate")


def patients_or_providers(study: Study, score: Score, table: pd.DataFrame | None) -> Result | None:
    """Say whether what holds between patients holds between providers, and how firm that is."""
    if table is None or len(table) < 2:
        return None
    people, gain = table.iloc[0], f"the gain in {score.label}"
    n, ends = int(people["n"]), people[["estimate", "low", "high"]]
    claim = Claim("tie", rating(study), first=gain, n=n, lead="Among patients", **ends)
    rows = table.iloc[1:].to_dict("records")
    between = "; ".join(say("level-between", many=many(study), **row) for row in rows)
    said = f"Between the means of {many(study)}: {between}."
    return Result("levels", says=[claim, said, _turned(study, table)], counts=[n])


def _turned(study: Study, table: pd.DataFrame) -> str:
    found = [verdict(row.estimate, row.low, row.high) for row in table.itertuples()]
    name = "levels-unclear" if found[1] == "indistinct" else "levels-alike"
    if {found[0], found[1]} == {"more", "less"}:
        name = "levels-turn-firmly" if len(set(found[1:])) == 1 else "levels-turn"
    return say(name, many=many(study))
