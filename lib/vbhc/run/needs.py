"""Which notebooks a study can run, which it has to leave out and why, and what depends on what."""

from collections.abc import Iterable
from functools import cache, reduce
from typing import Any

from vbhc import shipped
from vbhc.publish.notebook_files import reads_all, walk_number
from vbhc.study.config import Config

CLEANING = "01-cleaning"
# These read the patients and their costs; no answer of an interviewee or of a survey changes them.
PATIENTS_ONLY = ("01b", "02", "03", "05")


@cache
def declared() -> dict[str, dict[str, Any]]:
    """Return `needs.yml`: what each notebook needs (`notebooks`), and where a study says so (`parts`)."""
    return shipped.tree(__file__, "needs.yml")


def _followed(config: Config) -> bool:
    """Whether a questionnaire was asked at the first and at the last visit."""
    ends = {next(iter(config.visits)), list(config.visits)[-1]} if config.visits else set()
    uses = config.instruments.values()
    return len(ends) > 1 and any(not use.once and (not use.visits or ends <= {*use.visits}) for use in uses)


# Parts that no key of study.yml stands for.
SEEN = {
    "no quota": lambda config: config.cost is None or config.value_quota is None,
    "followed": _followed,
    "arms": lambda config: any(group.kind == "arm" for group in config.groups.values()),
}


def _holds(config: Config, part: str) -> bool:
    if part in SEEN:
        return SEEN[part](config)
    paths = (path.split(".") for path in declared()["parts"][part]["at"])
    return any(reduce(lambda found, key: found and getattr(found, key), path, config) for path in paths)


def left_out(config: Config, notebooks: Iterable[str]) -> dict[str, str]:
    """Return the notebooks that lack their input, each with the reason as a sentence."""
    needs, parts, reasons = declared()["notebooks"], declared()["parts"], {}
    for name in notebooks:
        lacking = [parts[part]["absent"] for part in needs.get(name, ()) if not _holds(config, part)]
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
