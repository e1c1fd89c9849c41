"""What chapter 05 compares: patients with what was observed and expected of them, and their providers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from vbhc import cleaning, wording
from vbhc.problems import did_you_mean, fault
from vbhc.publish.disclosure.policies import get_policy
from vbhc.statistics.samples import indicators
from vbhc.statistics.variation.funnel import TAUS, by_unit, residuals, tau_interval
from vbhc.study import Study

FEWEST_UNITS = 10  # below it how far providers truly differ is a guess
SIGNS = {"higher is better": 1, "lower is better": -1}


@dataclass(frozen=True)
class Score:
    """A measure, its patients and its providers; all differences with more as better.

    `patients` has a row per patient: `provider, observed, gain, expected, residual`. `providers` a row each
    of enough records (`funnel.by_unit`, `as_shown`). `tau` is how far providers truly differ (0 where
    study.yml asks for chance alone), `source` where expectations come from, `explained` the share of the
    spread they take away, `shift` by how much they were off on the whole.
    """

    name: str
    label: str
    patients: pd.DataFrame
    providers: pd.DataFrame
    tau: float
    source: str
    explained: float
    shift: float

    @property
    def tau_ends(self) -> dict[str, float]:
        """The 95% interval of how far providers truly differ, by Q-profiling: `low, high`."""
        ends = tau_interval(self.providers["estimate"], self.providers["standard_error"])
        return dict(zip(("low", "high"), ends, strict=True))

    @property
    def few(self) -> str:
        """Why nothing can be said, or ""."""
        n = len(self.providers)
        if n < FEWEST_UNITS:
            return f"With records enough of {self.label}: {n}, too few to tell them from chance."
        return "" if self.providers.attrs["sd"] > 0 else f"No two patients differ in {self.label}."


def load_patients(study: Study) -> pd.DataFrame:
    """Return the cleaned patients who are compared: those that `variation.only` lets in, with a provider."""
    patients = cleaning.load_patients(study)
    keep = patients[column_of(study)].notna() & holds(patients, study.config.variation.only)
    return patients[keep].reset_index(drop=True)


def holds(patients: pd.DataFrame, rule: Mapping[str, Any]) -> pd.Series:
    """Return for whom a rule holds: every column has the value, or lies within the two numbers."""
    found = pd.Series(True, patients.index)
    for column, wanted in rule.items():
        values = patients[column]
        if isinstance(wanted, list):
            hit = values.astype(float).between(*wanted)
        else:
            hit = (values == wanted).fillna(False).astype(bool)
        found &= hit
    return found


def column_of(study: Study) -> str:
    """Return the column that names a patient's provider."""
    return study.config.groups[study.config.variation.group].column


def one(study: Study) -> str:
    """Return what a provider is called inside a sentence: "hospital"."""
    return wording.inside_sentence(study.config.groups[study.config.variation.group].label)


def many(study: Study) -> str:
    """Return what more than one of them are called: "hospitals"."""
    return f"{one(study)}s"


def how_many(study: Study, n: int) -> str:
    """Return how many they are: "1 hospital", "2 hospitals"."""
    return f"{n} {wording.noun(n, one(study))}"


def named(study: Study, providers: list[str]) -> str:
    """Return providers by name where that is allowed, or how many they are: "H08", "2 hospitals"."""
    if may_be_named(study) and len(providers) <= 6:
        return wording.listing(providers)
    return how_many(study, len(providers))


def label_of(study: Study, column: str) -> str:
    """Return what a column is called: its group, or its label with the visit in lower case."""
    groups = {group.column: group.label for group in study.config.groups.values()}
    if column in groups:
        return groups[column]
    labels = cleaning.load_columns(study).set_index("name")["label"]
    head, comma, visit = str(labels.get(column, column)).partition(", ")
    return f"{head}{comma}{wording.inside_sentence(visit)}"


def inside(label: str) -> str:
    """Return a label as inside a sentence; a name of several words, such as Oxford Hip Score, as it is."""
    name = any(word[:1].isupper() for word in label.partition(",")[0].split()[1:])
    return label if name else wording.inside_sentence(label)


def may_be_named(study: Study) -> bool:
    """Whether single providers are named: only where nobody is protected, since names invite a league.

    A study's own table of providers (`scorecard`) names them to its analyst in any case.
    """
    return study.config.disclosure == "none"


def measured(study: Study, patients: pd.DataFrame, measure: str = "") -> Score:
    """Return a declared measure, the first where none is named.

    Raises StudyError for a measure that is not declared or was not scored at the last visit.
    """
    plan = study.config.variation
    name = measure or plan.measures[0]
    column = f"{name}_{study.follow_up}"
    if name not in plan.measures or column not in patients:
        fix = did_you_mean(name, plan.measures)
        found = f"no measure {name!r} at the last visit"
        raise fault(study.shown("study.yml"), found, fix, "variation.measures")
    row = cleaning.load_columns(study).set_index("name").loc[column]
    sign = SIGNS.get(row["direction"], 1)
    observed = sign * patients[column].astype(float)
    expected, source = _expected(study, patients, name, sign)
    left = residuals(observed, expected)
    frame = pd.DataFrame({"provider": patients[column_of(study)].astype("object"), "observed": observed})
    before = f"{name}_{study.baseline}"
    gain = observed - sign * patients[before].astype(float) if before in patients else np.nan
    frame = frame.assign(gain=gain, expected=expected, residual=left)
    providers = as_shown(by_unit(left, frame["provider"], plan.fewest), study)
    tau = TAUS[plan.overdispersion](providers["estimate"], providers["standard_error"])
    explained = observed.corr(expected) ** 2 if min(observed.std(), expected.std()) > 0 else np.nan
    label = row["label"].partition(",")[0]
    shift = float((observed - expected).mean())
    return Score(name, label, frame, providers, tau, source, float(explained), shift)


def as_shown(units: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return units with their records and errors as the policy rounds them.

    An error is the spread of all over the root of the records: beside rounded ones it would give the exact.
    """
    n = rounded(units["n"], study)
    return units.assign(n=n, standard_error=units["standard_error"] * np.sqrt(units["n"] / n))


def rounded(counts: pd.Series, study: Study) -> pd.Series:
    """Return counts of people as the policy rounds them: as they are where it does not, and never to none."""
    policy = get_policy(study.config.disclosure)
    return counts.map(policy.rounded).clip(lower=policy.rounds_to)


def each_measure(study: Study, patients: pd.DataFrame) -> list[Score]:
    """Return every declared measure."""
    return [measured(study, patients, name) for name in study.config.variation.measures]


def _expected(study: Study, patients: pd.DataFrame, name: str, sign: int) -> tuple[pd.Series, str]:
    """Return what was expected of each patient, and whether that is "declared" or "modelled" here."""
    column = study.config.variation.expected.get(name)
    if column:
        return sign * patients[column].astype(float), "declared"
    observed = sign * patients[f"{name}_{study.follow_up}"].astype(float)
    covariates = [one for one in study.config.covariates if one in patients]
    before = f"{name}_{study.baseline}"
    held = [*covariates, *([before] if before in patients else [])]
    model = indicators(patients[held]).assign(constant=1.0)
    known = model.notna().all(axis=1)
    used = known & observed.notna()
    line, *_ = np.linalg.lstsq(model[used].to_numpy(), observed[used].to_numpy(), rcond=None)
    return pd.Series(model.to_numpy() @ line, index=patients.index).where(known), "modelled"
