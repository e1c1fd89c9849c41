"""Load and check a study: `study.yml` and `dictionary.csv`; the one place that knows paths.

Imports neither pandas nor papermill, so that "nothing changed" can be said at once.
"""

import os
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from vbhc.problems import Problem, StudyError, did_you_mean, fault
from vbhc.study.config import Config
from vbhc.study.config_reader import read_config
from vbhc.study.config_references import unknown_references
from vbhc.study.dictionary import Column, dictionary_and_problems
from vbhc.study.instrument_uses import with_own_values, with_ready_made

FOLDER = re.compile(r"[\w-]+(\.[\w-]+)*")  # what make, shells and links take without quotes


@dataclass(frozen=True)
class Study:
    """A study folder, read: its configuration, its dictionary and where everything lies."""

    name: str
    folder: Path
    config: Config
    dictionary: dict[str, Column]

    @property
    def root(self) -> Path:
        """The project folder, two levels above `data/<study>`."""
        return self.folder.parent.parent

    @property
    def clean(self) -> Path:
        """Private: cleaned tables and the quarantine."""
        return self.folder / "clean"

    @property
    def runs(self) -> Path:
        """Private: executed notebooks with all their outputs."""
        return self.folder / "runs"

    @property
    def report(self) -> Path:
        """Public: the finished report."""
        return self.root / "reports" / self.name

    @property
    def adopted(self) -> Path:
        """Public: the report that `based_on` names, of a study beside this one or a folder of its own."""
        name = self.config.based_on
        beside = (self.root / "data" / name / "study.yml").is_file()
        return self.root / "reports" / name if beside else self.folder / name

    @property
    def baseline(self) -> str:
        """Id of the first visit."""
        return next(iter(self.config.visits))

    @property
    def follow_up(self) -> str:
        """Id of the last visit."""
        return list(self.config.visits)[-1]

    @property
    def cost_column(self) -> str:
        """Name of the total cost per patient, such as `cost_eur_2011`."""
        return self.cost_component_column("")

    def cost_component_column(self, component: str) -> str:
        """Name of one cost component per patient, such as `cost_ward_eur_2011`."""
        if (cost := self.config.cost) is None:
            raise fault(self.shown("study.yml"), "no `cost`", "this study has no costs")
        return "_".join(filter(None, ("cost", component, cost.currency.lower(), str(cost.price_year))))

    def source_file(self, name: str) -> Path:
        """Where the raw file of a source lies (`file:` counts from the study folder, or from its `raw/`)."""
        file = self.config.sources[name].file
        return self.folder / file if (self.folder / file).exists() else self.raw / Path(file).name

    @property
    def raw(self) -> Path:
        """Private: the files as they came, never edited."""
        return self.folder / "raw"

    def shown(self, file: str) -> str:
        """How messages name a file of this study: from the project folder, never with a machine's path."""
        return f"data/{self.name}/{file}"


def project_root() -> Path:
    """Return the nearest folder, from here upwards, that holds `data/` and `notebooks/` (or `$VBHC_HOME`)."""
    if os.environ.get("VBHC_HOME"):
        return Path(os.environ["VBHC_HOME"]).resolve()
    here = Path.cwd().resolve()
    for folder in (here, *here.parents):
        if (folder / "data").is_dir() and (folder / "notebooks").is_dir():
            return folder
    raise fault(".", "no project here", "run inside the project folder")


def study_names(root: Path | None = None) -> list[str]:
    """Names of the studies under `data/`."""
    return sorted(path.parent.name for path in (root or project_root()).glob("data/*/study.yml"))


class Loaded(NamedTuple):
    """A study as far as its declarations could be read, what is wrong with them, and what cannot be judged.

    `unsound` holds the sources whose declaration has a fault, and other parts of `study.yml` left out: what
    refers to them is no second fault.
    """

    study: Study | None
    problems: list[Problem]
    unsound: frozenset[str] = frozenset()


def load_study(name: str) -> Study:
    """Read and check the study `name` (a folder under `data/`, or the path of a study folder).

    Raises
    ------
    StudyError
        With every problem in `study.yml` and `dictionary.csv`: unknown keys ("did you mean"), wrong types,
        names that nothing declares.
    """
    study, problems, _ = read_study(name)
    if problems or study is None:
        raise StudyError(problems)
    return study


def read_study(name: str) -> Loaded:
    """Read as much of a study as can be read, with every problem of `study.yml` and `dictionary.csv`.

    Raises StudyError where there is no such study.
    """
    folder = study_folder(name)
    shown, table = f"data/{folder.name}/study.yml", f"data/{folder.name}/dictionary.csv"
    config, problems, holes, _ = read_config(folder / "study.yml", shown)
    if not FOLDER.fullmatch(folder.name):
        fix = "rename the folder: letters, digits, hyphens and underscores, such as hip-2026"
        problems.append(Problem(f"data/{folder.name}", f"a study cannot be called {folder.name!r}", fix))
    dictionary: dict[str, Column] = {}
    faults: list[Problem] = []
    if (folder / "dictionary.csv").is_file():
        dictionary, faults = dictionary_and_problems(folder / "dictionary.csv", table)
    elif config and config.sources:
        faults = [Problem(shown, "no dictionary.csv beside it", "one row per column of the sources")]
    if config is None:
        return Loaded(None, problems + faults)
    gaps = (*holes, "dictionary") if faults else holes
    uses, unread = with_own_values(config.instruments, folder, f"data/{folder.name}")
    faults += unread
    if not faults and config.value_quota:
        uses = with_ready_made(uses, config.value_quota.outcome, config.visits, dictionary)
    config = replace(config, instruments=uses)
    found = unknown_references(config, dictionary, folder, shown, gaps)
    unsound = {*holes, *(problem.column for problem in found)}
    unsound |= {"dictionary"} if any(problem.file == table for problem in (*faults, *found)) else set()
    problems += faults + found
    return Loaded(Study(folder.name, folder, config, dictionary), problems, frozenset(unsound))


def study_folder(name: str) -> Path:
    """Return the folder of the study `name` (or the study folder that `name` is the path of).

    Raises StudyError where there is none.
    """
    folder = Path(name)
    if not (folder / "study.yml").is_file() or "/" not in str(name):
        root = project_root()
        folder = root / "data" / name
        if not (folder / "study.yml").is_file():
            raise fault("data", f"no study {name!r}", did_you_mean(name, study_names(root)))
    return folder.resolve()
