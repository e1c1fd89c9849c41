"""What a form of the value quota needs and the study does not give: said before anything is computed."""

from collections.abc import Collection, Iterator
from contextlib import suppress
from itertools import pairwise

from vbhc.instruments import scales
from vbhc.instruments.responders import individual_mcid
from vbhc.problems import Problem, did_you_mean
from vbhc.study import Study
from vbhc.study.config import ValueQuota
from vbhc.study.dictionary import Column
from vbhc.study.forms import FORMS


def form_problems(
    study: Study, outcome: str, form: str, scores: Collection[str], known: Collection[str] = ()
) -> list[Problem]:
    """Return what stands in the way of computing this form of the outcome.

    Parameters
    ----------
    scores : collection of str
        Columns that scoring makes (`kccq_os_3m`).
    known : collection of str
        All columns of the patients' table, for `service`; empty where they cannot be known yet.
    """
    shown = study.shown("study.yml")
    if form not in FORMS:
        return [Problem(shown, f"unknown form {form!r}", did_you_mean(form, FORMS), "value_quota.form")]
    plan = study.config.value_quota or ValueQuota(outcome)
    found = {
        "": lambda: (),
        "mcid": lambda: _mcid_gaps(study, outcome, plan),
        "utility": lambda: _qaly_gaps(study, outcome, scores),
        "patients": lambda: _best_patient(study),
        "reference": lambda: _reference_gaps(plan),
        "service": lambda: _service_gaps(study, plan, known),
        "weights": lambda: _weight_gaps(study, plan, scores),
    }[FORMS[form].needs]
    return [Problem(shown, what, fix, f"value_quota.{key}") for key, what, fix in found()]


def _mcid_gaps(study: Study, outcome: str, plan: ValueQuota) -> Iterator[tuple[str, str, str]]:
    try:
        mcid_of(study, outcome, plan)
    except ValueError as error:
        yield "mcid", "this form needs an MCID of a single patient's change", str(error)


def mcid_of(study: Study, outcome: str, plan: ValueQuota) -> tuple[float, str]:
    """Return the MCID of a single patient's change and its source: the study's own, else the instrument's.

    Raises
    ------
    ValueError
        If there is none, or the study's own is known as a difference between groups or of a group's mean.
    """
    stem = bare_stem(study, outcome)
    if not plan.mcid >= 0:
        raise ValueError(f"found {plan.mcid:g}; an MCID is a size above 0")
    for use in study.config.instruments.values():
        if use.mcid and use.own_score == outcome and not plan.mcid:
            return use.mcid.value, use.mcid.source
    try:
        chosen = individual_mcid(stem, plan.mcid or None)
    except ValueError as error:
        if not plan.mcid or "cannot sort single patients" in str(error):
            raise ValueError(f"declare `mcid` under `value_quota`, and cite it ({error})") from error
        return plan.mcid, "given in study.yml"
    return chosen.value, chosen.source


def smallest_change(study: Study, outcome: str) -> tuple[float, str]:
    """Return the smallest change that matters to one patient, and who says so; 0 where none is known."""
    plan = study.config.value_quota
    plans = [plan, ValueQuota(outcome)] if plan and plan.outcome == outcome else [ValueQuota(outcome)]
    for one in plans:  # the instrument's own where the study's is about groups
        with suppress(ValueError):
            return mcid_of(study, outcome, one)
    return 0.0, ""


def bare_stem(study: Study, outcome: str) -> str:
    """Return the stem as the instrument knows it: "eq5d_index_se" of a second use is "eq5d_index"."""
    for use in study.config.instruments.values():
        if use.suffix and outcome.endswith(f"_{use.suffix}"):
            bare = outcome.removesuffix(f"_{use.suffix}")
            if bare in {scale.column for scale in scales(use.instrument, **use.scored_with)}:
                return bare
    return outcome


def _qaly_gaps(study: Study, outcome: str, scores: Collection[str]) -> Iterator[tuple[str, str, str]]:
    if outcome not in study.config.utilities:
        found = f"form 'qaly' needs a utility index, not {outcome!r}"
        yield "outcome", found, "an EQ-5D with a value set, or a score with `utility: true`"
        return
    if gone := [visit for visit in study.config.visits if f"{outcome}_{visit}" not in scores]:
        yield "form", f"no {outcome!r} at {', '.join(gone)}", "QALYs are an area over all visits"
    months = [visit.months for visit in study.config.visits.values()]
    if any(later <= earlier for earlier, later in pairwise(months)):
        yield "form", "visits without rising `months`", "QALYs need the time of each visit"


def _best_patient(study: Study) -> Iterator[tuple[str, str, str]]:
    if study.config.disclosure != "none":
        found = "form 'value-quotient' is a share of one patient's quota, the best"
        yield "form", found, f"another form: the policy {study.config.disclosure!r} hides single patients"


def _reference_gaps(plan: ValueQuota) -> Iterator[tuple[str, str, str]]:
    expected = {"reference_outcome": "the gain expected", "reference_cost": "the cost it should have"}
    for key, words in expected.items():
        if not getattr(plan, key) > 0:
            yield key, f"form 'value-index' needs `{key}` above 0", words


def _service_gaps(study: Study, plan: ValueQuota, known: Collection[str]) -> Iterator[tuple[str, str, str]]:
    seen = study.config.perception
    if not plan.service:
        yield "service", "form 'quality-service-cost' needs `service`", "the column of a second measure"
    elif seen and plan.service in ("perceived_value", seen.column, f"{seen.column}_{seen.asked_at}"):
        fix = "another measure: notebook 03 sets the quota against this one, which cannot be a part of it"
        yield "service", f"{plan.service!r} is the perception", fix
    elif known and plan.service not in known:
        yield "service", f"no column {plan.service!r}", did_you_mean(plan.service, sorted(known))
    elif (column := _column_of(study, plan.service)) and not column.has_scale:
        fix = "type integer or float, with min and max in the dictionary: both parts are put on 0-100"
        yield "service", f"column {plan.service!r} has no scale", fix


def _column_of(study: Study, name: str) -> Column | None:
    """Return the dictionary's row of a patients' column, with or without visit; None for scores."""
    stems = (name, *(name.removesuffix(f"_{visit}") for visit in study.config.visits))
    return next((study.dictionary[stem] for stem in stems if stem in study.dictionary), None)


def _weight_gaps(study: Study, plan: ValueQuota, scores: Collection[str]) -> Iterator[tuple[str, str, str]]:
    weights = plan.weights.values()
    if len(weights) < 2:
        fix = "such as {kccq_os: 2, eq_vas: 1}"
        yield "weights", "form 'weighted-composite' needs `weights` of two outcomes", fix
    if weights and (min(weights) < 0 or not sum(weights)):
        yield "weights", "weights below 0, or all 0", "how much each outcome counts"
    first, last = f"_{study.baseline}", f"_{study.follow_up}"
    stems = sorted({name.removesuffix(last) for name in scores if name.endswith(last)})
    for stem in plan.weights:
        if not {f"{stem}{first}", f"{stem}{last}"} <= set(scores):
            yield "weights", f"no score {stem!r} at both visits", did_you_mean(stem, stems)
