"""What became of each patient by the last visit; and the dead and the silent, apart, against who answered."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy import stats

from vbhc.chapters.cleaning import layout
from vbhc.chapters.deaths import deaths
from vbhc.cleaning import Cleaned
from vbhc.cleaning.scoring import items_of, score_label, visits_of
from vbhc.publish.figure_style import TOTAL, is_narrow, nothing_to_draw
from vbhc.publish.results import Claim, Result
from vbhc.study import Study
from vbhc.wording import inside_sentence, percent

ANSWERED, SILENT, DIED = "answered", "did not answer", "died"
ORDER = (ANSWERED, SILENT, DIED)
UTILITY = "index points"  # what a utility, "1 = full health", is counted in
LABELS = {SILENT: "those who did not answer", DIED: "those who died"}


def outcome_stem(study: Study, patients: pd.DataFrame) -> str:
    """Return the score that is followed: the value quota's, else the first with a change; "" for none."""
    if not study.config.visits:
        return ""
    quota = study.config.value_quota
    stems = [quota.outcome] if quota else []
    stems += [str(name).removesuffix("_change") for name in patients if str(name).endswith("_change")]
    return next((stem for stem in stems if f"{stem}_{study.follow_up}" in patients), "")


def fates(study: Study, patients: pd.DataFrame) -> pd.Series | None:
    """Return what became of each patient, one of `ORDER`; None where no score is followed.

    Who gave an answer at the last visit has answered, whatever became of them later; a study that records
    no deaths has none.
    """
    stem = outcome_stem(study, patients)
    if not stem:
        return None
    answered = patients[f"{stem}_{study.follow_up}"].notna()
    found = pd.Series(SILENT, index=patients.index, name="fate", dtype=object)
    return found.mask(deaths(study, patients), DIED).mask(answered, ANSWERED)


def otherwise(study: Study, patients: pd.DataFrame) -> int:
    """Return how many without the followed score answered some other question at the last visit."""
    last, uses = study.follow_up, study.config.instruments.values()
    asked = [items_of(use, last, patients) for use in uses if last in visits_of(study, use)]
    some = pd.concat(asked, axis=1).notna().any(axis=1)
    return int((some & (fates(study, patients) == SILENT)).sum())


def outcome_name(study: Study, patients: pd.DataFrame) -> str:
    """Return what the followed score is called."""
    return score_label(study, outcome_stem(study, patients))


def last_visit(study: Study) -> str:
    """Return the label of the last visit as it stands within a sentence."""
    return inside_sentence(study.config.visits[study.follow_up].label)


COLOURS = {ANSWERED: TOTAL, DIED: "#1a1f24"}  # the others are white and hatched
FIRST = (ANSWERED, "coded", "may be quoted")


def draw_parts(data: pd.DataFrame, ax: Axes) -> Axes:
    """Draw `label, part, n`: a bar as wide as the page for each label, its parts named beside it.

    The first and the last part are named above their ends of the bar, one between them below.
    """
    groups = [one for one in data.groupby("label", sort=False) if one[1]["n"].notna().all()]
    if not groups:
        return nothing_to_draw(ax)
    for place, (label, parts) in enumerate(groups):
        _bar(ax, place, parts[parts["n"] > 0])
        _name(ax, place, str(label))
    ax.set_xlim(0, 1)
    ax.set_ylim(len(groups) - 0.45, -0.75 if is_narrow(ax) else -0.55)
    ax.set_axis_off()
    return ax


def _bar(ax: Axes, place: int, parts: pd.DataFrame) -> None:
    whole, left, last = parts["n"].sum(), 0.0, len(parts) - 1
    edge = 0.3 if is_narrow(ax) else 0.15  # so that the name of a middle part keeps within the bar
    for number, (part, n) in enumerate(zip(parts["part"], parts["n"], strict=True)):
        share = n / whole
        colour = TOTAL if part in FIRST else COLOURS.get(part, "white")
        look: dict[str, Any] = {"color": colour, "edgecolor": "#59626b", "linewidth": 0.8}
        ax.barh(place, share, left=left, height=0.3, hatch="////" if colour == "white" else "", **look)
        text = f"{part} {n:,.0f} ({percent(share)})"
        if number in (0, last):
            side = "left" if number == 0 else "right"
            ax.text(0 if number == 0 else 1, place - 0.2, text, ha=side, va="bottom")
        else:
            ax.text(min(max(left + share / 2, edge), 1 - edge), place + 0.2, text, ha="center", va="top")
        left += share


def _name(ax: Axes, place: int, name: str) -> None:
    if is_narrow(ax):
        ax.text(0, place - 0.42, name, weight="bold", va="bottom")
    else:
        ax.text(-0.02, place, name, weight="bold", ha="right", va="center")


