"""Invent a survey of 120 staff on motivation and strain: what drives them is planted, every answer made up.

What was planted stands in `planted()` and in `truth.yml`: above all that a faster pace pleases who is
ambitious and strains who is not, so that neither shows on average.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit

from vbhc.synthetic.latent import stream
from vbhc.synthetic.raw import write_raw

SEED = 20262  # apart from the interviews', so that none of their bytes hang on it
SIZES = {"nurse": 66, "physician": 54}
ITEMS = {"demands": 3, "resources": 4, "pace": 2, "ambition": 2, "fit": 3, "motivation": 3, "strain": 3}
MIDDLE = {"demands": 3.3, "resources": 3.2, "pace": 2.6, "ambition": 3.6, "fit": 3.5}  # grades, 1 to 5
BOTH = "pace x ambition"
#: Points of the outcome per standard deviation of each scale, all others held equal.
EFFECTS = {
    "motivation": {"resources": 0.35, "demands": -0.1, "fit": 0.25, "pace": 0.0, "ambition": 0.15, BOTH: 0.3},
    "strain": {"resources": -0.2, "demands": 0.4, "fit": -0.15, "pace": 0.0, "ambition": 0.1, BOTH: -0.25},
}
LEVEL = {"motivation": 3.5, "strain": 2.9}
NOISE, UNANSWERED = 0.45, 0.02
#: Activity: mean grade of its gain, of its pain, and the share of staff who take part in it.
ACTIVITIES = {
    "consultation": (3.9, 2.8, 0.77),
    "improvement": (3.6, 3.2, 0.85),
    "implementation": (3.2, 3.5, 1.0),
}
BACK = (-2.0, -0.9)  # log odds of scaling back where gains equal pains, and per grade that gains are ahead


def draw(seed: int = SEED, times: int = 1) -> pd.DataFrame:
    """Draw staff without any gap, `times` as many of each group as are shipped."""
    rng = stream(seed, "staff")
    roles = rng.permutation(np.repeat(list(SIZES), [size * times for size in SIZES.values()]))
    n = len(roles)
    table = pd.DataFrame(
        {"respondent": [f"S{i:0{len(str(n))}d}" for i in range(1, n + 1)], "staff_role": roles}
    )
    scores = {}
    for name, middle in MIDDLE.items():
        felt = middle + 0.8 * rng.standard_normal((n, 1)) + 0.6 * rng.standard_normal((n, ITEMS[name]))
        table[_items(name)] = _grades(felt)
        scores[name] = table[_items(name)].mean(axis=1)
    z = pd.DataFrame({name: (own - own.mean()) / own.std(ddof=1) for name, own in scores.items()})
    z[BOTH] = z["pace"] * z["ambition"]
    for name, effects in EFFECTS.items():
        level = LEVEL[name] + z[list(effects)].to_numpy() @ np.array(list(effects.values()))
        table[_items(name)] = _grades(
            (level + NOISE * rng.standard_normal(n))[:, None] + NOISE * rng.standard_normal((n, ITEMS[name]))
        )
    ahead = z["resources"] * 0.3 - z["demands"] * 0.3 + z[BOTH] * 0.2
    for name, (gain, pain, share) in ACTIVITIES.items():
        part = rng.random(n) < share
        for kind, middle, sign in (("gain", gain, 1), ("pain", pain, -1)):
            felt = middle + sign * ahead + 0.8 * rng.standard_normal(n)
            table[f"{kind}_{name}"] = pd.Series(_grades(felt)).astype("Int64").where(part)
    lead = pd.DataFrame({a: table[f"gain_{a}"] - table[f"pain_{a}"] for a in ACTIVITIES}).mean(axis=1)
    odds = expit(BACK[0] + BACK[1] * lead.astype(float))
    table["scaled_back"] = np.where(rng.random(n) < odds, "yes", "no")
    return table


def _items(scale: str) -> list[str]:
    return [f"{scale}_{n}" for n in range(1, ITEMS[scale] + 1)]


def _grades(felt: Any) -> np.ndarray:
    return np.clip(np.round(felt), 1, 5).astype(int)


def planted() -> dict[str, Any]:
    """Return the generator's own figures for `truth.yml`."""
    return {
        "points_per_standard_deviation": EFFECTS,
        "gains_and_pains": {name: {"gain": g, "pain": p} for name, (g, p, _) in ACTIVITIES.items()},
        "log_odds_of_scaling_back": {"gains_equal_pains": BACK[0], "per_grade_ahead": BACK[1]},
    }


def write(folder: Path | str, seed: int = SEED) -> list[Path]:
    """Write `raw/staff.csv` under a study folder, a few answers left out; the same bytes each time."""
    table = draw(seed).astype(object)
    answers = [name for name in table if name.rsplit("_", 1)[0] in ITEMS]
    gaps = stream(seed, "staff: gaps").random((len(table), len(answers))) < UNANSWERED
    table[answers] = table[answers].mask(gaps)
    return [write_raw(folder, "staff", table)]
