"""The shape of `study.yml`: every key it may hold, its type and its default."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from vbhc.study.variation import Variation

LAYOUTS = ("patients", "visits", "resource-lines", "plics", "nhs-proms", "respondents")
LINES = ("resource-lines", "plics")  # many rows of a patient, none of which is a visit
DIRECTIONS = ("higher is better", "lower is better")
DISCLOSURE_POLICIES = ("none", "nhs-proms", "hes", "opensafely", "acro")  # see publish.disclosure
UTILITY = "1 = full health, 0 = dead"
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
    `rename` maps headers of the file to the study's names; `date_format` is such as dd-mm-yyyy. `recode` maps
    answers written in words to codes, in graded and coded columns; in it and in `ignore_columns` a star
    stands for any letters.
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
    recode: dict[str, Any] = field(default_factory=dict)
    publisher: Publisher = field(default_factory=Publisher)


@dataclass(frozen=True)
class Visit:
    """One time point; `months` counts from the first."""

    label: str
    months: float = 0


class OwnValues(NamedTuple):
    """A study's own EQ-5D values: the table's name, whose they are, and (profile or level, value) pairs."""

    id: str
    citation: str
    values: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class OwnMcid:
    """The smallest change of a ready-made score that matters to one patient, and who found it."""

    value: float
    source: str


@dataclass(frozen=True)
class InstrumentUse:
    """An instrument and its item columns.

    `value_set` is the id of one, or the name of the study's own table (`OwnValues` once it was read).
    `items` is a pattern with `{item}` (the visit's suffix is added) or a list in the instrument's order;
    `suffix` sets apart the scores of a second use, such as the same answers under another value set.
    `once` is for a questionnaire filled in a single time: its columns carry no visit's suffix.
    `weights` are columns with how much each item counts for the patient (`goals`, `own-weights`).
    `options` go to the instrument's scoring function. `range`, `direction`, `unit`, `label`, `utility` (1 is
    full health, 0 is dead) and `mcid` are those of a ready-made score, `instrument: score`.
    """

    instrument: str
    items: Any
    value_set: Any = ""
    suffix: str = ""
    visits: tuple[str, ...] = ()
    once: bool = False
    range: tuple[float, ...] = ()
    direction: str = ""
    unit: str = ""
    label: str = ""
    weights: tuple[str, ...] = ()
    utility: bool = False
    mcid: OwnMcid | None = None
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def scored_with(self) -> dict[str, Any]:
        """What goes to the instrument's scoring function: its options, the value set, a score's own keys."""
        own = {name: getattr(self, name) for name in ("value_set", "direction", "unit", "label")}
        ends = dict(zip(("low", "high"), self.range, strict=False))
        stem = self.items if isinstance(self.items, str) else "".join(map(str, self.items[:1]))
        scale = {"scale": stem} if self.instrument == "score" else {}
        scale |= {"unit": UTILITY} if self.utility else {}
        return {**scale, **ends, **{name: value for name, value in own.items() if value}, **self.options}

    @property
    def own_score(self) -> str:
        """The stem of a score that the study names itself; "" where the instrument names its scores."""
        return self.column(self.scored_with["scale"]) if "scale" in self.scored_with else ""

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
    without it they are an error. Lines of the layout `plics` hold their cost: they add up to
    `declared_total`, and are divided by `mff`, the market forces factor.
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
    declared_total: float = 0
    mff: float = 1

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
    """What a QALY (or one unit of another utility) is held to be worth, in the currency of the costs.

    `source` says who holds it to be.
    """

    amount: float
    currency: str
    source: str = ""


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
    in a database; `canonical` maps spellings (of codes, people, values of their attributes, coders) to the
    name that they stand for.
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
class Work:
    """What staff were asked of their work, on the Job Demands-Resources model; all columns are graded.

    A scale is the mean of its items, those of `reverse` turned. `pace` is how fast things change, `ambition`
    how fast one would have them; `fit` that of person, activities and conditions. `activities` maps an
    activity to the columns of its gain and its pain, empty for who takes no part; `scaled_back` is a column
    of yes and no.
    """

    motivation: tuple[str, ...]
    strain: tuple[str, ...]
    demands: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    pace: tuple[str, ...] = ()
    ambition: tuple[str, ...] = ()
    fit: tuple[str, ...] = ()
    reverse: tuple[str, ...] = ()
    activities: dict[str, tuple[str, ...]] = field(default_factory=dict)
    scaled_back: str = ""

    @property
    def graded(self) -> tuple[str, ...]:
        """Every graded column."""
        scales = (
            self.motivation,
            self.strain,
            self.demands,
            self.resources,
            self.pace,
            self.ambition,
            self.fit,
        )
        return tuple(name for own in (*scales, *self.activities.values()) for name in own)


@dataclass(frozen=True)
class Survey:
    """What groups of respondents (patients, clinicians, managers, payers) were asked alike.

    `source` has the layout `respondents`. `statements` are graded columns, `top` the number of highest
    answers that count as agreement; `ranking` are columns that hold the rank of an outcome (1 = first);
    `best_worst` maps a task to the items it shows (columns `<task>_best` and `<task>_worst`); `work` is what
    staff were asked of their work.
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
    work: Work | None = None

    @property
    def asks_value(self) -> bool:
        """Whether it asks what value is: statements, an order, or best and worst."""
        return bool(self.statements or self.ranking or self.best_worst)


@dataclass(frozen=True)
class Equity:
    """Who gets the value: what patients are ranked by, and whom a rule takes to be at risk of missing it.

    `ranked_by` maps a column to its worse-off end, "higher" or "lower", or to its levels from the worst off
    up. `at_risk` names groups, each with columns and the value, or the lowest and highest number, that they
    hold. `event` is such a rule for what should be rare, compared within the strata that the columns `strata`
    make.
    """

    ranked_by: dict[str, Any]
    at_risk: dict[str, dict[str, Any]] = field(default_factory=dict)
    event: dict[str, Any] = field(default_factory=dict)
    event_label: str = ""
    strata: tuple[str, ...] = ()


@dataclass(frozen=True)
class Allocative:
    """Programmes of care that share one budget: tables in the study folder (`study.declared.programmes`).

    `areas` has spend and deaths by area and programme, of which `here` is the study's; `returns` what a QALY
    costs in each programme, `options` what could be done. `move` is the sum whose move is weighed.
    """

    areas: str
    returns: str
    here: str
    currency: str
    price_year: str
    options: str = ""
    metrics: str = ""
    move: float = 1_000_000
    note: str = ""


@dataclass(frozen=True)
class Pathway:
    """A treatment that lowers the risk of an `event` and raises that of a `harm`, modelled without patients.

    `areas`, `parameters`, `costs` and `checks` are tables in the study folder (`study.declared.pathway`).
    Asked is what follows over `years` if a share `uptake` (0-1) of those eligible were treated, and if a
    share `found` of those who do not know of the condition were found; costs lose `discount` a year.
    """

    areas: str
    parameters: str
    costs: str
    condition: str
    treatment: str
    event: str
    harm: str
    checks: str = ""
    years: int = 5
    uptake: float = 0.9
    found: float = 0.5
    discount: float = 0.035


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
    variation: Variation | None = None
    equity: Equity | None = None
    allocative: Allocative | None = None
    pathway: Pathway | None = None
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
