"""Write what was guessed of raw files as study.yml, dictionary.csv and unit_costs.csv, each guess marked."""

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from vbhc.problems import fault
from vbhc.run.guessing import parts
from vbhc.run.guessing.columns import WORDS, Guess
from vbhc.run.guessing.parts import Draft
from vbhc.run.guessing.questionnaires import instruments, outcome
from vbhc.run.guessing.sources import Raw, is_person, read_raws, understand
from vbhc.study.dictionary import HEADER

INTERVIEWS = (".qdpx", ".qdc", ".mx22", ".db", ".sqlite")
MARK = "# guessed: "
LONG = 70  # letters of a line, above which what was guessed stands
NAMED = 4  # columns with the same guess
HEAD = Path(__file__).with_name("head.txt").read_text(encoding="utf-8")  # of study.yml


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
    raws = [raw for path in paths if path not in coded for raw in read_raws(path)]
    named = [raw for raw in raws if WORDS["interviewees"].search(raw.path.stem + raw.cells.columns[0])]
    people = next(iter(named), None) if coded else None
    sources, key = understand([raw for raw in raws if raw is not people])
    draft = _drafted(sources, key)
    parts.interviews(draft, coded, people)
    parts.survey(draft, sources)
    text = HEAD.format(name=folder.name)
    text += "".join(f"\n{_yaml(name, keys, draft.why)}" for name, keys in draft.keys.items())
    (folder / "study.yml").write_text(text, encoding="utf-8", newline="\n")
    rows = [_row(guess, raw.name) for raw in sources for guess in raw.guesses.values()]
    # the key has one row, though every file of patients holds it
    _write(folder / "dictionary.csv", pd.DataFrame(rows, columns=HEADER).drop_duplicates("name"))
    cost = draft.keys.get("cost", {})
    if "unit_costs" in cost:
        known = {"unit": "unit", "unit_cost": "", "currency": cost["currency"]}
        known |= {"price_year": cost["price_year"], "source": ""}
        _write(folder / "unit_costs.csv", pd.DataFrame({"resource": cost["components"]["all"]} | known))
    return _to_look_at(draft, sources)


def _drafted(sources: Sequence[Raw], key: str) -> Draft:
    """Return the blocks of study.yml in their order, of sources and of patients."""
    draft, patients = Draft(), [raw for raw in sources if raw.layout != "respondents"]
    draft.put("key", key if patients else "", {"": "" if is_person(key) else "which column tells who is who"})
    why = {f"{raw.name}.{name}": said for raw in sources for name, said in raw.why.items()}
    draft.put("sources", {raw.name: raw.keys for raw in sources}, why)
    if not patients:
        return draft
    for guess in (parts.visits, instruments, parts.costs, parts.perception):
        guess(draft, patients)
    cost, score = draft.keys.get("cost"), outcome(draft)
    form = "gain" if len(draft.keys["visits"]) > 1 else "follow-up"
    quota = {"outcome": score, "form": form, "per": 1000} if score and cost else {}
    draft.put("value_quota", quota, {"outcome": "which score stands for what patients gain"})
    parts.groups(draft, patients)
    arms = any(one["kind"] == "arm" for one in draft.keys.get("groups", {}).values())
    if cost and arms and any("value_set" in use for use in draft.keys.get("instruments", {}).values()):
        worth = {"amount": 50000, "currency": cost["currency"]}
        draft.put("willingness_to_pay", worth, {"amount": "what a QALY is held to be worth"})
    margin = 0.2 if "perception" in draft.keys else 0
    draft.put("equivalence_margin", margin, {"": "correlations up to here count as none"})
    return draft


def _yaml(place: str, value: Any, why: Mapping[str, str]) -> str:
    """Return a key of study.yml with what is below it; what was guessed behind it, or above a long line."""
    import yaml

    pad, key = "  " * place.count("."), place.rpartition(".")[2]
    if isinstance(value, dict) and ("." not in place or any(one.startswith(f"{place}.") for one in why)):
        return f"{pad}{key}:\n" + "".join(_yaml(f"{place}.{name}", one, why) for name, one in value.items())
    form: dict[str, Any] = {"default_flow_style": True, "sort_keys": False, "allow_unicode": True}
    line = pad + yaml.safe_dump({key: value}, width=10**6, **form).strip()[1:-1]
    if "\n" in line:
        line = f"{pad}{key}: {json.dumps(value, ensure_ascii=False)}"  # a line end written as \n
    if place not in why:
        return f"{line}\n"
    above = f"{pad}{MARK}{why[place]}\n{line}\n"
    return above if len(line) > LONG else f"{line:<48}  {MARK}{why[place]}\n"


def _row(guess: Guess, source: str) -> dict[str, str]:
    column = guess.column
    plain = {name: getattr(column, name) for name in ("name", "label", "type", "unit", "direction")}
    ends = {side: f"{end:g}" if (end := getattr(column, side)) is not None else "" for side in ("min", "max")}
    codes = [f"{code}={word}".rstrip("=") for code, word in zip(column.allowed, column.labels, strict=True)]
    lists = {"allowed": ";".join(codes), "missing_codes": ";".join(column.missing_codes)}
    return plain | ends | lists | {"source": source, "guessed": f"{MARK}{guess.why}" if guess.why else ""}


def _write(path: Path, table: pd.DataFrame) -> None:
    table.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")


def _to_look_at(draft: Draft, sources: Sequence[Raw]) -> list[str]:
    """Return what was guessed, a line each: study.yml by its keys, the dictionary by what was guessed."""
    lines = [f"study.yml, {place}: {said}" for place, said in draft.why.items()]
    columns: dict[str, list[str]] = {}
    for name, guess in (one for raw in sources for one in raw.guesses.items()):
        if guess.why:
            columns.setdefault(guess.why, []).append(name)
    for why, names in columns.items():
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        lines.append(f"dictionary.csv, {', '.join(names[:NAMED])}{more}: {why}")
    return lines
