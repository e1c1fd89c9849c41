"""The published forms of a value quota: what each divides, its source, what it needs, how it is said."""

from __future__ import annotations

from typing import NamedTuple


class Form(NamedTuple):
    """One form. `{first}` and `{last}` in its words are the labels of the visits, `{label}` the outcome's.

    `above` says what stands above the line, `label` names the outcome on axes, `unit` is a noun for sentences
    (empty takes the scale's own). `needs` is what a study must give beside the outcome: an "mcid",
    "reference", "service", "weights", a "utility", or "patients" that may be told apart.
    """

    formula: str
    source: str
    above: str
    label: str
    unit: str = ""
    needs: str = ""
    two_visits: bool = True


MCID_WORDS = {
    "above": "{last} minus {first}, in MCIDs",
    "label": "{label}, gain in units of its MCID",
    "unit": "MCIDs",
    "needs": "mcid",
}

FORMS = {
    "gain": Form(
        formula="(follow-up - baseline) / cost",
        source="Lindgren & Althin 2020, Eur J Health Econ, eq. 1, after Porter 2010 (form left open)",
        above="{last} minus {first}",
        label="{label}, gain",
    ),
    "follow-up": Form(
        formula="score at follow-up / cost",
        source="Lindgren & Althin 2020, Eur J Health Econ, eq. 1, after Porter 2010 (form left open)",
        above="the score at {last}",
        label="{label}, {last}",
        two_visits=False,
    ),
    "baseline-adjusted": Form(
        formula="follow-up at average baseline (ANCOVA residual + mean) / cost",
        source="Vickers & Altman 2001, BMJ 323:1123 (analysis of covariance for the start; here over cost)",
        above="the score at {last}, had all started alike ({first})",
        label="{label}, {last}, baseline held equal",
    ),
    "mcid-units": Form(
        formula="change in PROM / its smallest important change / cost",
        source="the numerator of Berglund et al. 2019, J Shoulder Elbow Surg, PMC6383649",
        **MCID_WORDS,
    ),
    "qaly": Form(
        formula="area under the utility index over time / cost",
        source="Manca, Hawkins & Sculpher 2005, Health Econ 14:487, doi 10.1002/hec.944, eq. 1",
        above="area under the index from {first} to {last}",
        label="{label}, QALYs",
        unit="QALYs",
        needs="utility",
    ),
    "value-quotient": Form(
        formula="change in PROM / cost, rescaled so that the best patient has 100",
        source="Patient-level value analysis in knee arthroplasty (PLVA), "
        "over time-driven activity-based cost",
        above="{last} minus {first}; the patient with the highest quota has 100",
        label="{label}, gain as a share of the best quota",
        unit="points (the best patient has 100)",
        needs="patients",
    ),
    "procedure-value-index": Form(
        formula="change in PROM in units of its MCID / total cost",
        source="Berglund et al. 2019, J Shoulder Elbow Surg, PMC6383649",
        **MCID_WORDS,
    ),
    "value-index": Form(
        formula="(change in PROM / reference change) / (cost / reference cost); 1 = as expected",
        source="after Ladermann et al. 2021, J Clin Med 10:5700 (its weights and complications left out)",
        above="{last} minus {first}, against what was expected",
        label="{label}, gain over the expected gain",
        unit="times the expected outcome",
        needs="reference",
    ),
    "quality-service-cost": Form(
        formula="(quality + service) / cost, both on 0-100",
        source="University of Utah Health, value equation",
        above="the score at {last} plus service, both on 0-100",
        label="{label}, {last}, plus service",
        unit="points of quality plus service (0-200)",
        needs="service",
        two_visits=False,
    ),
    "weighted-composite": Form(
        formula="weighted mean of changes, each in % of its scale / cost",
        source="after van Deen et al. 2017, Qual Life Res (weights from stated preferences)",
        above="{last} minus {first}, weighted, in % of each scale",
        label="Weighted gain of several outcomes",
        unit="points (weighted, in % of each scale)",
        needs="weights",
    ),
}


def needs_baseline(form: str) -> bool:
    """Whether a form compares two visits; one that does not exist is taken to."""
    return form not in FORMS or FORMS[form].two_visits
