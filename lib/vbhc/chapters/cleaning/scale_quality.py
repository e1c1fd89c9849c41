"""Whether the scores can bear what is built on them: floor, ceiling and reliability."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from vbhc import instruments
from vbhc.cleaning.scoring import item_columns, visits_of
from vbhc.instruments.reliability import floor_ceiling, scale_reliability
from vbhc.publish.disclosure.policies import Policy
from vbhc.study import Study
from vbhc.study.config import InstrumentUse
from vbhc.wording import number, percent


def scale_behaviour(study: Study, patients: pd.DataFrame, columns: pd.DataFrame) -> pd.DataFrame:
    """Floor, ceiling and missing of every scored scale at every visit.

    Parameters
    ----------
    patients : DataFrame
        One row per patient.
    columns : DataFrame
        Dictionary of the clean columns; scored ones name their instrument as `source`.

    Returns
    -------
    DataFrame
        `label, n, n_missing, mean, sd, floor_share, ceiling_share` (shares of those scored, 0-1; floor is the
        scale's worst value, ceiling its best). More than 0.15 at an end leaves no room to see change (Terwee
        2007, J Clin Epidemiol 60:34).
    """
    rows = []
    for column in score_columns(study, columns).itertuples():
        values = patients[column.name].astype(float)
        ends = floor_ceiling(values, column.min, column.max, column.direction).set_index("end")
        counts = (ends["n"].iloc[0], ends["n_missing"].iloc[0])
        shares = (ends["estimate"] / 100)[["worst", "best"]]
        rows.append((column.label, *counts, values.mean(), values.std(), *shares))
    names = ["label", "n", "n_missing", "mean", "sd", "floor_share", "ceiling_share"]
    return pd.DataFrame(rows, columns=names)


def score_columns(study: Study, columns: pd.DataFrame) -> pd.DataFrame:
    """Rows of the column dictionary that are scores of the study's instruments, with both limits known.

    What has no better end is no score: the standard error of a T score, the number of items answered.
    """
    used = {use.instrument for use in study.config.instruments.values()}
    change = columns["name"].str.endswith("_change") | (columns["name"] == "perceived_value")
    judged = columns["direction"].fillna("") != ""
    return columns[columns["source"].isin(used) & judged & ~change].dropna(subset=["min", "max"])


def ceiling_sentence(behaviour: pd.DataFrame, limit: float = 0.15) -> str:
    """Name the scales with more than `limit` of patients at an end, where change is cut off."""
    behaviour = behaviour[behaviour["n"] > 0]
    if behaviour.empty:
        return "No scale could be scored."
    parts = []
    for end, value in (("ceiling_share", "best"), ("floor_share", "worst")):
        rows = behaviour[behaviour[end] > limit].sort_values(end, ascending=False)
        shares = zip(rows["label"], rows[end], strict=True)
        parts += [f"{label} ({percent(share)} at its {value} value)" for label, share in shares]
    if not parts:
        return f"No scale has more than {percent(limit)} of patients at either end: all have room to move."
    more = f", and {len(parts) - 4} more" if len(parts) > 4 else ""
    return f"More than {percent(limit)} of patients sit at an end of: {'; '.join(parts[:4])}{more}."


def reliability(study: Study, patients: pd.DataFrame, ci_level: float = 0.95) -> pd.DataFrame:
    """Cronbach's alpha and McDonald's omega of every scale that adds up two or more items, by visit.

    Returns
    -------
    DataFrame
        `scale, visit, n_items, n, alpha, low, high, omega, by_pairs`; complete answers only, but
        `by_pairs`, the alpha of all pairs of answers. EQ-5D is left out: its dimensions are valued, not added
        up, so agreement between them is not wanted.
    """
    parts = []
    for use, visit, items in _answered(study, patients):
        table = scale_reliability(use.instrument, items, ci_level, **use.scored_with)
        if len(table) and not use.suffix:
            alpha = table[table["statistic"] == "alpha"].set_index("scale")
            omega = table[table["statistic"] == "omega"].set_index("scale")["estimate"]
            alpha = alpha.rename(columns={"estimate": "alpha"}).assign(omega=omega, visit=_when(study, visit))
            parts.append(alpha.rename(index=_labels(use)).reset_index())
    columns = ["scale", "visit", "n_items", "n", "alpha", "low", "high", "omega", "by_pairs"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def alpha_note(alphas: pd.DataFrame, policy: Policy) -> str:
    """Return what `pingouin.cronbach_alpha` gives unasked, all pairs of answers, beside complete answers."""
    said = "Alpha by pingouin, from complete answers; interval of Feldt, from their number."
    told = alphas[~alphas["n"].map(policy.hides)]
    if told.empty:
        return said
    apart = (told["alpha"] - told["by_pairs"]).abs().max()
    far = f"by up to {number(apart)}" if round(apart, 2) > 0 else "by less than 0.01"
    return (
        f"{said} From all pairs of answers, its default, alpha would move {far}, and its interval would "
        "count those who left answers out as if they had given all."
    )


def unscored(study: Study, patients: pd.DataFrame) -> pd.DataFrame:
    """Why scores are missing: `scale, visit, reason, n`, every reason that occurs."""
    parts = []
    for use, visit, items in _answered(study, patients):
        if not use.suffix:
            table = instruments.missing_reasons(use.instrument, items, **use.scored_with)
            parts.append(table.assign(scale=table["scale"].map(_labels(use)), visit=_when(study, visit)))
    columns = ["scale", "visit", "reason", "n"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def _answered(study: Study, patients: pd.DataFrame) -> Iterator[tuple[InstrumentUse, str, pd.DataFrame]]:
    """Every use of an instrument at every visit, with its items named by their codes."""
    for use in study.config.instruments.values():
        codes = list(instruments.get(use.instrument).items)
        for visit in visits_of(study, use):
            items = patients[item_columns(use, codes, visit)]
            yield use, visit, items.set_axis(codes, axis=1) if codes else items


def _labels(use: InstrumentUse) -> dict[str, str]:
    return {s.column: s.label for s in instruments.scales(use.instrument, **use.scored_with)}


def _when(study: Study, visit: str) -> str:
    return study.config.visits[visit].label if visit else "asked once"
