"""What a study declares beside its files, guessed: visits, costs, what patients said, groups, a survey."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vbhc.cleaning.questions.names import pairs
from vbhc.run.guessing.columns import WORDS, Guess
from vbhc.run.guessing.sources import Raw
from vbhc.study.dictionary import NUMBERS, Column, is_number

SLIPS = 0.01  # of the rows: a visit that so few have is misspelt
MISSING = 0.2  # of the rows: what so many lack is not known beforehand
CURRENCIES = ("eur", "gbp", "usd", "sek", "nok", "dkk", "chf", "pln", "aud", "cad")
UNITS = {"w": 12 / 52, "s": 12 / 52, "d": 12 / 365, "y": 12.0}  # in months: week, semaine, day, year
KINDS = {"arm": 12, "provider": 500, "site": 12, "subgroup": 12}  # of groups, and the most that there are


@dataclass
class Draft:
    """The blocks of study.yml, and by key (`cost.currency`) what nobody stated."""

    keys: dict[str, Any] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)

    def put(self, block: str, keys: Any, why: Mapping[str, str]) -> None:
        """Add a block, with what nobody stated of its keys ("" for all of it); nothing where it is empty."""
        if keys:
            self.keys[block] = keys
            # in one line each, as headers may hold line ends
            told = {key: " ".join(said.split()) for key, said in why.items() if said}
            self.why |= {f"{block}.{key}".rstrip("."): said for key, said in told.items()}


def slug(words: str) -> str:
    """Return words as a name."""
    return re.sub(r"[\W_]+", "_", words.lower()).strip("_")


def visits(draft: Draft, sources: Sequence[Raw]) -> None:
    """Name the time points: levels of a long file, else what ends the columns of a wide one."""
    words: dict[str, str] = {}
    for raw in sources:
        if raw.layout == "visits":
            counts = raw.cells["visit"].str.strip().value_counts(sort=False)
            names = {level: slug(level) for level in counts.index[counts > SLIPS * len(raw.cells)]}
            column = Column("visit", "Visit", "category", allowed=(*names,), labels=(*names.values(),))
            same = all(level == name for level, name in names.items())
            raw.guesses["visit"] = Guess(column, "" if same else "names of visits")
            words |= {name: level for level, name in names.items()}
    levels = [*words]
    if not levels:
        wide = [name for raw in sources if raw.layout == "patients" for name in raw.cells]
        ends = [match for match in map(WORDS["ends in a visit"].fullmatch, wide) if match]
        stems = [match[1] for match in ends]
        levels = [match[2] for match in ends if stems.count(match[1]) > 1]
    if not levels:
        only = {"baseline": {"label": "The only time point", "months": 0}}
        draft.put("visits", only, {"baseline": "no column names visits"})
        return
    levels = sorted(dict.fromkeys(levels), key=_months)
    words = {name: name.replace("_", " ") for name in levels} | words
    labels = {name: {"label": words[name], "months": _months(name)} for name in levels}
    draft.put("visits", labels, dict.fromkeys(levels, "label and months"))


def _months(name: str) -> float:
    digits = re.search(r"\d+", name)
    if WORDS["first visit"].search(name) or not digits:
        return 12 if name.lower().startswith(("post", "fu", "follow")) else 0
    unit = re.search(rf"{digits[0]}[ _]?([a-z])", name.lower())
    months = round(int(digits[0]) * UNITS.get(unit[1] if unit else name[0].lower(), 1.0), 1)
    return int(months) if months == int(months) else months


def stems(raw: Raw, at: Iterable[str]) -> dict[str, list[str]]:
    """Return the columns of a file by their names without the visit; of a long file these are the names."""
    found: dict[str, list[str]] = {}
    for name in raw.cells:
        ends = [visit for visit in at if name.endswith(f"_{visit}")] if raw.layout == "patients" else []
        found.setdefault(name.removesuffix(f"_{ends[0]}") if ends else name, []).append(name)
    return found


def _one_scale(raw: Raw, names: Sequence[str]) -> None:
    """Give columns that are graded alike the same ends."""
    columns = [raw.guesses[name].column for name in names]
    low = min((one.min or 0 for one in columns), default=0)
    high = max((one.max or 0 for one in columns), default=0)
    for one in columns:
        raw.guesses[one.name] = Guess(one._replace(min=low, max=high), "limits, the same for all of a scale")


def costs(draft: Draft, sources: Sequence[Raw]) -> None:
    """Find columns that hold costs, or the lines of resources; prices are nowhere in the data."""
    columns = _cost_columns(sources, draft.keys["visits"])
    lines = next((raw for raw in sources if raw.layout == "resource-lines"), None)
    if not columns and lines is None:
        return
    said = " ".join(columns.values()).lower().replace("€", " eur ").replace("£", " gbp ")
    currency = next((one for one in CURRENCIES if re.search(rf"(^|_| ){one}(_| |$)", said)), "")
    keys = {"currency": currency.upper() or "EUR", "price_year": 2024, "perspective": "hospital"}
    why = {"price_year": "of which year are the prices", "perspective": "who pays what is counted"}
    why["currency"] = "" if currency else "no header names one"
    if columns:
        keys["columns"] = columns
        why["columns"] = "a patient's cost is the sum of these, all of them after care began"
    elif lines:
        counts = lines.cells["resource"].str.strip().value_counts()
        used = sorted(set(counts.index) - {slip for _, slip in pairs(counts)})
        keys |= {"lines": lines.name, "unit_costs": "unit_costs.csv", "components": {"all": used}}
        why["unit_costs"] = "its prices are empty: fill them in, with their source"
    draft.put("cost", keys, why)


def _cost_columns(sources: Sequence[Raw], at: Iterable[str]) -> dict[str, str]:
    """Return the columns that hold costs by what they are the costs of; a total stands for its parts."""
    found: dict[str, str] = {}
    for raw in sources:
        ends = {"patients": [""], "visits": [f"_{visit}" for visit in at]}.get(raw.layout, [])
        for name, guess in raw.guesses.items():
            if guess.column.type in NUMBERS and WORDS["cost"].search(name):
                part = slug(WORDS["cost"].sub("", name)) or slug(name)
                found |= {f"{part}{end}": f"{name}{end}" for end in ends}
    whole = [name for name in found if WORDS["total"].search(name)]
    return {name: found[name] for name in whole or found}


def perception(draft: Draft, sources: Sequence[Raw]) -> None:
    """Find the column of which the name says that patients rated something."""
    at = list(draft.keys["visits"])
    for raw in (one for one in sources if one.layout in ("patients", "visits")):
        for stem, names in stems(raw, at).items():
            column = raw.guesses[names[-1]].column
            if WORDS["rating"].search(stem) and column.type in (*NUMBERS, "category") and _graded(raw, names):
                keys = {"column": names[-1], "direction": "higher is better", "label": column.label}
                keys |= {"asked_at": at[-1]} if raw.layout == "visits" else {}
                why = {"column": "what patients say of their care", "direction": "which end is good"}
                draft.put("perception", keys, why)
                return


def _graded(raw: Raw, names: Sequence[str]) -> bool:
    """Make labelled marks numbers: a rating is graded, whatever words stand for its marks."""
    for name in names:
        column = raw.guesses[name].column
        levels = [float(code) for code in column.allowed if is_number(code)]
        if column.type == "category" and (len(levels) < 3 or len(levels) < len(column.allowed)):
            return False
        if levels:
            column = column._replace(type="integer", min=min(levels), max=max(levels))
            raw.guesses[name] = Guess(column, "marks")
    return True


def groups(draft: Draft, sources: Sequence[Raw]) -> None:
    """Find columns in which patients fall into few groups, and those that describe patients beforehand."""
    found, why, before = {}, {}, []
    columns = [(raw, *one) for raw in sources if raw.layout == "patients" for one in raw.guesses.items()]
    for raw, name, guess in columns:
        kind = next((kind for kind in ("subgroup", *KINDS) if WORDS[kind].search(name)), "")
        if guess.column.type == "category" and kind and 2 <= raw.cells[name].nunique() <= KINDS[kind]:
            found[name] = {"column": name, "label": guess.column.label, "kind": kind}
            why[name] = f"its kind, {kind}" if kind != "subgroup" else ""
        known = guess.column.type in ("category", "boolean") or not WORDS["subgroup"].search(name)
        known = known and raw.cells[name].isna().mean() <= MISSING
        if known and WORDS["beforehand"].search(name) and not WORDS["ends in a visit"].fullmatch(name):
            before.append(name)
        said = map(str.lower, guess.column.allowed + guess.column.labels)
        if WORDS["deaths"].search(name) and "yes" in said:
            draft.put("deaths", name, {"": "who had died by the last visit"})
    draft.put("groups", found, why)
    draft.put("covariates", before, {"": "what describes patients beforehand"})


def survey(draft: Draft, sources: Sequence[Raw]) -> None:
    """Read a survey: who answered as what, which statements are graded alike, what was ranked."""
    raw = next((one for one in sources if one.layout == "respondents"), None)
    roles = [name for name in raw.cells if WORDS["role"].search(name) and name != raw.person] if raw else []
    if raw is None or not roles:
        return
    columns = [guess.column for guess in raw.guesses.values()]
    graded = [one.name for one in columns if one.type == "integer" and (one.max or 99) <= 10]
    ranks = [name for name in graded if name.lower().startswith("rank")]
    said = [name for name in graded if name not in ranks]
    tops = [raw.guesses[name].column.max or 0 for name in said]
    often = max(tops, key=tops.count, default=0)  # others are graded otherwise
    said = [name for name, top in zip(said, tops, strict=True) if abs(top - often) <= 1]
    said = [one for one in said if not any(one.startswith(f"{other}_") for other in said)]  # no second round
    shown = {one.name: list(one.allowed) for one in columns if one.name.endswith("_best")}
    best = {name.removesuffix("_best"): items for name, items in shown.items()}
    tasks = {task: shown for task, shown in best.items() if f"{task}_worst" in raw.guesses}
    _one_scale(raw, said)
    keys = {"source": raw.name, "group": roles[0], "statements": said, "ranking": ranks, "best_worst": tasks}
    why = {"statements": "graded columns, higher = more", "group": "as what people answered"}
    draft.put("survey", {key: value for key, value in keys.items() if value}, why)


def interviews(draft: Draft, coded: Sequence[Path], people: Raw | None) -> None:
    """Declare coded interviews, and the table of who was interviewed."""
    if not coded:
        return
    keys: dict[str, Any] = {"file": f"raw/{coded[0].name}", "participants": "raw/participants.csv"}
    if people is None:
        keys |= {"key": "participant", "group": "role"}
        draft.put("interviews", keys, {"participants": "no such table was given"})
        return
    key, *header = people.cells
    role = next((name for name in header if WORDS["role"].search(name)), header[-1] if header else key)
    keys |= {"participants": f"raw/{people.path.name}", "key": key, "group": role}
    consent = [name for name in header if "consent" in name.lower()][:1]
    keys |= {"consent": consent[0]} if consent else {}
    few = [name for name in header if name not in consent and people.cells[name].nunique() <= KINDS["site"]]
    keys["attributes"] = few
    draft.put("interviews", keys, {"group": "which column makes groups of interviewees"})
