"""What the rows of raw files are, guessed: patients, their visits, uses of resources, answers of a survey."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from vbhc import files
from vbhc.problems import StudyError
from vbhc.run.guessing.columns import FEW, Guess, decimal_mark, guess_column
from vbhc.study.dictionary import Column

INTERVIEWS = (".qdpx", ".qdc", ".mx22", ".db", ".sqlite")
PERSON = re.compile(r"(patient|pat|person|subject|record|study|case|client|participant|respondent|castor)?_?"
                    r"(id|nr|no|number|code|key|nummer)?", re.I)  # fmt: skip
VISIT = re.compile(r"visit|time|tijd|event|wave|moment|month|maand|monat|period|meting|round|follow", re.I)
RESOURCE = re.compile(r"resource|item|service|activity|product|zorg|leistung|use", re.I)
QUANTITY = re.compile(r"quantity|number|amount|count|units|volume|aantal|menge|^n$", re.I)
ROLE = re.compile(r"role|group|stakeholder|profession|function|rol|groep|gruppe", re.I)
NAMES = {"patients": "patients", "visits": "answers", "resource-lines": "resources", "respondents": "survey"}
HEADER_ROWS = 6  # in which the names of columns are looked for
MOST_KINDS = 60  # of resources
SLIPS = 0.05  # of rows that stand twice, in a file of visits


@dataclass
class Raw:
    """A raw file as it was read, and what it seems to be: the keys of a source, with what nobody stated."""

    path: Path
    cells: pd.DataFrame
    labels: Mapping[str, Mapping] = field(default_factory=dict)
    name: str = ""
    keys: dict[str, object] = field(default_factory=dict)
    guesses: dict[str, Guess] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)
    person: str = ""

    @property
    def layout(self) -> str:
        """What a row is."""
        return str(self.keys.get("layout", "patients"))


def read_raw(path: Path) -> Raw:
    """Read a raw file, its header where it is found first; raises StudyError where no row reads as one."""
    first: StudyError | None = None
    for row in range(1, HEADER_ROWS + 1):
        try:
            table = files.read_whole(path, header_row=row)
        except StudyError as error:
            first = first or error
            continue
        raw = Raw(path, files.frame(table), table.labels, keys={"file": f"raw/{path.name}"})
        if row > 1:
            raw.keys["header_row"], raw.why["header_row"] = row, "what stands above is no data"
        if table.others:
            raw.keys["sheet"], raw.why["sheet"] = (
                table.sheet,
                f"not read: {', '.join(s.name for s in table.others)}",
            )
        return raw
    raise first or AssertionError


def understand(raws: Sequence[Raw]) -> tuple[list[Raw], str]:
    """Settle who is meant, what rows are and what columns are; return the sources, and the key they share."""
    for raw in raws:
        raw.person = _person(raw, raws)
    of_patients = [raw for raw in raws if not _others(raw, raws)]
    apart = [raw.person for raw in of_patients if raw.cells[raw.person].is_unique]
    key = next(iter(apart or [raw.person for raw in of_patients]), "patient_id")
    sources: list[Raw] = []
    for raw in raws:
        if raw in of_patients:
            _renamed(raw, {raw.person: key})
            raw.person = key
            sources += _rows(raw, key)
        else:
            raw.keys |= {"layout": "respondents", "key": [raw.person]}
            raw.why["layout"] = "its people are none of the patients"
            sources.append(raw)
    long = next((raw for raw in sources if raw.layout == "visits"), None)
    if long and all(raw.layout != "patients" for raw in sources):
        sources.insert(0, _patients_of(long, long.cells[[key]].drop_duplicates(), key))
    for raw in sources:
        raw.name = NAMES[raw.layout]
        if [other.name for other in sources if other.name].count(raw.name) > 1:
            raw.name = re.sub(r"\W+", "_", raw.path.stem.lower())
        _columns(raw)
    return sources, key


def _plain(header: str) -> str:
    return re.sub(r"[\W_]+", "", header.casefold())


def _person(raw: Raw, raws: Sequence[Raw]) -> str:
    """Return the column that tells people apart: named so, shared with other files, unique, or the first."""

    def fit(header: str) -> tuple[bool, int, bool]:
        shared = sum(_plain(header) in map(_plain, other.cells.columns) for other in raws)
        named = bool(PERSON.fullmatch(header.strip().replace(" ", "_"))) and header.strip() != ""
        return named, shared if named else 0, raw.cells[header].is_unique

    return max(raw.cells.columns, key=fit)


def _others(raw: Raw, raws: Sequence[Raw]) -> bool:
    """Whether the people of a file are none of the patients: stakeholders who answered a survey."""
    ids = set(raw.cells[raw.person].dropna())
    alone = all(not ids & set(other.cells[other.person].dropna()) for other in raws if other is not raw)
    said = re.search("respond|participant|intervie|survey", raw.person + raw.path.stem, re.I)
    return alone and bool(said) and any(map(ROLE.search, raw.cells))


def _renamed(raw: Raw, names: Mapping[str, str]) -> None:
    names = {old: new for old, new in names.items() if old and old != new}
    if names:
        raw.keys["rename"] = {**dict(raw.keys.get("rename", {})), **names}  # type: ignore[call-overload]
        raw.why["rename"] = ", ".join(f"{old} is the {new}" for old, new in names.items())
        raw.cells = raw.cells.rename(columns=names)


def _rows(raw: Raw, key: str) -> list[Raw]:
    """Return the sources of a file of patients: one, or two where a long file also tells what is constant."""
    cells = raw.cells[raw.cells[key].notna()]
    if cells[key].duplicated().mean() < 0.05:
        return [raw]
    texts = [c for c in cells if c != key and cells[c].nunique() <= max(MOST_KINDS, len(cells) / 20)]
    kind = next((c for c in texts if RESOURCE.search(c)), "")
    amount = next((c for c in cells if QUANTITY.search(c) and c != kind), "")
    visit = _visit(cells, key)
    if visit and (VISIT.search(visit) or not (kind and amount)):
        _renamed(raw, {visit: "visit"})
        raw.keys |= {"layout": "visits", "key": [key, "visit"]}
        raw.why["layout"] = "a patient has one row for each visit"
        return _parted(raw, key)
    if kind and amount:
        _renamed(raw, {kind: "resource", amount: "quantity"})
        raw.keys["layout"], raw.why["layout"] = "resource-lines", "a row is a use of something"
    else:
        raw.why["layout"] = "patients have several rows and no column tells why: `vbhc check` sets them aside"
    return [raw]


def _visit(cells: pd.DataFrame, key: str) -> str:
    """Return the column that tells a patient's rows apart and has few levels, best one whose name says so."""
    few = [name for name in cells if name != key and 1 < cells[name].nunique() <= FEW]
    fits = [name for name in few if cells.duplicated([key, name]).mean() < SLIPS]
    return next((name for name in fits if VISIT.search(name)), fits[0] if fits else "")


