"""How much of the saturation of interviews may be shown under a policy."""

from __future__ import annotations

import pandas as pd

from vbhc.publish.disclosure.policies import Policy


def saturation_shown(curve: pd.DataFrame, policy: Policy | None = None) -> pd.DataFrame:
    """Return the part of `saturation_curve` that may be shown.

    Under a policy that protects without the order of the interviews, in which every step is one interviewee,
    and from as many interviews on as make no small number of people.
    """
    if policy is None or not policy.protects:
        return curve
    open_ = curve[curve["interview"] > policy.hides_up_to]
    return open_.drop(columns=["new_codes", "codes"]).reset_index(drop=True)
