"""Why a quota does or does not go with perception, in sentences."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vbhc import wording
from vbhc.statistics.correlation.compare import TOO_SMALL
from vbhc.statistics.correlation.waterfall import CAPPED


def ceiling_sentence(limits: pd.DataFrame, observed: float) -> str:
    """Return the ceiling and how much of it the observed correlation reaches."""
    if limits["reason"].iloc[0]:
        return limits["reason"].iloc[0]
    ties, cost, all_limits = limits["estimate"]
    sentence = (
        "Had perception followed the outcome perfectly, ties alone would allow "
        f"ρ = {wording.number(ties)} and ties with this spread of cost ρ = {wording.number(cost)}"
    )
    if all_limits < cost:
        sentence += f", with the noise of the measures ρ = {wording.number(all_limits)}"
    if np.isnan(observed):
        return sentence + "."
    if observed > all_limits:
        noise = "the reliabilities are too low for these data or " if all_limits < cost else ""
        above = f"; the observed ρ = {wording.number(observed)} lies above that, so that {noise}"
        return f"{sentence}{above}perception goes with cost as well."
    reached = (
        f"; the observed ρ = {wording.number(observed)} is {wording.percent(observed / all_limits)} of that."
    )
    return sentence + (
        reached if observed >= 0 else f"; the observed ρ = {wording.number(observed)} points the other way."
    )


def latent_sentence(rows: pd.DataFrame) -> str:
    """Return what traits behind the answers would correlate, beside what ranks say (from `side_by_side`)."""
    both = rows.set_index(["coefficient", "with"])
    parts, reasons = [], []
    for name in ("outcome", "cost", "VQ"):
        row, rank = both.loc[("polychoric", name)], both.loc[("spearman", name)]
        if row["reason"]:
            reasons.append(row["reason"])
            continue
        reach = wording.interval(row["ci_low"], row["ci_high"], row["ci_level"])
        size = f"{wording.number(row['estimate'])} ({reach}; ranks {wording.number(rank['estimate'])})"
        parts.append(f"with {name} {size}")
    start = (
        "If the answers stood for traits that are normally distributed, perception would correlate "
        f"{wording.listing(parts)}, polychoric."
    )
    return " ".join([start if parts else "", *dict.fromkeys(reasons)]).strip()


def difference_sentence(result: pd.DataFrame, first: str = "outcome", second: str = "VQ") -> str:
    """Return whether perception follows one measure more closely than the other.

    A difference whose interval leaves out 0 but which is under 0.05 is called too small to matter: with
    many patients any difference becomes "clear". Two negative correlations are compared by their size;
    where the signs differ neither is called the closer one.
    """
    row = result.iloc[0]
    if row["reason"]:
        return row["reason"]
    decimals = wording.decimals_for(row["ci_low"], row["ci_high"])
    reach = wording.interval(row["ci_low"], row["ci_high"], row["ci_level"], decimals)
    size, n = wording.number(row["estimate"], decimals), f"n = {int(row['n']):,}"
    numbers = f"difference in ρ {size}, {reach}, {n}"
    r = [row.get(f"estimate_{side}", np.nan) for side in ("first", "second")]
    against = max(r) < 0
    clear = row["ci_low"] > 0 or row["ci_high"] < 0
    if clear and abs(row["estimate"]) < TOO_SMALL:
        return (
            f"Perception {_goes(against)} the {first} and the {second} about equally; the difference in ρ of "
            f"{size} ({reach}, {n}) is too small to matter, though its interval leaves out 0."
        )
    if clear and min(r) < 0 < max(r):
        both = [wording.number(one, decimals) for one in r]
        seen = f"{both[0]} with the {first} but {both[1]} with the {second}"
        return f"Perception correlates {seen}, so that their signs differ ({numbers})."
    if clear:
        closer, other = (first, second) if (row["estimate"] > 0) != against else (second, first)
        return f"Perception {_goes(against)} the {closer} more closely than the {other} ({numbers})."
    choice = f"the {first} or the {second} more closely"
    return f"The data do not settle whether perception {_goes(against)} {choice} ({numbers})."


def _goes(against: bool) -> str:
    return "goes against" if against else "follows"


def decomposition_sentence(decomposition: pd.DataFrame) -> str:
    """Return what the logarithms say: what is left of the association, and why."""
    row = decomposition.iloc[0]
    if row["reason"]:
        return row["reason"]
    r = {side: wording.number(row[f"r_perception_{side}"]) for side in ("outcome", "cost", "vq")}
    return (
        f"On the log scale perception (its ranks) correlates {r['outcome']} with the outcome, {r['cost']} "
        f"with cost and {r['vq']} with VQ (n = {int(row['n']):,}). Cost supplies "
        f"{wording.percent(row['share_of_vq_from_cost'])} of the variance of log VQ "
        f"(log sd {wording.number(row['sd_log_cost'])} against {wording.number(row['sd_log_outcome'])} of "
        f"the outcome): that spread alone would leave {wording.percent(row['dilution'])} of the association "
        "with the outcome."
    )


def waterfall_sentence(steps: pd.DataFrame) -> str:
    """Return where the association went, naming the largest change."""
    if steps.empty:
        return steps.attrs.get("reason", "There is nothing to follow.")
    first, last = steps.iloc[0], steps.iloc[-1]
    changes = steps[steps["kind"] == "change"]
    largest = changes.loc[changes["change"].abs().idxmax()]
    verb = "takes away" if largest["change"] < 0 else "adds"
    named = (
        first["step"] if first["step"].startswith("perception") else "perception with outcome freed of noise"
    )
    start = (
        f"From {named} (ρ = {wording.number(first['end'])}) to {last['step']} "
        f"(ρ = {wording.number(last['end'])}) "
    )
    beyond = (
        " Without noise the correlation would be above 1: the reliabilities are too low for these data."
        if first["step"] == CAPPED
        else ""
    )
    if abs(largest["change"]) < 0.005:
        return f"{start}the association hardly changes (n = {int(last['n']):,}).{beyond}"
    return (
        f"{start}the largest change is '{largest['step']}', which {verb} "
        f"{wording.number(abs(largest['change']))} (n = {int(last['n']):,}).{beyond}"
    )
