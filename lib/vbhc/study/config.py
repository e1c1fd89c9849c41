"""The shape of `study.yml`: every key it may hold, its type and its default."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from vbhc.study.costs import Cost, WillingnessToPay
from vbhc.study.forms import FORMS
from vbhc.study.instrument_uses import InstrumentUse
from vbhc.study.marks import Amount, Bounds, ColumnName, Direction, OneOf, Size
from vbhc.study.survey_plan import Survey
from vbhc.study.variation import Allocative, Equity, Pathway, Variation

LAYOUTS = ("patients", "visits", "resource-lines", "plics", "nhs-proms", "respondents")
LINES = ("resource-lines", "plics")  # many rows of a patient, none of which is a visit
DISCLOSURE_POLICIES = ("none", "nhs-proms", "hes", "opensafely", "acro")  # see publish.disclosure
GROUP_KINDS = ("arm", "site", "provider", "subgroup")
Correlation = Annotated[float, Bounds("a correlation between 0 and 1", high=1, within=True)]


@dataclass(frozen=True)
class Publisher:
    """Where a raw file is published. `sha256` is that of the file itself, not of a zip around it."""

    page: str = ""
    url: str = ""
    member: str = ""
    sha256: str = ""


@dataclass(frozen=True)
class Source:
    """One raw file. `key` names the columns that identify a row; `layout` says what a row is.

    `header_row` is the row with the column names; `skip_rows` are so many below it that are no data.
    `rename` maps headers of the file to the study's names; `date_format` is such as dd-mm-yyyy. `recode` maps
    answers written in words to codes, in graded and coded columns; in it and in `ignore_columns` a star
    stands for any letters.
    """

    file: str
    layout: Annotated[str, OneOf(LAYOUTS)] = "patients"
    key: tuple[str, ...] = ()
    delimiter: str = ""
    decimal: Annotated[str, OneOf(("", ",", "."), "',' or '.'")] = ""
    encoding: str = ""
    sheet: str = ""
    header_row: Annotated[int, Bounds("1 or more", 1)] = 1
    skip_rows: Annotated[int, Bounds("0 or more")] = 0
    date_format: str = ""
    rename: dict[str, str] = field(default_factory=dict)
    ignore_columns: tuple[str, ...] = ()
    recode: dict[str, Any] = field(default_factory=dict)
    publisher: Publisher = field(default_factory=Publisher)


@dataclass(frozen=True)
class Visit:
    """One time point; `months` counts from the first."""

    label: str
    months: float = 0


@dataclass(frozen=True)
class Perception:
    """How patients themselves saw their care or its result: a column and which end of it is good."""

    column: str
    direction: Direction
    label: str
    kind: str = ""
    asked_at: str = ""


@dataclass(frozen=True)
class ValueQuota:
    """The study's own definition of VQ: outcome in its form (`forms`), over cost, per `per` currency units.

    Some published forms need more: `mcid` (of a single patient's change, where the instrument records none),
    `weights` (outcome to weight), `service` (a column beside the outcome), or a reference outcome and cost.
    """

    outcome: str
    form: Annotated[str, OneOf(tuple(FORMS))] = "gain"
    per: Amount = 1000
    mcid: Size = 0
    weights: dict[str, float] = field(default_factory=dict)
    service: str = ""
    reference_outcome: Size = 0
    reference_cost: Size = 0


@dataclass(frozen=True)
class Group:
    """A column that splits patients."""

    column: ColumnName
    label: str
    kind: Annotated[str, OneOf(GROUP_KINDS)] = "subgroup"
    reference: str = ""


@dataclass(frozen=True)
class Interviews:
    """Coded interviews and who was interviewed. `consent` names the participants' column for quoting.

    `columns` gives headers of an export their meaning where it is not known; `project` names one of several
    in a database; `canonical` maps spellings (of codes, people, values of their attributes, coders) to the
    name that they stand for. `skips_proms` are codes of those who hand out questionnaires late or not at all.
    """

    file: str
    participants: str = ""
    key: str = "participant"
    group: str = "group"
    consent: str = ""
    attributes: tuple[str, ...] = ()
    columns: dict[str, str] = field(default_factory=dict)
    project: str = ""
    canonical: dict[str, str] = field(default_factory=dict)
    skips_proms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Config:
    """`study.yml`, checked."""

    title: str
    synthetic: bool = False
    question: str = ""
    citation: str = ""
    licence: str = ""
    authors: tuple[str, ...] = ()
    key: str = "patient_id"
    sources: dict[str, Source] = field(default_factory=dict)
    visits: dict[str, Visit] = field(default_factory=dict)
    instruments: dict[str, InstrumentUse] = field(default_factory=dict)
    cost: Cost | None = None
    perception: Perception | None = None
    value_quota: ValueQuota | None = None
    groups: dict[str, Group] = field(default_factory=dict)
    covariates: tuple[ColumnName, ...] = ()
    deaths: str = ""
    coverage: str = ""
    based_on: str = ""
    interviews: Interviews | None = None
    survey: Survey | None = None
    variation: Variation | None = None
    equity: Equity | None = None
    allocative: Allocative | None = None
    pathway: Pathway | None = None
    equivalence_margin: Correlation | None = None
    disclosure: Annotated[str, OneOf(DISCLOSURE_POLICIES)] = "none"
    accept: tuple[str, ...] = ()
    willingness_to_pay: WillingnessToPay | None = None
    notebooks: dict[str, dict[str, Any]] = field(default_factory=dict)
    questions: dict[str, str] = field(default_factory=dict)

    def question_of(self, notebook: str) -> str:
        """Return the question of a page in the study's own words; "" where it has none for it.

        Without patients all of the study is about those who were heard, and so is its question.
        """
        whole = notebook == "04-stakeholders" and not self.has_patients and self.pathway is None
        return self.questions.get(notebook) or (self.question.strip() if whole else "")

    def parameters(self, notebooks: Mapping[str, Collection[str]]) -> dict[str, dict[str, Any]]:
        """Return the parameters that study.yml sets, by notebook: its threshold wherever one has that name.

        `notebooks` maps each notebook to the names of its parameters; what `notebooks:` says goes first.
        """
        found = {name: dict(self.notebooks.get(name, {})) for name in (*self.notebooks, *self.questions)}
        for name in notebooks if self.willingness_to_pay else ():
            if "willingness_to_pay" in notebooks[name]:
                found[name] = {"willingness_to_pay": self.willingness_to_pay.amount} | found.get(name, {})
        return found

    @property
    def has_threshold(self) -> bool:
        """Whether the study says what a QALY is worth, for all notebooks or for one."""
        named = any("willingness_to_pay" in parameters for parameters in self.notebooks.values())
        return self.willingness_to_pay is not None or named

    @property
    def utilities(self) -> tuple[str, ...]:
        """Stems of scores on which 1 is full health and 0 is dead: EQ-5D indexes and declared utilities."""
        uses = [use for use in self.instruments.values() if use.value_set or use.utility]
        return tuple(use.column("eq5d_index") if use.value_set else use.own_score for use in uses)

    @property
    def has_patients(self) -> bool:
        """Whether a source is of patients; respondents of a survey are none."""
        return any(source.layout != "respondents" for source in self.sources.values())
