"""What the rows of raw files are, guessed: patients, their visits, uses of resources, answers of a survey."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from vbhc import files
from vbhc.cleaning.ids import plain
from vbhc.cleaning.questions.question import some
from vbhc.problems import StudyError, fault
from vbhc.run.guessing.columns import DAY, FEW, WORDS, Guess, decimal_mark, guess_column
from vbhc.study.dictionary import Column

NAMES = {"patients": "patients", "visits": "answers", "resource-lines": "resources", "respondents": "survey"}
HEADER_ROWS = 9  # in which the names of columns are looked for
MOST_KINDS = 60  # of resources
ADDED = 3  # columns that a survey program adds, by which it is known
SLIPS = 0.05  # of rows that stand twice, in a file of visits
BOOKS = (".xls", ".xlsx", ".xlsm", ".ods")


@dataclass(eq=False)
class Raw:
    """A raw file as it was read, and what it seems to be: the keys of a source, with what nobody stated.

    `program` tells that a survey program wrote it, by what such programs add.
    """

    path: Path
    cells: pd.DataFrame
    labels: Mapping[str, Mapping] = field(default_factory=dict)
    name: str = ""
    keys: dict[str, Any] = field(default_factory=dict)
    guesses: dict[str, Guess] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)
    person: str = ""
    program: bool = False

    @property
    def layout(self) -> str:
        """What a row is."""
        return self.keys.get("layout", "patients")

    def settle(self, why: str, **keys: Any) -> None:
        """Set keys of the source, and say of the first what nobody stated."""
        self.keys |= keys
        self.why[next(iter(keys))] = why

    def rename(self, old: str, new: str) -> None:
        """Call a column by the study's name for it."""
        if old != new:
            names = {**self.keys.get("rename", {}), old: new}
            self.settle(some([f"{old} is the {new}" for old, new in names.items()]), rename=names)
            self.cells = self.cells.rename(columns={old: new})


def read_raws(path: Path) -> list[Raw]:
    """Read a raw file; of a workbook the visible sheet with most cells, and those on the same people."""
    sheets = files.read_sheets(path) if path.suffix.lower() in BOOKS else []
    found: list[Raw] = []
    for one in sheets:
        with suppress(StudyError):
            found += [read_raw(path, one.sheet)] if not one.hidden else []
    if len(sheets) < 2 or not found:
        return [read_raw(path)]
    largest = max(found, key=lambda raw: raw.cells.size)
    found = [raw for raw in found if raw is largest or _same_people(raw, largest)]
    read = [raw.keys["sheet"] for raw in found]
    if left := [one.sheet for one in sheets if one.sheet not in read]:
        largest.why["sheet"] = f"not read: {', '.join(left)}"
    return found


def _same_people(raw: Raw, largest: Raw) -> bool:
    """Whether a sheet is on the people of another: half of its rows, and a quarter of them."""
    with suppress(StudyError):
        ids, own = (one.cells[_person(one, [raw, largest])].dropna().map(plain) for one in (largest, raw))
        return own.isin(ids).mean() > 0.5 and ids.drop_duplicates().isin(own).mean() > 0.25
    return False


def read_raw(path: Path, sheet: str = "") -> Raw:
    """Read a table, its header where it is found first; raises StudyError where no row reads as one."""
    first: StudyError | None = None
    named = {"sheet": sheet} if sheet else {}
    for row in range(1, HEADER_ROWS + 1):
        try:
            table = files.read_table(path, form=files.Form(sheet, header_row=row))
        except StudyError as error:
            first = first or error
            continue
        cells = files.frame(table).astype("str")
        cells = cells[cells.ne(list(cells)).any(axis=1)]  # not the header again, of files pasted together
        raw = Raw(path, cells, table.labels, keys={"file": f"raw/{path.name}"} | named)
        if row > 1:
            raw.settle("what stands above is no data", header_row=row)
        if skipped := _more_headers(raw.cells):
            raw.settle("more words about the columns", skip_rows=int(raw.cells.index[skipped - 1]) - row)
            raw.cells = raw.cells.iloc[skipped:]
        added = [name for name in raw.cells if WORDS["of a program"].fullmatch(name)]
        raw.program = len(added) >= ADDED
        left_out = [name for name in raw.cells if not name or WORDS["of a registry"].fullmatch(name)]
        if left_out := [*(added if raw.program else []), *left_out]:
            raw.settle("what a program adds, not people", ignore_columns=left_out)
            raw.cells = raw.cells.drop(columns=left_out)
        return raw
    raise first or AssertionError


