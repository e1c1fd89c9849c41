"""What a study declares beside its files, guessed: visits, questionnaires, costs, groups, a survey."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any, NamedTuple

from vbhc.cleaning.questions.names import pairs
from vbhc.instruments.instrument import Instrument
from vbhc.instruments.registry import ALL
from vbhc.run.guessing.columns import Guess
from vbhc.run.guessing.sources import ROLE, Raw
from vbhc.study.dictionary import Column, is_number

AT = re.compile(
    r"(?i)^(.+?)_(baseline|bl|pre|post|admission|discharge|fu\d*|followup|[tvwm]\d+|\d+(?:mo?|w|wk|y|d))$"
)
FIRST = re.compile(r"(?i)baseline|^bl|^pre|admission|intake|before|start|^[tvwm]?0")
COST = re.compile(r"(?i)cost|kosten|co[uû]t|kost\b|expens|charge|tariff")
RATED = re.compile(r"(?i)rating|satisf|perceiv|experience|tevred|zufried|nps|recommend")
SLIPS = 0.01  # of the rows: a visit that so few have is misspelt
CURRENCIES = ("eur", "gbp", "usd", "sek", "nok", "dkk", "chf", "pln", "aud", "cad")
VALUE_SETS = {"eq5d-3l": "3l-tto-uk", "eq5d-5l": "5l-vt-england"}
COMPARED = {
    "arm": "arm|treat|trt|random",
    "provider": "hosp|provider|cent(er|re)",
    "site": "site|ward|clinic",
}


class Part(NamedTuple):
    """A block of study.yml, and per key of it (or "" for all) what nobody stated."""

    keys: Any
    why: Mapping[str, Any] = {}


def visits(sources: Sequence[Raw]) -> Part:
    """Name the time points: levels of a long file, else what ends the columns of a wide one."""
    levels: list[str] = []
    for raw in sources:
        if raw.layout == "visits":
            counts = raw.cells["visit"].str.strip().value_counts(sort=False)
            slugs = {level: _slug(level) for level in counts.index[counts > SLIPS * len(raw.cells)]}
            names = tuple(slugs.values())
            column = Column("visit", "Visit", "category", allowed=tuple(slugs), labels=names)
            raw.guesses["visit"] = Guess(column, "names of visits" if names != tuple(slugs) else "")
            levels += [name for name in names if name not in levels]
    if not levels:
        ends = [AT.match(name) for raw in sources if raw.layout == "patients" for name in raw.cells]
        stems = [found[1] for found in ends if found]
        levels = list(dict.fromkeys(one[2] for one in ends if one and stems.count(one[1]) > 1))
    if not levels:
        only = {"baseline": {"label": "The only time point", "months": 0}}
        return Part(only, {"baseline": "no column names visits"})
    levels.sort(key=_months)
    labels = {name: {"label": name.replace("_", " "), "months": _months(name)} for name in levels}
    return Part(labels, dict.fromkeys(levels, "label and months"))


def _slug(level: str) -> str:
    return re.sub(r"[\W_]+", "_", level.lower()).strip("_")


def _months(name: str) -> float:
    digits = re.search(r"\d+", name)
    if FIRST.search(name) or not digits:
        return 12 if name.lower().startswith(("post", "fu", "follow")) else 0
    unit = re.search(rf"{digits[0]}[ _]?([a-z])", name.lower())
    size = {"w": 12 / 52, "d": 12 / 365, "y": 12.0}.get(unit[1] if unit else name[0].lower(), 1.0)
    months = round(int(digits[0]) * size, 1)
    return int(months) if months == int(months) else months


def instruments(sources: Sequence[Raw], at: Mapping[str, Any]) -> Part:
    """Find questionnaires by the names of their items, or by their own name and how many items there are.

    Numbered items that no questionnaire claims are taken for a scale of one's own, their mean.
    """
    found: dict[str, Any] = {}
    why: dict[str, str] = {}
    for raw in sources:
        columns = stems(raw, at) if raw.layout in ("patients", "visits") else {}
        taken: set[str] = set()
        for one, items in (*_by_name(columns, raw), *_by_number(columns, raw)):
            name = re.sub(r"\W", "_", one.name)
            if name not in found and not set(items) & taken:
                taken |= set(items)
                found[name] = _use(one, items) | _once(raw, columns, items)
                more = "; the value set is that of your country?" if one.name in VALUE_SETS else ""
                why[name] = f"{one.label} by its items and what they hold{more}"
                _are_items(raw, one, [columns[item] for item in items])
        for head, items in _numbered(columns):
            names = [column for item in items for column in columns[item]]
            ends = None if set(items) & taken else _one_scale(raw, names)
            if ends:
                name = _slug(head) or "scale"
                options = {"scale": name, "low": ends[0], "high": ends[1]}
                use = {"instrument": "likert", "items": items, "options": options}
                found[name] = use | _once(raw, columns, items)
                why[name] = "a scale of one's own; which items are turned, or which questionnaire is it"
    return Part(found, why)


def _use(one: Instrument, items: list[str]) -> dict[str, Any]:
    head = items[0].removesuffix(one.items[0])
    alike = items == [f"{head}{item}" for item in one.items]
    value_set = {"value_set": VALUE_SETS[one.name]} if one.name in VALUE_SETS else {}
    same = {"suffix": "total"} if {scale.column for scale in one.scales} & set(items) else {}
    pattern = f"{head}{{item}}" if alike else items
    return {"instrument": one.name, "items": pattern, **value_set, **(same if len(items) > 1 else {})}


def _once(raw: Raw, columns: Mapping[str, list[str]], items: Sequence[str]) -> dict[str, bool]:
    return {"once": True} if raw.layout == "patients" and columns[items[0]] == [items[0]] else {}


def _one_scale(raw: Raw, names: Sequence[str]) -> tuple[int, int] | None:
    """Return the ends of answers that are graded alike, and set them for all; None where they are not."""
    columns = [raw.guesses[name].column for name in names]
    tops = [one.max or 99 for one in columns] or [99]
    if any(one.type != "integer" for one in columns) or not max(tops) - 1 <= min(tops) <= 10:
        return None
    low, high = int(min(one.min or 0 for one in columns)), int(max(tops))
    for one in columns:
        raw.guesses[one.name] = Guess(replace(one, min=low, max=high), "limits, the same for all of a scale")
    return low, high


def stems(raw: Raw, at: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the columns of a file by their names without the visit; of a long file these are the names."""
    found: dict[str, list[str]] = {}
    for name in raw.cells:
        ends = [visit for visit in at if name.endswith(f"_{visit}")] if raw.layout == "patients" else []
        found.setdefault(name.removesuffix(f"_{ends[0]}") if ends else name, []).append(name)
    return found


