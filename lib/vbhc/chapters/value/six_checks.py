"""The checks of a quotient shown: six that run every time, and what two quotas over one cost share."""

from __future__ import annotations

import pandas as pd

from vbhc import cleaning, wording
from vbhc.chapters.value.artefacts import shared_denominator as of_one_cost
from vbhc.chapters.value.artefacts import shared_denominator_sentence
from vbhc.chapters.value.follows import follows
from vbhc.chapters.value.group_value import who_counts
from vbhc.chapters.value.outcomes import separate_outcomes
from vbhc.chapters.value.quota.declared import (
    Definition,
    analysis_frame,
    define_value_quota,
    outcome_name,
)
from vbhc.chapters.value.ranking import order_words
from vbhc.publish.results import Result, Table
from vbhc.study import Study

SHARED_ALARM = 0.1  # correlation of two unrelated VQ from which the agreement of two VQ proves little
VALIDATES_NOTHING = "Their agreement is no validation of either."


def rating(study: Study, patients: pd.DataFrame) -> pd.Series | None:
    """Return what patients said of their care, named as the study names it; None where nobody was asked."""
    if study.config.perception is None or "perceived_value" not in patients:
        return None
    return patients["perceived_value"].astype(float).rename(rating_name(study))


def rating_name(study: Study) -> str:
    """Return the study's own name of the rating as it stands inside a sentence."""
    label = study.config.perception.label if study.config.perception else "the rating"
    return wording.inside_sentence(label)


def six_checks(patients: pd.DataFrame, checks: pd.DataFrame) -> Result:
    """Show the checks of `soundness`, a row each."""
    shown = checks[["check", "estimate", "n", "sentence"]]
    table = Table(shown, "Six checks of a patient's own quota (VQ)", labels={"estimate": "Number"})
    return Result("soundness", table=table, counted=who_counts(patients, "gain"))


def two_quotas(
    study: Study, patients: pd.DataFrame, vq: Definition, n_shuffles: int = 100, seed: int = 1
) -> pd.DataFrame:
    """Return how far the VQ of two outcomes agree only because they divide by the same cost.

    Returns
    -------
    DataFrame
        One row as from `artefacts.shared_denominator`, with `first` and `second`, the outcomes' names; empty
        where the study has a single outcome.
    """
    columns = cleaning.load_columns(study)
    others = [stem for stem in separate_outcomes(study, columns) if stem != vq.outcome]
    if not others or study.baseline == study.follow_up:
        return pd.DataFrame()
    second = define_value_quota(study, columns, outcome=others[0], form="gain")
    frame, other = analysis_frame(patients, vq), analysis_frame(patients, second)
    names = [outcome_name(study, columns, stem) for stem in (vq.outcome, others[0])]
    outcomes = frame["outcome"], other["outcome"].rename(names[1])
    return of_one_cost(*outcomes, frame["cost"], n_shuffles, seed).assign(first=names[0], second=names[1])


def share_their_cost(shared: pd.DataFrame) -> Result | None:
    """Say how far two quotas agree by their shared cost alone; nothing where there is one outcome.

    Parameters
    ----------
    shared : DataFrame
        From `two_quotas`.
    """
    if shared.empty:
        return None
    row, said = shared.iloc[0], shared_denominator_sentence(shared)
    if not row["reason"]:
        said = f"{row['first']} and {row['second']}: {said[0].lower()}{said[1:]}"
    alarm = VALIDATES_NOTHING if row["shuffled_mean"] >= SHARED_ALARM else ""
    return Result("shared-denominator", says=[said, alarm], role="limit", counts=[int(row["n"])])


def soundness_answer(
    vq: Definition, reciprocal: pd.DataFrame, paradox: pd.DataFrame, rankings: pd.DataFrame
) -> Result:
    """Return the answer: what a patient's quota follows, whom it misjudges, how another order differs.

    Parameters
    ----------
    reciprocal, paradox, rankings : DataFrame
        From `reciprocal_cost`, `sign_paradox` and `rankings_at`.
    """
    told = follows(reciprocal, paradox, vq)
    order = "" if rankings["reason"].iloc[0] else wording.sentence_case(order_words(rankings)) + "."
    return Result("answer", says=[*told.says, order], role="answer", counts=told.counts)
