"""Write what was guessed of raw files as study.yml, dictionary.csv and unit_costs.csv, each guess marked."""

import csv
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from vbhc.instruments.registry import scales
from vbhc.problems import fault
from vbhc.run.guessing import parts
from vbhc.run.guessing.columns import Guess
from vbhc.run.guessing.sources import INTERVIEWS, Raw, read_raw, understand
from vbhc.study.dictionary import OPTIONAL, REQUIRED

MARK = "# guessed: "
LONG = 70  # letters of a line, above which what was guessed stands
HEAD = """\
# yaml-language-server: $schema=../../lib/vbhc/study/study.schema.json
# What the raw files tell of a study. "guessed:" stands where no file says it: correct it, delete the mark.
# `vbhc check {name}` says what does not fit; docs/study.md has every key.

title: "{name}: what is measured, in whom"
synthetic: false                                  # true only when no row comes from a person
disclosure: nhs-proms                             # counts of 1 to 5 people are withheld
"""


def write_study(folder: Path, paths: Sequence[Path]) -> list[str]:
    """Copy raw files into a study's `raw/`, write what they tell of it, and return what to look at.

    Raises
    ------
    StudyError
        For a file that cannot be read; two files of one name.
    """
    (folder / "raw").mkdir(exist_ok=True)
    if len({path.name for path in paths}) < len(paths):
        raise fault("--from", "two files of one name", "another name for one of them")
    for path in paths:
        shutil.copyfile(path, folder / "raw" / path.name)
    coded = [path for path in paths if path.suffix.lower() in INTERVIEWS]
    raws = [read_raw(path) for path in paths if path not in coded]
    people = next((raw for raw in raws if coded and _of_interviewees(raw)), None)
    sources, key = understand([raw for raw in raws if raw is not people])
    blocks = list(_blocks(sources, key, coded, people))
    text = HEAD.format(name=folder.name)
    text += "".join(f"\n{_block(name, part)}" for name, part in blocks)
    (folder / "study.yml").write_text(text, encoding="utf-8", newline="\n")
    rows = [_row(guess, raw.name) for raw in sources for guess in raw.guesses.values()]
    _table(folder / "dictionary.csv", [*REQUIRED, *OPTIONAL], _once(rows))
    cost: dict[str, Any] = next((part.keys for name, part in blocks if name == "cost"), {})
    if "unit_costs" in cost:
        header = ["resource", "unit", "unit_cost", "currency", "price_year", "source"]
        known = {"unit": "unit"} | {key: cost[key] for key in ("currency", "price_year")}
        prices = [{"resource": resource} | known for resource in cost["components"]["all"]]
        _table(folder / "unit_costs.csv", header, prices)
    return _to_look_at(blocks, sources)


def _of_interviewees(raw: Raw) -> bool:
    return bool(re.search("participant|interview", raw.path.stem + raw.cells.columns[0], re.I))


def _blocks(
    sources: Sequence[Raw], key: str, coded: Sequence[Path], people: Raw | None
) -> Iterator[tuple[str, parts.Part]]:
    """Yield the blocks of study.yml in their order; no block where nothing stands for it."""
    patients = [raw for raw in sources if raw.layout != "respondents"]
    found = {"key": parts.Part(key)} if patients else {}
    found["sources"] = parts.Part(
        {raw.name: raw.keys for raw in sources}, {raw.name: raw.why for raw in sources}
    )
    found |= _of_patients(patients) if patients else {}
    found |= {"interviews": _interviews(coded[0], people)} if coded else {}
    found |= {"survey": parts.survey(sources)}
    yield from ((name, part) for name, part in found.items() if part is not None and part.keys)


def _of_patients(patients: Sequence[Raw]) -> dict[str, parts.Part | None]:
    at = parts.visits(patients)
    used, cost = parts.instruments(patients, at.keys), parts.costs(patients, at.keys)
    seen, (split, before) = parts.perception(patients, at.keys), parts.groups(patients)
    outcome, form = _outcome(used.keys), "gain" if len(at.keys) > 1 else "follow-up"
    quota = {"outcome": outcome, "form": form, "per": 1000} if outcome and cost else {}
    arms = any(one["kind"] == "arm" for one in split.keys.values())
    qaly = cost and arms and any("value_set" in use for use in used.keys.values())
    worth = {"amount": 50000, "currency": cost.keys["currency"]} if qaly else {}
    return {
        "visits": at,
        "instruments": used,
        "cost": cost,
        "perception": seen,
        "value_quota": parts.Part(quota, {"outcome": "which score stands for what patients gain"}),
        "groups": split,
        "covariates": parts.Part(before, {"": "what describes patients beforehand"}),
        "willingness_to_pay": parts.Part(worth, {"amount": "what a QALY is held to be worth"}),
        "equivalence_margin": parts.Part(0.2 if seen else 0, {"": "correlations up to here count as none"}),
    }


