"""Score PROMIS Global-10 (v1.1, v1.2): physical and mental health, T scores (US population: mean 50, SD 10).

Hays 2009, Qual Life Res 18:873-80, doi 10.1007/s11136-009-9496-9. Raw sums are turned into T scores with the
published tables (HealthMeasures scoring manual). The tables are for complete answers: where one of the four
answers is missing there is no score.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from vbhc.instruments.answers import read_answers
from vbhc.instruments.instrument import Instrument, Scale

ITEMS = tuple(f"g{number:02d}" for number in range(1, 11))
RANGES = tuple((0, 10) if code == "g07" else (1, 5) for code in ITEMS)
PHYSICAL, MENTAL = ("g03", "g06", "g07", "g08"), ("g02", "g04", "g05", "g10")
APART = ("g01", "g09")  # asked, but in neither score
REVERSED = ("g08", "g10")  # fatigue, emotional problems
PAIN = np.array([5, 4, 4, 4, 3, 3, 3, 2, 2, 2, 1], dtype=float)  # pain 0-10 as 5 (none) to 1 (worst)
# raw 4 to 20: T score and its standard error
PHYSICAL_T = np.array(
    [16.2, 19.9, 23.5, 26.7, 29.6, 32.4, 34.9, 37.4, 39.8, 42.3, 44.9, 47.7, 50.8, 54.1, 57.7, 61.9, 67.7]
)
PHYSICAL_SE = np.array([4.8, 4.7, 4.5, 4.3, 4.2, 4.2, 4.1, 4.1, 4.1, 4.2, 4.3, 4.4, 4.6, 4.7, 4.9, 5.2, 5.9])
MENTAL_T = np.array(
    [21.2, 25.1, 28.4, 31.3, 33.8, 36.3, 38.8, 41.1, 43.5, 45.8, 48.3, 50.8, 53.3, 56.0, 59.0, 62.5, 67.6]
)
MENTAL_SE = np.array([4.6, 4.1, 3.9, 3.7, 3.7, 3.7, 3.6, 3.6, 3.6, 3.6, 3.7, 3.7, 3.7, 3.8, 3.9, 4.2, 5.3])


def answers(items: pd.DataFrame, turned: bool = True) -> pd.DataFrame:
    """Return the answers, 5 = best throughout (pain 0-10 is turned into 5-1).

    Parameters
    ----------
    items : DataFrame
        Ten columns g01-g10, or eight without g01 and g09. Pain (g07) is 0-10, the others 1-5.
    turned : bool
        True where fatigue (g08) and emotional problems (g10) are stored with 5 = best, as the "r" items of
        v1.2 are; False where 5 is worst.

    Examples
    --------
    >>> answers(pd.DataFrame([[3] * 6 + [10] + [3] * 3], columns=ITEMS))["g07"].tolist()  # worst pain
    [1.0]
    """
    read = read_answers(_ten(items), ITEMS, RANGES, "PROMIS Global-10")
    read["g07"] = np.append(PAIN, np.nan)[read["g07"].fillna(11).astype(int)]
    if not turned:
        read[list(REVERSED)] = 6 - read[list(REVERSED)]
    return read


def _ten(items: pd.DataFrame) -> pd.DataFrame:
    """Ten columns; the two that no score uses may be absent. `g08r`, `global08r` are read as `g08`."""
    names = [str(name).lower().removesuffix("r").replace("global", "g") for name in items.columns]
    table = items.set_axis(names, axis=1) if set(names) & set(ITEMS) else items
    if table.shape[1] == 8:
        if not set(names) & set(ITEMS):
            table = table.set_axis([code for code in ITEMS if code not in APART], axis=1)
        table = table.assign(**dict.fromkeys(APART, np.nan))
    return table


def score(items: pd.DataFrame, turned: bool = True) -> pd.DataFrame:
    """Score PROMIS Global-10.

    Returns
    -------
    DataFrame
        `promis_gph_raw`, `promis_gph_t`, `promis_gph_se` (physical; sum of g03, g06, g07, g08) and
        `promis_gmh_...` (mental; g02, g04, g05, g10): raw 4-20, T scores, standard errors; higher is better.
        NaN where one of the four is missing.

    Examples
    --------
    Threes throughout (pain 5 counts 3) give the raw sum 12; the T scores stand in the HealthMeasures manual.

    >>> score(pd.DataFrame([[3] * 6 + [5] + [3] * 3], columns=ITEMS)).iloc[0].tolist()
    [12.0, 39.8, 4.1, 12.0, 43.5, 3.6]
    """
    read = answers(items, turned)
    scores: dict[str, np.ndarray] = {}
    for name, codes, t, se in (
        ("gph", PHYSICAL, PHYSICAL_T, PHYSICAL_SE),
        ("gmh", MENTAL, MENTAL_T, MENTAL_SE),
    ):
        raw = read[list(codes)].sum(axis=1, skipna=False).to_numpy()
        place = np.where(np.isnan(raw), 17, raw - 4).astype(int)
        scores |= {f"promis_{name}_raw": raw}
        scores |= {f"promis_{name}_t": np.append(t, np.nan)[place]}
        scores |= {f"promis_{name}_se": np.append(se, np.nan)[place]}
    return pd.DataFrame(scores, index=read.index)


def _scales() -> tuple[Scale, ...]:
    made = []
    for name, label, codes, t, se in (
        ("gph", "physical health", PHYSICAL, PHYSICAL_T, PHYSICAL_SE),
        ("gmh", "mental health", MENTAL, MENTAL_T, MENTAL_SE),
    ):
        rule: dict[str, Any] = {"items": codes, "needs": 4}
        title = f"PROMIS global {label}"
        made += [
            Scale(f"promis_{name}_raw", f"{title}, raw sum", 4, 20, unit="points (4-20)", **rule),
            Scale(f"promis_{name}_t", f"{title}, T score", t[0], t[-1], unit="T score", **rule),
            Scale(f"promis_{name}_se", f"{title}, standard error", se.min(), se.max(), "", "T score", **rule),
        ]
    return tuple(made)


PROMIS_GLOBAL_10 = Instrument(
    "promis-global-10", "PROMIS Global-10", "v1.1, v1.2", ITEMS, RANGES, _scales(),
    source="Hays 2009, Qual Life Res 18:873-80; HealthMeasures scoring manual",
    licence="HealthMeasures terms of use must be accepted; no item text here",
    answers=answers, score=score, options=("turned",),
)  # fmt: skip
