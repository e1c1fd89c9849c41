"""Score PROMIS Global-10 (v1.1, v1.2): physical and mental health, T scores (US population: mean 50, SD 10).

Hays 2009, Qual Life Res 18:873-80, doi 10.1007/s11136-009-9496-9. Raw sums are turned into T scores with the
published tables (HealthMeasures scoring manual). The tables are for complete answers: where one of the four
answers is missing there is no score.
"""

import numpy as np
import pandas as pd

from vbhc.instruments.instrument import described, rows

FORM = described("promis-global-10")
ITEMS = FORM.items
APART = ("g01", "g09")  # asked, but in neither score
REVERSED = ("g08", "g10")  # fatigue, emotional problems
PAIN = np.array([5, 4, 4, 4, 3, 3, 3, 2, 2, 2, 1], dtype=float)  # pain 0-10 as 5 (none) to 1 (worst)
# by raw sum 4 to 20: T score and its standard error, of physical and of mental health
T_SCORES = pd.DataFrame(rows("promis_t_scores"), dtype=float).set_index("raw")


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
    read = FORM.read(_ten(items))
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
    scores = {}
    for scale in FORM.scales:
        raw = read[list(scale.items)].sum(axis=1, skipna=False)
        name = scale.column.removeprefix("promis_")
        scores[scale.column] = raw if name.endswith("raw") else raw.map(T_SCORES[name])
    return pd.DataFrame(scores, index=read.index)


PROMIS_GLOBAL_10 = FORM._replace(answers=answers, score=score, options=("turned",))