def _more_headers(cells: pd.DataFrame) -> int:
    """Return how many rows below the header hold words where all others hold numbers or days: 0, 1 or 2."""
    filled, form = cells.notna(), rf"[+-]?\d+(?:[.,]\d+)?|{DAY.pattern}"
    numbers = cells.apply(lambda column: column.str.fullmatch(form).fillna(False).astype(bool))
    for skipped in (1, 2) if len(cells) > HEADER_ROWS else ():
        head, rest = numbers.iloc[:skipped], numbers.iloc[skipped:]
        words = (~head & filled.iloc[:skipped]).all() & (rest | ~filled.iloc[skipped:]).all() & rest.any()
        if words.sum() >= 2 and not head.any(axis=None):  # a patient's row holds some number
            return skipped
    return 0


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
            raw.rename(raw.person, key)
            raw.person = key
            sources += _rows(raw, key)
        else:
            raw.settle("its people are none of the patients", layout="respondents", key=[raw.person])
            sources.append(raw)
    long = next((raw for raw in sources if raw.layout == "visits"), None)
    if long and all(raw.layout != "patients" for raw in sources):
        sources.insert(0, _patients_of(long, long.cells[[key]].drop_duplicates(), key))
    for raw in sources:
        raw.name = NAMES[raw.layout]
        if [other.name for other in sources].count(raw.name) > 1:
            raw.name = re.sub(r"\W+", "_", raw.keys.get("sheet", raw.path.stem).lower())
        _columns(raw)
    for number, raw in enumerate(sources):
        _told_before(raw, [other for other in sources[:number] if other.layout == raw.layout == "patients"])
    return sources, key


def _told_before(raw: Raw, others: Sequence[Raw]) -> None:
    """Leave out the columns of patients that another file holds; the files of other patients are refused."""
    for other in others:
        same = [name for name in raw.cells if name in other.guesses and name != raw.person]
        people = ({plain(key) for key in one.cells[one.person].dropna()} for one in (raw, other))
        if same and not set.intersection(*people):
            found = f"{some(same)} of other patients than in {other.path.name}"
            raise fault(raw.path.name, found, "one file, with a column that tells the groups of rows apart")
        if same:
            ignored = [*raw.keys.get("ignore_columns", []), *same]
            raw.settle(f"{other.name} has {some(same)} already", ignore_columns=ignored)
            raw.cells = raw.cells.drop(columns=same)
            raw.guesses = {name: raw.guesses[name] for name in raw.cells}


def _person(raw: Raw, raws: Sequence[Raw]) -> str:
    """Return the column that tells people apart: named so, shared with other files, unique, or the first.

    Raises StudyError where that is the first alone and it holds a few levels, or measures something.
    """

    def fit(header: str) -> tuple[bool, int, bool]:
        shared = sum(plain(header) in map(plain, other.cells.columns) for other in raws)
        named = is_person(header)
        return named, shared if named else 0, raw.cells[header].is_unique and _counts(raw.cells[header])

    found = max(raw.cells.columns, key=fit)
    if any(fit(found)) or (_counts(raw.cells[found]) and raw.cells[found].nunique() > FEW):
        return found
    fix = "a column `patient_id`, a number for each person"
    raise fault(raw.path.name, "no column tells who is who", fix)


def is_person(header: str) -> bool:
    """Whether a header names a column that tells people apart."""
    return bool(header.strip() and WORDS["person"].fullmatch(header.strip().replace(" ", "_")))


def _counts(cells: pd.Series) -> bool:
    """Whether cells can number people: no days, nothing with decimals."""
    return not cells.str.fullmatch(rf"[+-]?\d+[.,]\d*[1-9]\d*|{DAY.pattern}").any()


