"""The published forms of a value quota: what each divides, its source, what it needs, how it is said."""

from typing import NamedTuple

from vbhc import shipped


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


FORMS = {
    row.pop("form"): Form(**row | {"two_visits": row["two_visits"] == "yes"})
    for row in shipped.rows(__file__, "forms.csv")
}


def needs_baseline(form: str) -> bool:
    """Whether a form compares two visits; one that does not exist is taken to."""
    return form not in FORMS or FORMS[form].two_visits
