"""A made-up trial of two arms, with what was planted in it: for tests of comparisons with the missing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from vbhc.study import Study
from vbhc.study.config import Config, Cost, Group, InstrumentUse, Visit


def two_armed(folder: Path, gain: float = 0.1, extra: float = 400.0) -> tuple[Study, pd.DataFrame]:
    """Return 300 patients over a year; a third is lost after the first visit, the low first.

    The new arm gains half of `gain` in QALYs and costs `extra` more.
    """
    visits = {"baseline": Visit("before"), "6m": Visit("at six months", 6), "1y": Visit("at one year", 12)}
    config = Config(
        "t",
        visits=visits,
        instruments={"eq5d": InstrumentUse("eq5d-3l", "eq5d_{item}", "3l-tto-uk")},
        groups={"arm": Group("arm", "Arm", "arm", "old")},
        cost=Cost("EUR", 2011, "hospital", "unit_costs.csv", {"ward": ("day",)}, lines="lines"),
        covariates=("arm", "age"),
    )
    rng = np.random.default_rng(2)
    n = 300
    arm = np.where(np.arange(n) % 2 == 0, "old", "new")
    before = rng.uniform(0.3, 0.8, n)
    patients = pd.DataFrame(
        {
            "arm": arm,
            "age": rng.normal(70, 8, n),
            "eq5d_index_baseline": before,
            "eq5d_index_6m": (before + gain * (arm == "new") + rng.normal(0, 0.03, n)).clip(-0.5, 1),
            "eq5d_index_1y": (before + rng.normal(0, 0.03, n)).clip(-0.5, 1),
            "cost_eur_2011": 1000 + extra * (arm == "new") + rng.normal(0, 100, n),
        }
    )
    lost = rng.random(n) < np.where(before < 0.5, 0.5, 0.1)
    patients.loc[lost, ["eq5d_index_6m", "eq5d_index_1y"]] = np.nan
    return Study("s", folder, config, {}), patients
