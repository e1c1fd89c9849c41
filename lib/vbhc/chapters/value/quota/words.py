"""The value quota in words: what a form is called, how its outcome is labelled, and its unit."""

from __future__ import annotations

from vbhc.study import Study

UNITS = {
    **dict.fromkeys(("mcid-units", "procedure-value-index"), "MCIDs"),
    "qaly": "QALYs",
    "value-quotient": "points (the best patient has 100)",
    "value-index": "times the expected outcome",
    "quality-service-cost": "points of quality plus service (0-200)",
    "weighted-composite": "points (weighted, in % of each scale)",
}


def outcome_unit(unit: str, form: str) -> str:
    """The unit as a noun for sentences: "points (0-100)" is points, "1 = full health" has none of its own."""
    if form in UNITS:
        return UNITS[form]
    return "index points" if "=" in unit else unit.split(" (")[0] or "units"


def form_words(study: Study, form: str) -> str:
    """Say what stands above the line, with the study's own visits."""
    visits = study.config.visits
    first, last = visits[study.baseline].label, visits[study.follow_up].label
    return {
        "gain": f"gain: {last} minus {first}",
        "follow-up": f"follow-up: the score at {last}",
        "baseline-adjusted": f"baseline-adjusted: the score at {last}, had all started alike ({first})",
        "mcid-units": f"mcid-units: {last} minus {first}, in MCIDs",
        "procedure-value-index": f"procedure-value-index: {last} minus {first}, in MCIDs",
        "qaly": f"qaly: area under the index from {first} to {last}",
        "value-quotient": f"value-quotient: {last} minus {first}; the patient with the highest quota has 100",
        "value-index": f"value-index: {last} minus {first}, against what was expected",
        "quality-service-cost": f"quality-service-cost: the score at {last} plus service, both on 0-100",
        "weighted-composite": f"weighted-composite: {last} minus {first}, weighted, in % of each scale",
    }[form]


def outcome_label(study: Study, label: str, form: str) -> str:
    """Return the label of a score in its form: "KCCQ overall summary, gain"."""
    last = study.config.visits[study.follow_up].label
    return {
        "gain": f"{label}, gain",
        "follow-up": f"{label}, {last}",
        "baseline-adjusted": f"{label}, {last}, baseline held equal",
        "qaly": f"{label}, QALYs",
        "value-quotient": f"{label}, gain as a share of the best quota",
        "value-index": f"{label}, gain over the expected gain",
        "quality-service-cost": f"{label}, {last}, plus service",
        "weighted-composite": "Weighted gain of several outcomes",
    }.get(form, f"{label}, gain in units of its MCID")
