"""Which notebooks a study can run, which it has to leave out and why, and what depends on what."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from vbhc.publish.notebook_files import OUTCOMES, reads_all, walk_number
from vbhc.study.config import Config

CLEANING = "01-cleaning"


@dataclass(frozen=True)
class Part:
    """Something that a study may hold: how to see that it does, and how to say that it does not."""

    present: Callable[[Config], bool]
    absent: str


def _followed(config: Config) -> bool:
    """Whether a questionnaire was asked at two visits, the first and the last of them."""
    ends = {next(iter(config.visits)), list(config.visits)[-1]} if config.visits else set()
    uses = config.instruments.values()
    return len(ends) > 1 and any(not use.once and (not use.visits or ends <= {*use.visits}) for use in uses)


PARTS = {
    "data": Part(
        lambda config: bool(config.sources or config.interviews),
        "neither patient data (`sources`) nor coded interviews (`interviews`)",
    ),
    "cost": Part(lambda config: config.cost is not None, "no costs (`cost`)"),
    "value quota": Part(
        lambda config: config.value_quota is not None, "no definition of the value quota (`value_quota`)"
    ),
    "perception": Part(
        lambda config: config.perception is not None, "no question on patients' perception (`perception`)"
    ),
    "stakeholders": Part(
        lambda config: config.interviews is not None or config.survey is not None,
        "neither coded interviews (`interviews`) nor a survey of stakeholders (`survey`)",
    ),
    "patients": Part(lambda config: config.has_patients, "no patient data (`sources`)"),
    "instruments": Part(lambda config: bool(config.instruments), "no questionnaires (`instruments`)"),
    "no quota": Part(
        lambda config: config.cost is None or config.value_quota is None,
        "a value quota, of which 02-value-quota says what changed",
    ),
    "followed": Part(_followed, "no questionnaire that was asked at the first and the last visit"),
    "arms": Part(
        lambda config: any(group.kind == "arm" for group in config.groups.values()),
        "no group of the kind `arm` (`groups`)",
    ),
    "threshold": Part(
        lambda config: config.has_threshold, "no price of a QALY to compare arms at (`willingness_to_pay`)"
    ),
    "interviews": Part(lambda config: config.interviews is not None, "no coded interviews (`interviews`)"),
    "survey": Part(
        lambda config: config.survey is not None and config.survey.asks_value,
        "no survey of what value is (`survey`)",
    ),
    "work": Part(
        lambda config: config.survey is not None and config.survey.work is not None,
        "no questionnaire of staff (`survey: work`)",
    ),
    "providers": Part(
        lambda config: config.variation is not None,
        "no comparison of providers (`variation`), which takes ten of them or more with thirty patients each",
    ),
    "series": Part(
        lambda config: config.variation is not None and config.variation.series is not None,
        "no results in the order of time (`variation: {series: ...}`)",
    ),
    "equity": Part(
        lambda config: config.equity is not None, "nothing that patients are ranked by (`equity`)"
    ),
    "allocative": Part(
        lambda config: config.allocative is not None, "no programmes of care to compare (`allocative`)"
    ),
    "pathway": Part(lambda config: config.pathway is not None, "no pathway to be modelled (`pathway`)"),
}

# A notebook that is not named here needs nothing but what the cleaning makes.
NEEDS: dict[str, tuple[str, ...]] = {
    CLEANING: ("data",),
    "01a-measures": ("instruments",),
    OUTCOMES: ("no quota", "patients", "followed"),
    "02-value-quota": ("cost", "value quota"),
    "02a-costs": ("cost",),
    "02b-soundness": ("cost", "value quota"),
    "02c-other-forms": ("cost", "value quota"),
    "02d-two-arms": ("cost", "value quota", "arms", "threshold"),
    "02e-missing-answers": ("cost", "value quota"),
    "03-perception": ("cost", "value quota", "perception"),
    "03a-why": ("cost", "value quota", "perception"),
    "03b-every-definition": ("cost", "value quota", "perception"),
    "03c-for-whom": ("cost", "value quota", "perception"),
    "04-stakeholders": ("stakeholders",),
    "04a-survey": ("survey",),
    "04b-coding": ("interviews",),
    "04c-staff": ("work",),
    "05-variation": ("providers",),
    "05a-over-time": ("series",),
    "05b-who-gains": ("cost", "value quota", "equity"),
    "05c-programmes": ("allocative",),
    "05d-pathway": ("pathway",),
    "06-summary": ("data",),
    "06a-checklists": ("data",),
}

# These read the patients and their costs; no answer of an interviewee or of a survey changes them.
PATIENTS_ONLY = ("01b", "02", "03", "05")


def left_out(config: Config, notebooks: Iterable[str]) -> dict[str, str]:
    """Return the notebooks that lack their input, each with the reason as a sentence."""
    reasons = {}
    for name in notebooks:
        lacking = [PARTS[part].absent for part in NEEDS.get(name, ()) if not PARTS[part].present(config)]
        if lacking:
            reasons[name] = f"study.yml declares {' and '.join(lacking)}."
    return reasons


def upstream(name: str, running: Iterable[str]) -> tuple[str, ...]:
    """Return the notebooks among `running` whose results `name` reads.

    The summary reads all others, its companions the summary too; every other one reads what the cleaning
    made.
    """
    names = list(running)
    if reads_all(name):
        return tuple(names[: names.index(name)])
    return () if name == CLEANING else tuple(other for other in names if other == CLEANING)


def on_patients_alone(name: str) -> bool:
    """Whether no answer of an interviewee or of a survey changes a notebook's result."""
    return walk_number(name) in PATIENTS_ONLY
