"""Invent a survey of 120 staff on motivation and strain: what drives them is planted, every answer made up.

What was planted stands in `data/staff.yaml` and in `truth.yml`: above all that a faster pace pleases who is
ambitious and strains who is not, so that neither shows on average.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit

from vbhc.synthetic.tables import figures, stream, write_raw

FIGURES = figures("staff")
PLANTED, SEED, ITEMS, NOISE = (FIGURES[name] for name in ("planted", "seed", "items", "noise"))
EFFECTS, ACTIVITIES = PLANTED["points_per_standard_deviation"], PLANTED["gains_and_pains"]


def draw(seed: int = SEED, times: int = 1) -> pd.DataFrame:
    """Draw staff without any gap, `times` as many of each group as are shipped."""
    rng = stream(seed, "staff")
    sizes = FIGURES["sizes"]
    roles = rng.permutation(np.repeat(list(sizes), [size * times for size in sizes.values()]))
    n = len(roles)
    names = [f"S{i:0{len(str(n))}d}" for i in range(1, n + 1)]
    table = pd.DataFrame({"respondent": names, "staff_role": roles})
    scores = {}
    for name, middle in FIGURES["middle"].items():
        felt = middle + 0.8 * rng.standard_normal((n, 1)) + 0.6 * rng.standard_normal((n, ITEMS[name]))
        table[_items(name)] = _grades(felt)
        scores[name] = table[_items(name)].mean(axis=1)
    z = pd.DataFrame({name: (own - own.mean()) / own.std(ddof=1) for name, own in scores.items()})
    z["pace x ambition"] = z["pace"] * z["ambition"]
    for name, effects in EFFECTS.items():
        level = FIGURES["level"][name] + z[list(effects)].to_numpy() @ np.array(list(effects.values()))
        felt = (level + NOISE * rng.standard_normal(n))[:, None]
        table[_items(name)] = _grades(felt + NOISE * rng.standard_normal((n, ITEMS[name])))
    table = table.join(_activities(z, rng))
    return table.assign(skips_proms=_skips(table[_items("strain")].mean(axis=1), seed))


def _skips(strain: pd.Series, seed: int) -> np.ndarray:
    """Who hands out questionnaires late or not at all: the strained more often, as a way of coping."""
    skip = PLANTED["log_odds_of_skipping_proms"]
    z = (strain - strain.mean()) / strain.std(ddof=1)
    odds = expit(skip["average_strain"] + skip["per_standard_deviation_of_strain"] * z)
    return np.where(stream(seed, "staff: skipped questionnaires").random(len(z)) < odds, "yes", "no")


def _activities(z: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Gain and pain of each activity for those who take part, and who scales back."""
    n, table, lead = len(z), pd.DataFrame(index=z.index), {}
    ahead = z["resources"] * 0.3 - z["demands"] * 0.3 + z["pace x ambition"] * 0.2
    for name, middles in ACTIVITIES.items():
        part = rng.random(n) < FIGURES["takes_part"][name]
        for kind, sign in (("gain", 1), ("pain", -1)):
            felt = middles[kind] + sign * ahead + 0.8 * rng.standard_normal(n)
            table[f"{kind}_{name}"] = pd.Series(_grades(felt)).astype("Int64").where(part)
        lead[name] = table[f"gain_{name}"] - table[f"pain_{name}"]
    back = PLANTED["log_odds_of_scaling_back"]
    lead = pd.DataFrame(lead).mean(axis=1).astype(float)
    odds = expit(back["gains_equal_pains"] + back["per_grade_ahead"] * lead)
    return table.assign(scaled_back=np.where(rng.random(n) < odds, "yes", "no"))


def _items(scale: str) -> list[str]:
    return [f"{scale}_{n}" for n in range(1, ITEMS[scale] + 1)]


def _grades(felt: Any) -> np.ndarray:
    return np.clip(np.round(felt), 1, 5).astype(int)


def write(folder: Path | str, seed: int = SEED) -> list[Path]:
    """Write `raw/staff.csv` under a study folder, a few answers left out; the same bytes each time."""
    table = draw(seed).astype(object)
    answers = [name for name in table if name.rsplit("_", 1)[0] in ITEMS]
    gaps = stream(seed, "staff: gaps").random((len(table), len(answers))) < FIGURES["unanswered"]
    table[answers] = table[answers].mask(gaps)
    return [write_raw(folder, "staff", table)]