def _outcome(used: Mapping[str, Any]) -> str:
    """Return the stem of the score that is most often the outcome: an overall score, a utility, any."""
    often = [use for use in used.values() if not use.get("once")]
    stems = ["_".join(filter(None, (s.column, use.get("suffix")))) for use in often for s in _scales(use)]
    first = [stem for stem in stems if stem in ("kccq_os", "ohs", "oks")]
    return next(iter([*first, *(s for s in stems if s.endswith("index")), *stems]), "")


def _scales(use: Mapping[str, Any]) -> tuple:
    options = {"value_set": use["value_set"]} if "value_set" in use else {}
    return scales(use["instrument"], **options)


def _interviews(file: Path, people: Raw | None) -> parts.Part:
    keys: dict[str, Any] = {"file": f"raw/{file.name}", "participants": "raw/participants.csv"}
    if people is None:
        return parts.Part(
            keys | {"key": "participant", "group": "role"}, {"participants": "no such table was given"}
        )
    header = list(people.cells)
    role = next((name for name in header[1:] if parts.ROLE.search(name)), header[-1])
    keys |= {"participants": f"raw/{people.path.name}", "key": header[0], "group": role}
    consent = next((name for name in header if "consent" in name.lower()), "")
    keys |= {"consent": consent} if consent else {}
    others = [name for name in header[1:] if name != consent and people.cells[name].nunique() <= 12]
    return parts.Part(keys | {"attributes": others}, {"group": "which column makes groups of interviewees"})


def _block(name: str, part: parts.Part) -> str:
    """Return a block of study.yml, each key on a line, what was guessed behind it, or above a long one."""
    if not isinstance(part.keys, dict):
        return _line(0, name, part.keys, part.why.get("", ""))
    text = f"{name}:\n"
    for key, value in part.keys.items():
        why = part.why.get(key, "")
        if isinstance(why, str):
            text += _line(2, key, value, why)
        else:
            text += f"  {key}:\n" + "".join(
                _line(4, below, one, why.get(below, "")) for below, one in value.items()
            )
    return text


def _line(indent: int, key: str, value: Any, why: str) -> str:
    import yaml

    flow = yaml.safe_dump(
        {key: value}, default_flow_style=True, sort_keys=False, allow_unicode=True, width=10**6
    )
    line = " " * indent + flow.strip()[1:-1]
    if not why:
        return f"{line}\n"
    above = f"{' ' * indent}{MARK}{why}\n{line}\n"
    return above if len(line) > LONG else f"{line:<48}  {MARK}{why}\n"


def _row(guess: Guess, source: str) -> dict[str, str]:
    column = guess.column
    plain = {name: getattr(column, name) for name in ("name", "label", "type", "unit", "direction")}
    ends = {side: f"{end:g}" if (end := getattr(column, side)) is not None else "" for side in ("min", "max")}
    codes = [
        f"{code}={word}" if word else code for code, word in zip(column.allowed, column.labels, strict=True)
    ]
    lists = {"allowed": ";".join(codes), "missing_codes": ";".join(column.missing_codes)}
    return plain | ends | lists | {"source": source, "guessed": f"{MARK}{guess.why}" if guess.why else ""}


def _once(rows: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """Leave out what a later file has too: the key, which has one row."""
    return list({row["name"]: row for row in reversed(rows)}.values())[::-1]


def _table(path: Path, header: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _to_look_at(blocks: Iterable[tuple[str, parts.Part]], sources: Iterable[Raw]) -> list[str]:
    """Return what was guessed, a line each: study.yml by its keys, the dictionary by what was guessed."""
    lines = []
    for name, part in blocks:
        for key, why in part.why.items():
            for below, text in why.items() if isinstance(why, dict) else [("", why)]:
                lines += [f"study.yml, {'.'.join(filter(None, (name, key, below)))}: {text}"] if text else []
    columns: dict[str, list[str]] = {}
    for raw in sources:
        for name, guess in raw.guesses.items():
            if guess.why:
                columns.setdefault(guess.why, []).append(name)
    for why, names in columns.items():
        more = f" and {len(names) - 4} more" if len(names) > 4 else ""
        lines.append(f"dictionary.csv, {', '.join(names[:4])}{more}: {why}")
    return lines
