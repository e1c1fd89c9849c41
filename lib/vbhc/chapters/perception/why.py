"""Why a quota does or does not go with perception, and what holding things equal does, in sentences."""

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
        return f"{sentence}."
    sentence += f"; the observed ρ = {wording.number(observed)}"
    if observed > all_limits:
        noise = "the reliabilities are too low for these data or " if all_limits < cost else ""
        return f"{sentence} lies above that, so that {noise}perception goes with cost as well."
    if observed < 0:
        return f"{sentence} points the other way."
    return f"{sentence} is {wording.percent(observed / all_limits)} of that."


def latent_sentence(rows: pd.DataFrame) -> str:
    """Return what traits behind the answers would correlate, beside what ranks say (from `side_by_side`)."""
    both = rows.set_index(["coefficient", "with"])
    parts, reasons = [], []
    for name in ("outcome", "cost", "VQ"):
        row, rank = both.loc[("polychoric", name)], both.loc[("spearman", name)]
        if row["reason"]:
            reasons.append(row["reason"])
            continue
        reach = wording.interval(row["low"], row["high"], row["ci_level"])
        size = f"{wording.number(row['estimate'])} ({reach}; ranks {wording.number(rank['estimate'])})"
        parts.append(f"with {name} {size}")
    start = (
        "If the answers stood for traits that are normally distributed, perception would correlate "
        f"{wording.listing(parts)}, polychoric."
    )
    return " ".join([start if parts else "", *dict.fromkeys(reasons)]).strip()


def difference_sentence(result: pd.DataFrame) -> str:
    """Return whether perception follows one measure more closely than the other.

    A difference whose interval leaves out 0 but which is under 0.05 is called too small to matter: with
    many patients any difference becomes "clear". Two negative correlations are compared by their size;
    where the signs differ neither is called the closer one.
    """
    row = result.iloc[0]
    if row["reason"]:
        return row["reason"]
    decimals = wording.decimals_for(row["low"], row["high"])
    reach = wording.interval(row["low"], row["high"], row["ci_level"], decimals)
    size, n = wording.number(row["estimate"], decimals), f"n = {int(row['n']):,}"
    numbers = f"difference in ρ {size}, {reach}, {n}"
    r = [row.get(f"estimate_{side}", np.nan) for side in ("first", "second")]
    against = max(r) < 0
    clear = row["low"] > 0 or row["high"] < 0
    if clear and abs(row["estimate"]) < TOO_SMALL:
        return (
            f"Perception {_goes(against)} the outcome and the VQ about equally; the difference in ρ of "
            f"{size} ({reach}, {n}) is too small to matter, though its interval leaves out 0."
        )
    if clear and min(r) < 0 < max(r):
        both = [wording.number(one, decimals) for one in r]
        seen = f"{both[0]} with the outcome but {both[1]} with the VQ"
        return f"Perception correlates {seen}, so that their signs differ ({numbers})."
    if clear:
        closer, other = ("outcome", "VQ") if (row["estimate"] > 0) != against else ("VQ", "outcome")
        return f"Perception {_goes(against)} the {closer} more closely than the {other} ({numbers})."
    way = f"{_goes(against)} the outcome or the VQ more closely"
    return f"The data do not settle whether perception {way} ({numbers})."


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
    plain = first["step"].startswith("perception")
    named = first["step"] if plain else "perception with outcome freed of noise"
    ends = [
        f"{name} (ρ = {wording.number(end)})"
        for name, end in zip((named, last["step"]), steps["end"].iloc[[0, -1]], strict=True)
    ]
    beyond = " Without noise the correlation would be above 1: the reliabilities are too low for these data."
    size = wording.number(abs(largest["change"]))
    verb = "takes away" if largest["change"] < 0 else "adds"
    told = f"the largest change is '{largest['step']}', which {verb} {size}"
    told = "the association hardly changes" if abs(largest["change"]) < 0.005 else told
    tail = beyond if first["step"] == CAPPED else ""
    return f"From {' to '.join(ends)} {told} (n = {int(last['n']):,}).{tail}"


def adjusted_sentence(table: pd.DataFrame, measure: str = "VQ", held: str = "") -> str:
    """Return what holding things equal does to the association of perception with one measure."""
    rows = table[table["with"] == measure].set_index("adjustment")
    plain, last = rows.iloc[0], rows.iloc[-1]
    for row in (plain, last):
        if row["reason"]:
            return row["reason"]
    if len(rows) == 1:
        return f"Nothing was held equal in the association of perception with {measure}."
    reach = wording.interval(last["low"], last["high"], last["ci_level"])
    numbers = f"ρ = {wording.number(last['estimate'])}, {reach}, n = {int(last['n']):,}"
    alike = f"patients alike in {held}" if held else "patients alike in the covariates"
    if "held equal" not in rows.index:
        alike = "patients of sites that may differ"
    moved = last["estimate"] - plain["estimate"]
    start = f"Among {alike}, perception with {measure} is {numbers}"
    if abs(moved) < 0.05:
        return f"{start}: about what it is without adjustment ({wording.number(plain['estimate'])})."
    way = "stronger" if abs(last["estimate"]) > abs(plain["estimate"]) else "weaker"
    return f"{start}: {way} than without adjustment ({wording.number(plain['estimate'])})."


def patients_or_providers_sentence(table: pd.DataFrame | None) -> str:
    """Return whether an association between patients also holds between providers (`level_by_level`).

    None stands for a study that declares no site or provider.
    """
    if table is None:
        return (
            "No site or provider is declared, so that perception and VQ can only be compared between "
            "patients."
        )
    patients, providers = (table[table["level"] == level].iloc[0] for level in ("patients", "providers"))
    if patients["reason"]:
        return patients["reason"]
    shown = wording.interval(patients["low"], patients["high"], patients["ci_level"])
    start = (
        f"Between patients perception goes with VQ by ρ = {wording.number(patients['estimate'])} ({shown})"
    )
    if providers["reason"]:
        return f"{start}; too few sites or providers have enough patients to ask the same of them."
    reach = wording.interval(providers["low"], providers["high"], providers["ci_level"])
    other = (
        f"between {int(providers['n']):,} providers by ρ = {wording.number(providers['estimate'])} ({reach})"
    )
    return f"{start}, {other}: two questions, which need not have one answer."
