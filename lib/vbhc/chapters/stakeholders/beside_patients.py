"""Staff beside patients: questionnaires not handed out beside those answered, and both place by place.

Nothing here links a person to a person. What holds of places need not hold of anybody in them (Robinson 1950,
Am Sociol Rev 15:351-7), so that places are set side by side and no correlation is made of them.
"""

import pandas as pd

from vbhc import cleaning, interviews
from vbhc.chapters.cleaning.fates import outcome_name, outcome_stem
from vbhc.chapters.cleaning.readers import told_fates
from vbhc.chapters.stakeholders.asked import Asked
from vbhc.chapters.stakeholders.heard import Heard
from vbhc.chapters.stakeholders.layout import share_claim, table
from vbhc.chapters.stakeholders.sentences import say
from vbhc.chapters.stakeholders.work import share_and_gap
from vbhc.publish.claims import Claim
from vbhc.publish.disclosure.policies import Policy
from vbhc.publish.results import Result
from vbhc.study import Study
from vbhc.wording import listing

SKIP = "hand out questionnaires to patients late or not at all"
PLACES_NOT_PERSONS = "What is compared are places: it tells nothing about persons, nor who treated whom."
FEWEST_PATIENTS = 30


def skipped_by_staff(asked: Asked, scales: pd.DataFrame) -> Result | None:
    """Say how many staff skip questionnaires, how strained these are, and how many patients answered.

    None where staff were not asked.
    """
    column = asked.study.config.survey.work.skips_proms
    if not column:
        return None
    says = share_and_gap(asked, column, f"staff {SKIP}", scales["strain"], "mean strain", "points")
    return _beside_response(asked.study, asked.policy, says)


def skipped_by_interviewees(study: Study, heard: Heard) -> Result | None:
    """Say how many interviewees skip questionnaires, and how many patients answered; None without a code."""
    codes = list(study.config.interviews.skips_proms)
    if not codes:
        return None
    raised = interviews.presence(heard.coded, codes).any(axis=1)
    claim = share_claim(f"interviewees say that they {SKIP}", int(raised.sum()), len(raised), heard.ci_level)
    return _beside_response(study, heard.policy, [claim])


def _beside_response(study: Study, policy: Policy, says: list[Claim]) -> Result:
    """Return what was found of staff, with what became of patients where the study has some."""
    patients = cleaning.load_patients(study) if study.config.has_patients else pd.DataFrame()
    parts = told_fates(study, patients, policy)
    if not parts:
        return Result("proms-skipped", says=says)
    n = len(patients)
    response = f"Of the patients {listing(text for text, _ in parts)}."
    counts = [n, *((k, n) for _, k in parts)]
    return Result("proms-skipped", says=[*says, response, say("not-linked")], counts=counts)


def by_place(asked: Asked, scales: pd.DataFrame) -> Result | None:
    """Show motivation and strain of staff beside the gain of patients, for places with enough of both.

    None where the study does not say where staff work, or follows no patients by provider.
    """
    study, plan = asked.study, asked.study.config.survey.work
    providers = [group.column for group in study.config.groups.values() if group.kind == "provider"]
    patients = cleaning.load_patients(study) if plan.site and providers else pd.DataFrame()
    stem = outcome_stem(study, patients) if len(patients) else ""
    if not stem:
        return None
    staff, place = (own.dropna().astype(str) for own in (asked.answers[plan.site], patients[providers[0]]))
    means = scales[["motivation", "strain"]].groupby(staff).mean().add_prefix("mean_")
    gains = patients.groupby(place)[f"{stem}_change"]
    gained = gains.agg(n="count", mean_gain="mean")
    both = means.assign(n_staff=staff.value_counts()).join(gained, how="inner")
    least = study.config.variation.fewest if study.config.variation else FEWEST_PATIENTS
    whole = {"n_staff": len(staff), "n": int(gains.count().sum())}
    large = both[(both["n_staff"] >= plan.fewest) & (both["n"] >= least)]
    shown = _without_remainder(large, whole, asked.policy)
    enough = f"{plan.fewest} staff and {least} patients whose change is known"
    if len(shown) < 2:
        return Result("staff-by-place", says=[f"No two places have {enough}, so that none is shown."])
    words = {"outcome": outcome_name(study, patients), "enough": enough}
    frame = shown.rename_axis("label").reset_index()[["label", "n_staff", *means, "n", "mean_gain"]]
    return Result("staff-by-place", says=[PLACES_NOT_PERSONS], table=table("staff-by-place", frame, words))


def _without_remainder(shown: pd.DataFrame, whole: dict[str, int], policy: Policy) -> pd.DataFrame:
    """Leave out the smallest place where those of all other places are too few to be told of."""
    for column, n in whole.items():
        if policy.hides(n - int(shown[column].sum())):
            shown = shown.drop(index=shown[column].idxmin())
    return shown