def _others(raw: Raw, raws: Sequence[Raw]) -> bool:
    """Whether the people of a file are none of the patients: stakeholders who answered a survey."""
    ids = set(raw.cells[raw.person].dropna())
    alone = all(not ids & set(other.cells[other.person].dropna()) for other in raws if other is not raw)
    said = raw.program or WORDS["respondents"].search(raw.person + raw.path.stem)
    return alone and bool(said) and any(map(WORDS["role"].search, raw.cells))


def _rows(raw: Raw, key: str) -> list[Raw]:
    """Return the sources of a file of patients: one, or two where a long file also tells what is constant."""
    cells = raw.cells[raw.cells[key].notna()]
    if cells[key].duplicated().mean() < SLIPS:
        _visits_last(raw)
        return [raw]
    few = [c for c in cells if c != key and cells[c].nunique() <= max(MOST_KINDS, len(cells) / 20)]
    kind = next((c for c in few if WORDS["resource"].search(c)), "")
    amount = next((c for c in cells if WORDS["quantity"].search(c) and c != kind), "")
    fits = [c for c in few if 1 < cells[c].nunique() <= FEW and cells.duplicated([key, c]).mean() < SLIPS]
    named = [c for c in fits if WORDS["visit"].search(c)]
    if named or (fits and not (kind and amount)):
        raw.rename((named or fits)[0], "visit")
        raw.settle("a patient has one row for each visit", layout="visits", key=[key, "visit"])
        return _parted(raw, key)
    if kind and amount:
        raw.rename(kind, "resource")
        raw.rename(amount, "quantity")
        raw.settle("a row is a use of something", layout="resource-lines")
    else:
        raw.why["layout"] = "patients have several rows and no column tells why: `vbhc check` sets them aside"
    return [raw]


def _visits_last(raw: Raw) -> None:
    """Let the columns of a wide file end in their visit: "T0_vas" and "vas T0 (mm)" are "vas_T0"."""
    parts = {}
    for name in raw.cells:
        if end := WORDS["ends in a visit"].fullmatch(name):
            parts[name] = end[1], end[2]
        elif start := WORDS["starts with a visit"].fullmatch(name):
            parts[name] = start[2], start[1]
    stems, found = [stem for stem, _ in parts.values()], [*parts.values()]
    for name, (stem, visit) in parts.items():
        if stems.count(stem) > 1 and found.count((stem, visit)) == 1:
            raw.rename(name, f"{stem}_{visit}")


def _parted(raw: Raw, key: str) -> list[Raw]:
    """Part off the patients' columns: one value in all rows of a patient, or in those of a single visit."""
    groups = raw.cells.groupby(key)
    once = [c for c in raw.cells if c not in (key, "visit") and (groups[c].nunique() <= 1).all()]
    single = raw.cells.drop(columns=key).groupby("visit").count().gt(0).sum() == 1
    varied = [c for c in once if raw.cells[c].nunique() > 1]
    once = [c for c in varied if single[c] or (groups[c].count() > 1).mean() > 0.5]
    raw.cells = raw.cells.drop(columns=once)
    return [_patients_of(raw, groups[once].first().reset_index(), key), raw] if once else [raw]


def _patients_of(raw: Raw, cells: pd.DataFrame, key: str) -> Raw:
    found = Raw(raw.path, cells, raw.labels, keys=dict(raw.keys), person=key)
    found.settle("columns that hold one value of a patient", layout="patients", key=[key])
    return found


def _columns(raw: Raw) -> None:
    mark, doubt = decimal_mark(raw.cells)
    if mark:
        raw.settle(doubt, decimal=mark)
    for name in raw.cells:
        guess = guess_column(name, raw.cells[name], raw.labels, mark)
        if name == raw.person:
            guess = Guess(Column(name, guess.column.label, "string"))
        elif name == "quantity":
            guess = Guess(Column(name, "Quantity used", "float", min=0))
        if guess.date_format:
            raw.keys["date_format"] = guess.date_format
        raw.guesses[name] = guess
