"""The one-line answers of the notebooks, put together from the results they have just computed."""

from __future__ import annotations

import pandas as pd

from vbhc.association import row_sentence, side_by_side_sentence, spearman
from vbhc.disclosure.policies import Policy
from vbhc.report.answer import first_sentence
from vbhc.stakeholders import (
    best_worst_rows,
    best_worst_sentence,
    codes_sentence,
    permanova_sentence,
    ranks_sentence,
    respondents_sentence,
    statement_tests,
    statement_tops,
    statements_sentence,
    survey_best_worst,
    survey_concordance,
    survey_ranks,
    together_sentence,
)
from vbhc.study import Study
from vbhc.value import ratio_sentence, reciprocal_cost_sentence
from vbhc.wording import number, percent

COEFFICIENTS = {"spearman": "Spearman's ρ", "kendall": "Kendall's τ-b", "polychoric": "Polychoric r"}
READ_FIRST = ("coefficient", "with", "estimate", "ci_low", "ci_high")
INTERVALS = {"bonett-wright": "Bonett-Wright", "ml": "likelihood"}


def value_answer(ratio: pd.DataFrame, reciprocal: pd.DataFrame, unit: str, currency: str) -> str:
    """The group's value, and whether VQ is here an outcome or a cost turned upside down."""
    said = reciprocal_cost_sentence(reciprocal)
    if not reciprocal["reason"].iloc[0]:
        said = f"{said.partition(' (')[0]}."  # its coefficients stand with the soundness checks
    elif said == ratio["reason"].iloc[0]:
        return said
    return f"{ratio_sentence(ratio, unit, currency)} {said}"


def plane_title(frame: pd.DataFrame, ci_level: float = 0.95) -> str:
    """Say whether patients whose care cost more had the better outcomes (columns `outcome`, `cost`)."""
    return row_sentence(spearman(frame["cost"], frame["outcome"], ci_level).iloc[0], "Cost", "outcome")


def coefficients_in_words(three: pd.DataFrame) -> pd.DataFrame:
    """Return `association.side_by_side` as readers see it: a coefficient named with its kind of interval."""
    kinds = three["method"].replace(INTERVALS)
    names = three["coefficient"].replace(COEFFICIENTS)
    named = three.assign(coefficient=names + kinds.map(lambda kind: f" ({kind} interval)" if kind else ""))
    return named[[*READ_FIRST, "p_val", "n", "n_missing", "ties_x", "ties_y"]]


def perception_spread(perception: pd.Series, label: str) -> str:
    """Say where the answers lie: median, and the share that chose the most common answer."""
    known = perception.dropna()
    if known.empty:
        return f"Nobody answered: {label}."
    best = percent((known == known.max()).mean())
    return (
        f"{label}: {len(known):,} answers, median {number(known.median(), 1)}; the best that anyone gave, "
        f"{number(known.max(), 1)}, came from {best}."
    )


def perception_title(perception: pd.Series) -> str:
    """Say whether answers crowd at the good end: the share in the upper half of the range that was used."""
    known = perception.dropna()
    if known.nunique() < 2:
        return "All answers are alike: nothing can go with them"
    upper = (known > (known.min() + known.max()) / 2).mean()
    return f"{percent(upper)} of patients answered in the better half of the range that was used"


def plain_answer(three: pd.DataFrame) -> str:
    """Say in plain words whether better outcomes, and more outcome per cost, go with more perceived value."""
    rho = three[three["coefficient"] == "spearman"].set_index("with")
    if rho[["ci_low", "ci_high"]].isna().any(axis=None):
        return ""
    outcome, vq = (_way(rho.loc[name]) for name in ("outcome", "VQ"))
    words = {"more": "perceived more value", "less": "perceived less value"}
    if not outcome:
        lead = "These data do not settle whether patients with better outcomes perceived more value"
    else:
        lead = f"Patients with better outcomes {words[outcome]}"
    if vq == outcome:
        tail = (
            "nor whether those with more outcome per cost did"
            if not vq
            else "and so did those with more outcome per cost"
        )
    else:
        tail = (
            f"those with more outcome per cost {words[vq]}"
            if vq
            else "for more outcome per cost that is not settled"
        )
        tail = f"while {tail}"
    return f"{lead}, {tail}."


def _way(row: pd.Series) -> str:
    return "more" if row["ci_low"] > 0 else "less" if row["ci_high"] < 0 else ""


def perception_answer(three: pd.DataFrame, equivalence: pd.DataFrame) -> str:
    """In plain words, then the three associations, and whether the one with VQ was shown to be small."""
    numbers = f"{plain_answer(three)} {side_by_side_sentence(three)}".strip()
    row = equivalence.iloc[0]
    if row["reason"]:
        return f"{numbers} {row['reason']}"
    margin = number(row["margin"])
    if row["verdict"] == "larger than the margin":
        way = (
            "is shown not to be poor: larger than"
            if row["estimate"] > 0
            else "goes the other way, beyond minus"
        )
        return f"{numbers} The association with VQ {way} {margin}."
    verdict = (
        f"The association with VQ is shown to be poor: smaller than {margin} either way."
        if row["verdict"] == "smaller than the margin"
        else f"Whether the association with VQ is poor (smaller than {margin}) is not settled by these data."
    )
    return f"{numbers} {verdict}"


def stakeholder_answer(
    omnibus: pd.DataFrame, codes: pd.DataFrame, alpha: float = 0.05, policy: Policy | None = None
) -> str:
    """In plain words, then whether the groups differ as a whole, and whether any single code does.

    Under a policy that protects, codes whose counts are withheld are not named.
    """
    if codes.empty:
        return codes_sentence(codes, alpha)
    first, second = (str(codes[side].iloc[0]) for side in ("first", "second"))
    whole = permanova_sentence(omnibus, first, second, alpha, policy)
    plain = together_sentence(omnibus, codes, alpha, f"{first} and {second} interviewees", policy)
    return f"{plain} {whole} {codes_sentence(codes, alpha, policy)}"


def survey_answer(
    study: Study, answered: pd.DataFrame | None, alpha: float = 0.05, policy: Policy | None = None
) -> str:
    """What a survey says where nobody was interviewed: graded answers, then ranks, else best and worst."""
    survey = study.config.survey
    if survey is None or answered is None:
        return respondents_sentence(study, answered)
    said = []
    if survey.statements:
        tests, tops = statement_tests(study, answered), statement_tops(study, answered)
        said.append(statements_sentence(tests, tops, alpha, policy))
    if survey.ranking:
        ranks, agreed = survey_ranks(study, answered), survey_concordance(study, answered)
        said.append(ranks_sentence(ranks, agreed, policy))
    if not said:
        scores = survey_best_worst(study, answered, n_resamples=1)
        said.append(best_worst_sentence(scores, best_worst_rows(study, answered)[1], policy))
    return " ".join(said)


def gains_and_groups(gains: str, groups: str) -> str:
    """Bring the answer on gains and pains and the one on groups together: both first sentences lead."""
    (first, rest), (second, more) = first_sentence(gains), first_sentence(groups)
    return " ".join(filter(None, (first, second, rest, more)))
