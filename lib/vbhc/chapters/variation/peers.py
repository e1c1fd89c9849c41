"""Providers beside those most like them, and what each gets for its money."""

import pandas as pd

from vbhc import cleaning, wording
from vbhc.chapters.variation.comparable import named
from vbhc.chapters.variation.frames import Score, many, measured
from vbhc.publish.results import Result
from vbhc.statistics.variation.funnel import quantile
from vbhc.statistics.variation.overdispersion import tau_dersimonian_laird
from vbhc.statistics.variation.peers import against_peers, nearest
from vbhc.study import Study


def beside_peers(study: Study, patients: pd.DataFrame, score: Score) -> pd.DataFrame | None:
    """Return each provider minus the mean of its nearest: `provider, difference, low, high`; None without."""
    plan = study.config.variation
    if plan.peers is None or score.few:
        return None
    means = patients[list(plan.peers.by)].astype(float).groupby(score.patients["provider"]).mean()
    profile = means.loc[score.providers["unit"]].reset_index(drop=True)
    found = against_peers(score.providers, nearest(profile, plan.peers.k), score.tau, plan.alert.watch)
    return found.assign(provider=score.providers["unit"])


def peers_shown(study: Study, table: pd.DataFrame | None) -> Result | None:
    """Say who lies apart from the mean of its peers by more than chance and true spread allow."""
    if table is None:
        return None
    plan = study.config.variation
    alike = wording.listing([_label(study, name) for name in plan.peers.by])
    below, above = (table.loc[rows, "provider"].tolist() for rows in (table["high"] < 0, table["low"] > 0))
    apart = [f"{named(study, own)} {side}" for own, side in ((below, "below"), (above, "above")) if own]
    out = len(below) + len(above)
    level = wording.level_name(plan.alert.watch)
    said = (
        f"Beside the mean of its {plan.peers.k} nearest (alike in {alike}), {out} of {len(table)} "
        f"{many(study)} {'lies' if out == 1 else 'lie'} apart by more than the {level} interval with true "
        f"spread allows{': ' + ' and '.join(apart) if apart else ''}; "
        f"{wording.percent(1 - plan.alert.watch)} would by chance."
    )
    return Result("peers", says=[said])


def _label(study: Study, name: str) -> str:
    label = cleaning.load_columns(study).set_index("name")["label"].get(name, name).partition(",")[0]
    return label if label[1:] != label[1:].lower() else wording.inside_sentence(label)


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
    own = quota.outcome in plan.measures
    outcome = measured(study, patients, quota.outcome) if own else score
    left = outcome.patients["residual"]
    gain = left + outcome.patients["gain"].mean()
    frame = pd.DataFrame({"provider": score.patients["provider"], "gain": gain})
    frame = frame.assign(cost=patients[study.cost_column].astype(float)).dropna()
    whole = frame["gain"].mean() / frame["cost"].mean()
    spread = (frame["gain"] - whole * frame["cost"]).std()
    made = frame.groupby("provider").agg(n=("gain", "size"), gain=("gain", "mean"), cost=("cost", "mean"))
    made = made[made["n"] >= plan.fewest].reset_index()
    made["estimate"] = made["gain"] / made["cost"] * quota.per
    made["standard_error"] = spread / made["cost"] / made["n"] ** 0.5 * quota.per
    reach = quantile(ci_level) * made["standard_error"]
    made = made.assign(low=made["estimate"] - reach, high=made["estimate"] + reach)
    made.attrs = {
        "tau": tau_dersimonian_laird(made["estimate"], made["standard_error"]),
        "whole": whole * quota.per,
        "label": outcome.label,
    }
    return made


def value_spread(study: Study, table: pd.DataFrame | None) -> Result | None:
    """Say how far value differs between providers, and whether gain or cost makes it differ."""
    if table is None:
        return None
    quota, money = study.config.value_quota, study.config.cost.currency
    tau, whole = table.attrs["tau"], table.attrs["whole"]
    low, high = (whole + side * quantile(0.9) * tau for side in (-1, 1))
    cost, gain = (table[name].std() / table[name].mean() for name in ("cost", "gain"))
    says = [
        f"Over all {wording.number(whole)} points of {table.attrs['label']} were gained per {money} "
        f"{quota.per:,.0f} (n = {int(table['n'].sum()):,}, those who answered). "
        + (
            f"Chance apart, nine in ten {many(study)} lie between {wording.number(low)} and "
            f"{wording.number(high)} (tau {wording.number(tau)})."
            if tau
            else f"Between {many(study)} it differs by no more than chance explains."
        ),
        f"As they stand, mean gains differ by {wording.percent(gain, 1)} of their mean (SD) and mean costs "
        f"by {wording.percent(cost, 1)}.",
    ]
    if cost < gain / 2:
        says.append("So value says here little that the gain does not say.")
    return Result("value-by-provider", says=says, counts=[int(table["n"].sum())])
