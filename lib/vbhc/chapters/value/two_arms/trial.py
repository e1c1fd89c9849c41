"""A study's two arms as its `study.yml` has them, and what one gives and costs more than the other."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from vbhc import wording
from vbhc.chapters.deaths import deaths, index_with_deaths
from vbhc.chapters.value.sentences import say
from vbhc.instruments.qaly import qalys
from vbhc.publish.results import Claim, Counted, Result
from vbhc.statistics.economics.two_arms import TwoArms, no_answer, two_arms
from vbhc.study import Study

ENDS = ("", "_low", "_high")  # of a column with a range
NO_QALY = "No index with a value set was scored at two visits, so there are no QALYs."


class Trial(NamedTuple):
    """The comparison of a study's arms: the result, how it was made, currency, price of a QALY, and deaths.

    `died` counts the deaths among those compared, `died_in_all` those of the study; `known` those with QALYs,
    costs or not.
    """

    result: TwoArms
    how: str = ""
    currency: str = ""
    price: float = 0.0
    died: int = 0
    died_in_all: int = 0
    known: int = 0

    @property
    def row(self) -> pd.Series:
        """The increments, their ratio, and the names of the arms."""
        return self.result.row

    @property
    def at_price(self) -> list[float]:
        """The difference in net benefit at the declared price of a QALY: estimate, low and high."""
        return [float(self.row[f"delta_net_benefit{end}"]) for end in ENDS]

    def counted(self) -> Counted:
        """Return who is compared, and how many lack a value that it takes."""
        among = {"deaths counted as a utility of 0 at the end": self.died}
        without = {"without every value": int(self.row["n_missing"])}
        return Counted(int(self.row["n"] + self.row["n_reference"]), among=among, without=without)

    def price_words(self, times: float = 1.0) -> str:
        """Return the price of a QALY, or a multiple of it, in words: "EUR 20,000"."""
        return wording.money(times * self.price, self.currency)

    def difference(self, what: str, ends: Sequence[float], n: int, **more: Any) -> Claim:
        """Return a claim of the new arm against the reference; `ends` are estimate, low and high."""
        estimate, low, high = map(float, ends)
        more |= {"first": str(self.row["arm"]), "second": str(self.row["reference"])}
        return Claim("difference", what, estimate, low, high, n, **more)

    def benefit(self, ends: Sequence[float], n: int, lead: str, **more: Any) -> Claim:
        """Return the difference in net benefit at the price of a QALY as a claim."""
        more |= {"lead": f"{lead} {self.price_words()} per QALY", "decimals": 0}
        return self.difference(f"the net benefit per patient in {self.currency}", ends, n, **more)


def declared_arms(study: Study) -> tuple[str, str] | None:
    """Return column and reference of the first group of kind "arm", None where the study has no arms."""
    arms = (group for group in study.config.groups.values() if group.kind == "arm")
    return next(((group.column, group.reference) for group in arms), None)


def held_equal(study: Study, patients: pd.DataFrame) -> list[str]:
    """Return the declared covariates but for the arm itself."""
    column = (declared_arms(study) or ("",))[0]
    return [name for name in study.config.covariates if name != column and name in patients]


def index_stem(study: Study, patients: pd.DataFrame) -> str:
    """Return the stem of the first utility that was scored at every visit ("eq5d_index"), "" without one."""
    visits = study.config.visits
    scored = (s for s in study.config.utilities if all(f"{s}_{visit}" in patients for visit in visits))
    return next(scored, "")


def study_qalys(study: Study, patients: pd.DataFrame, stem: str) -> pd.Series:
    """Return QALYs per patient over the study's visits; the dead have utility 0 at the last visit.

    The index falls along a straight line to 0 for those who died, whose day of death is not used. A visit
    that is missing otherwise leaves the QALYs missing.
    """
    years = [visit.months / 12 for visit in study.config.visits.values()]
    return qalys(index_with_deaths(study, patients, stem), years)


def study_two_arms(
    study: Study,
    patients: pd.DataFrame,
    willingness_to_pay: float,
    ci_level: float = 0.95,
    n_resamples: int = 2_000,
    seed: int = 1,
) -> Trial:
    """Compare the study's arms on QALYs and cost, with baseline index and the declared covariates held equal.

    Parameters
    ----------
    willingness_to_pay : float
        Currency per QALY; what depends on it is given on a grid from nothing to its double.

    Returns
    -------
    Trial
        `result.reason` says why there is nothing to compare (no arms, no index); no exception then.
    """
    arms, stem, cost = declared_arms(study), index_stem(study, patients), study.config.cost
    if arms is None or cost is None or not stem or len(study.config.visits) < 2:
        return Trial(no_answer("The study declares no arms." if arms is None else NO_QALY))
    (column, reference), held = arms, held_equal(study, patients)
    known = sorted(patients[column].dropna().astype(str).unique())
    if not known:
        return Trial(no_answer("No patient's arm is known; nothing to compare."))
    sides = study_qalys(study, patients, stem), patients[study.cost_column], patients[column]
    first = reference if reference in known else known[0]
    before = patients[f"{stem}_{study.baseline}"], patients[held] if held else None
    result = two_arms(*sides, first, *before, willingness_to_pay, ci_level, n_resamples, seed)
    dead = deaths(study, patients)
    counts = dead[result.complete.index].sum(), dead.sum(), sides[0].count()
    return Trial(result, _how(study, held), cost.currency, willingness_to_pay, *map(int, counts))


def _how(study: Study, held: list[str]) -> str:
    months, known = study.config.visits[study.follow_up].months, study.dictionary
    labels = [known[name].label if name in known else name.replace("_", " ") for name in held]
    alike = wording.listing(["baseline index", *map(wording.inside_sentence, labels)])
    return f"QALYs over {months:g} months: the area under the index. Held equal: {alike}"


QUADRANTS = {place: say(f"quadrant-{place}") for place in ("ne", "se", "nw", "sw")}


def extra(trial: Trial) -> Result:
    """Say what one arm has more than the other in QALYs and cost, and the ratio where it means something."""
    if trial.result.reason:
        return Result("two-arms", says=[trial.result.reason])
    row, counted = trial.row, trial.counted()
    gain, more = ([row[f"delta_{name}{end}"] for end in ENDS] for name in ("outcome", "cost"))
    gained = trial.difference("the mean number of QALYs", gain, counted.n)
    what = f"the mean cost per patient in {trial.currency}"
    cost = trial.difference(what, more, counted.n, decimals=0, counted=counted)
    lost, died = trial.died_in_all - trial.died, trial.died_in_all
    apart = [Claim("share", say("died-apart"), lost / died, k=lost, n=died)] if lost else []
    return Result("two-arms", says=[gained, cost, *apart, _ratio(row, trial.currency)])


def _ratio(row: pd.Series, currency: str) -> str:
    """The price of a QALY more, where both differences are there; else how the resamples lie."""
    if not np.isfinite(row["icer"]) or row["ci_kind"] != "bounded":
        share, quadrant = most_frequent(row)
        why = "the ratio of the two has no range" if np.isfinite(row["icer"]) else "no ratio is given"
        return f"In {wording.percent(share)} of resamples {row['arm']} {quadrant}; {why}."
    ends = " to ".join(wording.number(row[end], 0) for end in ("low", "high"))
    price = wording.money(row["icer"], currency)
    what = "saved per QALY given up" if row["quadrant"] == "SW" else "per QALY gained"
    return f"On the means that is {price} ({ends}) {what}."


def most_frequent(row: pd.Series) -> tuple[float, str]:
    """Return the quadrant of the plane in which most resamples lie: its share (0-1) and what it means."""
    top = max(QUADRANTS, key=lambda name: row[f"share_{name}"])
    return float(row[f"share_{top}"]), QUADRANTS[top]
