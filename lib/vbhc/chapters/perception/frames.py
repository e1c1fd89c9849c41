"""The patients whom chapter 03 compares: what they said, what became of them, what it cost, and the quota."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vbhc.chapters.value.quota.declared import Definition
from vbhc.chapters.value.quota.definitions import quota_where_possible
from vbhc.publish.counted import Counted
from vbhc.study import Study

SIDES = ("outcome", "cost", "VQ")


def with_deaths(patients: pd.DataFrame, vq: Definition) -> pd.DataFrame:
    """Return one row per patient: `answer, outcome, cost, VQ`; who died has the worst score at the end.

    Parameters
    ----------
    patients : DataFrame
        From `value.load_patients`. A missing answer, outcome or cost stays missing.
    """
    return _frame(patients, patients["gain_counting_deaths"], vq)


def survivors(patients: pd.DataFrame, vq: Definition) -> pd.DataFrame:
    """Return the same of those whose outcome was measured; all others have none."""
    return _frame(patients, patients["gain"], vq)


def _frame(patients: pd.DataFrame, outcome: pd.Series, vq: Definition) -> pd.DataFrame:
    perceived = patients["perceived_value"].astype(float)
    quota = quota_where_possible(outcome, patients["cost"], vq.per)
    columns = {"answer": perceived, "outcome": outcome, "cost": patients["cost"], "VQ": quota}
    return pd.DataFrame(columns).replace([np.inf, -np.inf], np.nan)


def who_is_compared(patients: pd.DataFrame, vq: Definition, deaths: bool = True) -> Counted:
    """Return who has an answer, an outcome and a quota, and who is left out and why."""
    frame = with_deaths(patients, vq) if deaths else survivors(patients, vq)
    used = frame.notna().all(axis=1)
    silent = frame["answer"].isna()
    lost = ~silent & frame["outcome"].isna()
    without = {
        "who did not answer the question": int(silent.sum()),
        "who died": int((lost & patients["died"]).sum()),
        "without an outcome": int((lost & ~patients["died"]).sum()),
        "without a cost to divide by": int((~silent & ~lost & ~used).sum()),
    }
    dead = int((used & patients["gain"].isna()).sum())
    among = {"deaths counted at the worst score": dead} if deaths else {}
    return Counted(int(used.sum()), among=among, without=without)


def rating(study: Study) -> str:
    """Return what the study calls its perception, as it stands inside a sentence."""
    return inside(study.config.perception.label)


def inside(label: str) -> str:
    """Return a label as it stands inside a sentence.

    >>> inside("Age band"), inside("EQ VAS")
    ('age band', 'EQ VAS')
    """
    return label[:1].lower() + label[1:] if label[1:2].islower() or label[1:2] == " " else label


def names(vq: Definition) -> dict[str, str]:
    """Return what outcome, cost and quota are called in sentences, by their column."""
    outcome = "gain" if vq.form == "gain" else "outcome"
    return {"outcome": f"the {outcome}", "cost": "the cost", "VQ": f"{outcome} over cost"}