def known_before(study: Study, cleaned: Cleaned) -> pd.DataFrame:
    """Return one row per patient: `fate`, and what was known before or without an answer at the end.

    Returns
    -------
    DataFrame
        The first numeric covariate under its own name, `mean_start` (the outcome at the first visit),
        `mean_cost`, as far as the study has them; empty where no score is followed.
    """
    patients, fate = cleaned.patients, fates(study, cleaned.patients)
    if fate is None:
        return pd.DataFrame()
    known = [name for name in study.config.covariates if name in patients and name in study.dictionary]
    numeric = [name for name in known if study.dictionary[name].type in ("float", "integer")]
    start = f"{outcome_stem(study, patients)}_{study.baseline}"
    columns = {name: name for name in numeric[:1]}
    columns |= {"mean_start": start} if study.baseline != study.follow_up else {}
    columns |= {"mean_cost": study.cost_column} if study.config.cost else {}
    kept = {name: patients[column].astype(float) for name, column in columns.items() if column in patients}
    return pd.DataFrame({"fate": fate, **kept})


def compare_missing(known: pd.DataFrame) -> pd.DataFrame:
    """Return `who, n` and the means of `known_before`: those who answered, then each way to be missing.

    Missing values are left out, measure by measure.
    """
    if known.empty:
        return pd.DataFrame(columns=["who", "n"])
    groups = known.groupby("fate")
    there = [one for one in ORDER if one in groups.groups]
    means = groups.mean(numeric_only=True).loc[there]
    table = pd.concat([groups.size().loc[there].rename("n"), means], axis=1).dropna(axis=1, how="all")
    return table.rename_axis("who").reset_index()


def show_missing(
    study: Study, cleaned: Cleaned, known: pd.DataFrame, table: pd.DataFrame, ci_level: float = 0.95
) -> Result | None:
    """Show who is missing beside who answered; None where nobody is, or nothing was known before."""
    whose = set(table["who"])
    if len(table) < 2 or table.shape[1] < 3 or ANSWERED not in whose:
        return None
    measures = [str(name) for name in table if name not in ("who", "n")]
    groups = [known[known["fate"] == who] for who in table["who"]]
    rules: dict = {"behind": [[int(group[name].notna().sum()) for name in measures] for group in groups]}
    if "mean_cost" in measures:
        rules["contributions"] = {"mean_cost": [group["mean_cost"].dropna() for group in groups]}
    notes = ["The cost of those who died ends with them."] * ("mean_cost" in table and DIED in whose)
    shown = layout.table("missing-follow-up", table, {"units": _units(study, cleaned)}, rules, notes)
    return Result("missing-follow-up", says=_lower_or_higher(study, cleaned, known, ci_level), table=shown)


def _units(study: Study, cleaned: Cleaned) -> str:
    units = [_unit(study, cleaned)] + ([study.config.cost.currency] if study.config.cost else [])
    said = " and ".join(unit for unit in units if unit)
    return f", in {said}" if said else ""


def _unit(study: Study, cleaned: Cleaned) -> str:
    """The unit of the outcome without its range: "points"; "index points" for a utility."""
    known = cleaned.columns.set_index("name")["unit"]
    unit = str(known.get(f"{outcome_stem(study, cleaned.patients)}_{study.follow_up}", "")).partition(" (")[0]
    return UTILITY if "=" in unit else unit


def _lower_or_higher(
    study: Study, cleaned: Cleaned, known: pd.DataFrame, ci_level: float
) -> list[Claim | str]:
    """Say of the dead and of the silent where they started, against those who answered."""
    if "mean_start" not in known:
        return []
    start = known["mean_start"].groupby(known["fate"])
    parts, unit = {name: values.dropna() for name, values in start}, _unit(study, cleaned)
    return [
        Claim(
            "difference",
            f"the {outcome_name(study, cleaned.patients)} at the start",
            **difference_of_means(parts[one], parts[ANSWERED], ci_level),
            n=len(parts[one]) + len(parts[ANSWERED]),
            behind=(len(parts[one]), len(parts[ANSWERED])),
            first=LABELS[one],
            second="those who answered",
            unit=unit,
            decimals=None if unit == UTILITY else 1,
        )
        for one in (DIED, SILENT)
        if len(parts.get(one, ())) and len(parts.get(ANSWERED, ()))
    ]


def difference_of_means(first: pd.Series, second: pd.Series, ci_level: float = 0.95) -> dict[str, Any]:
    """Return the first mean minus the second with Welch's interval; no ends where one group has no spread.

    Values must be known.
    """
    gap = float(first.mean() - second.mean())
    if min(len(first), len(second)) < 2 or first.var() + second.var() == 0:
        return {"estimate": gap, "low": np.nan, "high": np.nan}
    found = stats.ttest_ind(first, second, equal_var=False).confidence_interval(ci_level)
    return {"estimate": gap, "low": float(found.low), "high": float(found.high)}