def _by_name(columns: Mapping[str, list[str]], raw: Raw) -> Iterator[tuple[Instrument, list[str]]]:
    names = {column.lower(): column for column in columns}
    for one in sorted(ALL, key=lambda one: -len(one.items)):
        wordy = [item for item in one.items if not item.isdigit() and one.name != "score"]
        heads = {name.removesuffix(item) for name in names for item in wordy if name.endswith(item)}
        for head in sorted(heads, key=len):
            items = [names.get(f"{head}{item}", "") for item in one.items]
            if all(items) and _hold(raw, one, [columns[item] for item in items]):
                yield one, items


def _numbered(columns: Mapping[str, list[str]]) -> Iterator[tuple[str, list[str]]]:
    """Yield what begins the names of items that are numbered from 1, three or more, and the items."""
    parts = [match for match in (re.fullmatch(r"(.*?\D)0?(\d+)", name) for name in columns) if match]
    for head, matches in groupby(sorted(parts, key=lambda m: (m[1], int(m[2]))), key=lambda m: m[1]):
        run = list(matches)
        if len(run) > 2 and [int(match[2]) for match in run] == list(range(1, len(run) + 1)):
            yield head, [match[0] for match in run]


def _by_number(columns: Mapping[str, list[str]], raw: Raw) -> Iterator[tuple[Instrument, list[str]]]:
    """Find numbered items whose name begins as a questionnaire's, as many as it has, with its answers."""
    for head, items in _numbered(columns):
        letters = re.sub(r"[\W_\d]+", "", head).lower()[:3]
        for one in ALL:
            said = len(letters) > 1 and letters in re.sub(r"\W", "", f"{one.name} {one.label}").lower()
            as_many = len(one.items) == len(items) and all(item.isdigit() for item in one.items)
            if said and as_many and _hold(raw, one, [columns[item] for item in items]):
                yield one, items


def _hold(raw: Raw, one: Instrument, items: Sequence[list[str]]) -> bool:
    """Whether answers lie where those of an instrument can, but for a few slips."""
    for names, (low, high) in zip(items, one.ranges, strict=True):
        for name in names:
            codes = raw.guesses[name].column.missing_codes
            answers = [cell for cell in raw.cells[name].dropna().str.strip() if cell not in codes]
            values = [float(cell) for cell in answers if is_number(cell)]
            outside = sum(not low <= value <= high or value != round(value) for value in values)
            if not values or outside > 0.02 * len(values):
                return False
    return True


def _are_items(raw: Raw, one: Instrument, items: Sequence[list[str]]) -> None:
    for names, (low, high) in zip(items, one.ranges, strict=True):
        for name in names:
            column = raw.guesses[name].column
            codes = [c for c in column.missing_codes if not (is_number(c) and low <= float(c) <= high)]
            item = Column(name, column.label, "integer", min=low, max=high, missing_codes=tuple(codes))
            raw.guesses[name] = Guess(item, f"an item of {one.label}")


