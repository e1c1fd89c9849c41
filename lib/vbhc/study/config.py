"""The shape of `study.yml`: every key it may hold, its type and its default."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

LAYOUTS = ("patients", "visits", "resource-lines", "nhs-proms", "respondents")
DIRECTIONS = ("higher is better", "lower is better")
DISCLOSURE_POLICIES = ("none", "nhs-proms", "hes", "opensafely", "acro")  # see publish.disclosure
GROUP_KINDS = ("arm", "site", "provider", "subgroup")


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
    `rename` maps headers of the file to the study's names; `date_format` is such as dd-mm-yyyy.
    """

    file: str
    layout: str = "patients"
    key: tuple[str, ...] = ()
    delimiter: str = ""
    decimal: str = ""
    encoding: str = ""
    sheet: str = ""
    header_row: int = 1
    skip_rows: int = 0
    date_format: str = ""
    rename: dict[str, str] = field(default_factory=dict)
    ignore_columns: tuple[str, ...] = ()
    publisher: Publisher = field(default_factory=Publisher)


@dataclass(frozen=True)
class Visit:
    """One time point; `months` counts from the first."""

    label: str
    months: float = 0


@dataclass(frozen=True)
class InstrumentUse:
    """An instrument and its item columns.

    `items` is a pattern with `{item}` (the visit's suffix is added) or a list in the instrument's order;
    `suffix` sets apart the scores of a second use, such as the same answers under another value set.
    `once` is for a questionnaire filled in a single time: its columns carry no visit's suffix.
    `options` go to the instrument's scoring function. `range`, `direction`, `unit` and `label` are those of a
    ready-made score, `instrument: score`.
    """

    instrument: str
    items: Any
    value_set: str = ""
    suffix: str = ""
    visits: tuple[str, ...] = ()
    once: bool = False
    range: tuple[float, ...] = ()
    direction: str = ""
    unit: str = ""
    label: str = ""
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def scored_with(self) -> dict[str, Any]:
        """What goes to the instrument's scoring function: its options, the value set, a score's own keys."""
        own = {name: getattr(self, name) for name in ("value_set", "direction", "unit", "label")}
        ends = dict(zip(("low", "high"), self.range, strict=False))
        stem = self.items if isinstance(self.items, str) else "".join(map(str, self.items[:1]))
        scale = {"scale": stem} if self.instrument == "score" else {}
        return {**scale, **ends, **{name: value for name, value in own.items() if value}, **self.options}

    def column(self, stem: str, visit: str = "") -> str:
        """The column of a score; a second use of the same answers has its `suffix` in it."""
        return "_".join(filter(None, (stem, self.suffix.strip("_"), visit)))


@dataclass(frozen=True)
class Event:
    """A resource that a patient used when columns hold given values (costs without resource lines)."""

    resource: str
    when: dict[str, Any]
    quantity: float = 1


@dataclass(frozen=True)
class Cost:
    """What the care cost: which resources, in which currency, at the prices of which year, seen by whom.

    Costs come from resource lines (`lines`), from what columns say happened (`events`), both priced by the
    table `unit_costs`, or from `columns`: a component's name to the patients' column that holds its cost in
    the currency and at the prices declared; `components` are then those of `columns`. `price_index` names a
    table (`currency,year,index[,rate]`) by which unit costs of other years and currencies are converted;
    without it they are an error.
    """

    currency: str
    price_year: int
    perspective: str
    unit_costs: str = ""
    components: dict[str, tuple[str, ...]] = field(default_factory=dict)
    lines: str = ""
    events: tuple[Event, ...] = ()
    columns: dict[str, str] = field(default_factory=dict)
    horizon: str = ""
    assumptions: tuple[str, ...] = ()
    price_index: str = ""

    def __post_init__(self) -> None:
        """Name the components after the columns that hold them, where none are named."""
        if self.columns and not self.components:
            object.__setattr__(self, "components", dict.fromkeys(self.columns, ()))


@dataclass(frozen=True)
class Perception:
    """How patients themselves saw their care or its result: a column and which end of it is good."""

    column: str
    direction: str
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
    form: str = "gain"
    per: float = 1000
    mcid: float = 0
    weights: dict[str, float] = field(default_factory=dict)
    service: str = ""
    reference_outcome: float = 0
    reference_cost: float = 0


@dataclass(frozen=True)
class WillingnessToPay:
    """What a QALY (or one unit of another utility) is held to be worth, in the currency of the costs."""

    amount: float
    currency: str


@dataclass(frozen=True)
class Group:
    """A column that splits patients."""

    column: str
    label: str
    kind: str = "subgroup"
    reference: str = ""


@dataclass(frozen=True)
class Interviews:
    """Coded interviews and who was interviewed. `consent` names the participants' column for quoting.

    `columns` gives headers of an export their meaning where it is not known; `project` names one of several
    in a database.
    """

    file: str
    participants: str
    key: str = "participant"
    group: str = "group"
    consent: str = ""
    attributes: tuple[str, ...] = ()
    columns: dict[str, str] = field(default_factory=dict)
    project: str = ""


@dataclass(frozen=True)
class Delphi:
    """The rule, set before the answers came in, by which respondents count as agreed on a statement.

    At least `share` (0-1) answer `agree_from` or higher, and the interquartile range is at most `most_iqr`.
    `again` is the pattern of the columns of a second round, such as "{statement}_again".
    """

    agree_from: float
    share: float
    most_iqr: float | None = None
    statements: tuple[str, ...] = ()
    again: str = ""


@dataclass(frozen=True)
class Survey:
    """What groups of respondents (patients, clinicians, managers, payers) were asked alike.

    `source` has the layout `respondents`. `statements` are graded columns, `top` the number of highest
    answers that count as agreement; `ranking` are columns that hold the rank of an outcome (1 = first);
    `best_worst` maps a task to the items it shows (columns `<task>_best` and `<task>_worst`).
    """

    source: str
    group: str
    statements: tuple[str, ...] = ()
    top: int = 2
    covariates: tuple[str, ...] = ()
    reference: str = ""
    ranking: tuple[str, ...] = ()
    best_worst: dict[str, tuple[str, ...]] = field(default_factory=dict)
    delphi: Delphi | None = None


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
    covariates: tuple[str, ...] = ()
    deaths: str = ""
    coverage: str = ""
    interviews: Interviews | None = None
    survey: Survey | None = None
    equivalence_margin: float | None = None
    disclosure: str = "none"
    accept: tuple[str, ...] = ()
    willingness_to_pay: WillingnessToPay | None = None
    notebooks: dict[str, dict[str, Any]] = field(default_factory=dict)

    def parameters(self, notebooks: Mapping[str, Collection[str]]) -> dict[str, dict[str, Any]]:
        """Return the parameters that study.yml sets, by notebook: its threshold wherever one has that name.

        `notebooks` maps each notebook to the names of its parameters; what `notebooks:` says goes first.
        """
        price, name = self.willingness_to_pay, "willingness_to_pay"
        everywhere = {
            one: {name: price.amount} for one, known in notebooks.items() if price and name in known
        }
        return {
            one: {**everywhere.get(one, {}), **self.notebooks.get(one, {})}
            for one in {**everywhere, **self.notebooks}
        }

    @property
    def has_patients(self) -> bool:
        """Whether a source is of patients; respondents of a survey are none."""
        return any(source.layout != "respondents" for source in self.sources.values())