def _parted(raw: Raw, key: str) -> list[Raw]:
    """Part off the patients' columns: one value in all rows of a patient, another in those of others."""
    groups = raw.cells.groupby(key)
    once = [c for c in raw.cells if c not in (key, "visit") and (groups[c].nunique() <= 1).all()]
    once = [c for c in once if raw.cells[c].nunique() > 1 and (groups[c].count() > 1).mean() > 0.5]
    raw.cells = raw.cells.drop(columns=once)
    return [_patients_of(raw, groups[once].first().reset_index(), key), raw] if once else [raw]


def _patients_of(raw: Raw, cells: pd.DataFrame, key: str) -> Raw:
    keys = raw.keys | {"layout": "patients", "key": [key]}
    why = {"layout": "columns that hold one value in all rows of a patient"}
    return Raw(raw.path, cells, raw.labels, keys=keys, why=why, person=key)


def _columns(raw: Raw) -> None:
    mark, doubt = decimal_mark(raw.cells)
    if mark:
        raw.keys["decimal"] = mark
        raw.why["decimal"] = doubt
    for name in raw.cells:
        guess = guess_column(name, raw.cells[name], raw.labels, mark)
        if name == raw.person:
            guess = Guess(Column(name, guess.column.label, "string"))
        elif name == "quantity":
            guess = Guess(Column(name, "Quantity used", "float", min=0))
        if guess.date_format:
            raw.keys["date_format"] = guess.date_format
        raw.guesses[name] = guess