def costs(sources: Sequence[Raw], at: Mapping[str, Any]) -> Part | None:
    """Find columns that hold costs, or the lines of resources; prices are nowhere in the data."""
    columns: dict[str, str] = {}
    for raw in sources:
        numbers = [c for c, one in raw.guesses.items() if one.column.type in ("integer", "float")]
        names = [c for c in numbers if COST.search(c)]
        if raw.layout == "patients":
            columns |= {_component(name): name for name in names}
        elif raw.layout == "visits":
            columns |= {f"{_component(name)}_{visit}": f"{name}_{visit}" for name in names for visit in at}
    whole = [name for name in columns if "total" in name or "totaal" in name or "gesamt" in name]
    columns = {name: columns[name] for name in whole or columns}
    lines = [raw for raw in sources if raw.layout == "resource-lines"]
    if not columns and not lines:
        return None
    said = " ".join(columns).lower()
    currency = next((one for one in CURRENCIES if re.search(rf"(^|_| ){one}(_| |$)", said)), "")
    keys: dict[str, Any] = {
        "currency": currency.upper() or "EUR",
        "price_year": 2024,
        "perspective": "hospital",
    }
    why = {"price_year": "of which year are the prices", "perspective": "who pays what is counted"}
    why |= {} if currency else {"currency": "no header names one"}
    if columns:
        why["columns"] = "a patient's cost is the sum of these, all of them after care began"
        return Part(keys | {"columns": columns}, why)
    counts = lines[0].cells["resource"].str.strip().value_counts()
    used = sorted(set(counts.index) - {slip for _, slip in pairs(counts)})
    why["unit_costs"] = "its prices are empty: fill them in, with their source"
    keys |= {"lines": lines[0].name, "unit_costs": "unit_costs.csv", "components": {"all": used}}
    return Part(keys, why)


def _component(name: str) -> str:
    return _slug(COST.sub("", name)) or _slug(name)


def perception(sources: Sequence[Raw], at: Mapping[str, Any]) -> Part | None:
    """Find the column of which the name says that patients rated something."""
    why = {"column": "what patients say of their care", "direction": "which end is good"}
    for raw in sources:
        for stem, names in stems(raw, at).items() if raw.layout in ("patients", "visits") else ():
            column = raw.guesses[names[-1]].column
            if RATED.search(stem) and column.type in ("integer", "float", "category") and _graded(raw, names):
                keys = {"column": names[-1], "direction": "higher is better", "label": column.label}
                if raw.layout == "visits":
                    keys["asked_at"] = list(at)[-1]
                return Part(keys, why)
    return None


def _graded(raw: Raw, names: Sequence[str]) -> bool:
    """Make labelled marks numbers: a rating is graded, whatever words stand for its marks."""
    for name in names:
        column = raw.guesses[name].column
        levels = [float(code) for code in column.allowed if is_number(code)]
        if column.type == "category" and (len(levels) < 3 or len(levels) < len(column.allowed)):
            return False
        if levels:
            column = replace(column, type="integer", min=min(levels), max=max(levels))
            raw.guesses[name] = Guess(column, "marks")
    return True


def groups(sources: Sequence[Raw]) -> tuple[Part, list[str]]:
    """Return columns in which patients fall into few groups, and those that describe patients beforehand."""
    found: dict[str, Any] = {}
    why: dict[str, str] = {}
    covariates: list[str] = []
    for raw in sources:
        for name, guess in raw.guesses.items() if raw.layout == "patients" else ():
            column, low, n = guess.column, name.lower(), raw.cells[name].nunique()
            kinds = [kind for kind, words in COMPARED.items() if re.search(rf"(?:^|_)(?:{words})", low)]
            kind = "subgroup" if re.match("sex|gender|gesl", low) else next(iter(kinds), "")
            if kind and column.type == "category" and 2 <= n <= (500 if kind == "provider" else 12):
                found[name] = {"column": name, "label": column.label, "kind": kind}
                why |= {name: f"its kind, {kind}"} if kind != "subgroup" else {}
            if re.match(r"age|sex|gender|gesl|alter|leeft", low) and not AT.match(name):
                covariates.append(name)
    return Part(found, why), covariates


def survey(sources: Sequence[Raw]) -> Part | None:
    """Read a survey: who answered as what, which statements are graded alike, what was ranked."""
    raw = next((one for one in sources if one.layout == "respondents"), None)
    role = next((name for name in raw.cells if ROLE.search(name) and name != raw.person), "") if raw else ""
    if raw is None or not role:
        return None
    graded = {name: guess.column for name, guess in raw.guesses.items()
              if guess.column.type == "integer" and (guess.column.max or 99) <= 10}  # fmt: skip
    ranks = [name for name in graded if re.match("rank", name, re.I)]
    said = [name for name in graded if name not in ranks]
    said = [one for one in said if not any(one.startswith(f"{other}_") for other in said)]  # no second round
    ends = _one_scale(raw, said)
    tasks = {name.removesuffix("_best"): list(guess.column.allowed) for name, guess in raw.guesses.items()
             if name.endswith("_best") and f"{name.removesuffix('_best')}_worst" in raw.guesses}  # fmt: skip
    keys: dict[str, Any] = {"source": raw.name, "group": role, "statements": said if ends else []}
    keys |= {"ranking": ranks, "best_worst": tasks}
    why = {"statements": "graded columns, higher = more", "group": "as what people answered"}
    return Part({key: value for key, value in keys.items() if value}, why)
