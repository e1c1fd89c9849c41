"""The answer of the summary: what needs both numbers and people, in the order of what it changes."""

from __future__ import annotations

import pandas as pd

from vbhc.chapters.stakeholders.joint import joint_sentence
from vbhc.chapters.summary.whose_value import whose_claims
from vbhc.publish.claims import Claim
from vbhc.publish.disclosure.policies import get_policy
from vbhc.publish.results import Result
from vbhc.study import Study


def together_answer(study: Study, ranked: pd.DataFrame, display: pd.DataFrame, reasons: list[str]) -> Result:
    """Lead with how many patients change rank; then how numbers and words fit; else why there is neither."""
    protects = get_policy(study.config.disclosure).protects
    says: list[Claim | str] = list(whose_claims(ranked, protects)) if len(ranked) else []
    says += [joint_sentence(display)] if len(display) else []
    return Result("answer", says=says or list(dict.fromkeys(reasons)), role="answer")
