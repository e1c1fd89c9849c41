"""Read `study.yml` into its dataclasses and name everything that is wrong with it, line by line."""

from __future__ import annotations

import types
import typing
from collections.abc import Collection
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from vbhc.config import DIRECTIONS, DISCLOSURE_POLICIES, FORMS, GROUP_KINDS, LAYOUTS, Config
from vbhc.dictionary import Column
from vbhc.problems import Problem, did_you_mean
from vbhc.survey_plan import survey_problems


class Reading(NamedTuple):
    """What could be read of `study.yml`: the configuration (None where nothing could), problems, holes.

    `holes` are the parts left out because they cannot be built, such as "sources.answers": what refers to
    them is no second fault.
    """

    config: Config | None
    problems: list[Problem]
    holes: tuple[str, ...] = ()


def read_config(path: Path, shown: str) -> Reading:
    """Return the configuration as far as it can be built, and every problem found in the file.

    Unknown keys, wrong types, absent required keys and keys that stand twice are all named with their line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        raw = yaml.safe_load(text)
    except UnicodeDecodeError as error:
        found = f"not UTF-8 (byte {error.object[error.start]:#x})"
        return Reading(None, [Problem(shown, found, "save it as UTF-8")])
    except yaml.YAMLError as error:
        return Reading(None, [_no_yaml(error, shown)])
    except ValueError as error:  # a date such as 2023-02-30
        return Reading(None, [Problem(shown, "not readable as YAML", f"{error}; quote dates")])
    lines: dict[tuple, int] = {}
    problems: list[Problem] = []
    if not isinstance(raw, dict):
        return Reading(None, [Problem(shown, "no keys", "at least `title:`")])
    _index_lines(node, (), lines, problems, shown)
    holes: list[str] = []
    config = _build(Config, raw, (), lines, problems, shown, holes)
    return Reading(config, problems, tuple(holes))


def _no_yaml(error: yaml.YAMLError, shown: str) -> Problem:
    mark, said = getattr(error, "problem_mark", None), str(getattr(error, "problem", "") or "")
    hint = "; quote a text that holds a colon" if "mapping values" in said else ""
    hint = "; indent with spaces" if "'\\t'" in said else hint
    return Problem(shown, "not readable as YAML", f"{said}{hint}", row=mark.line + 1 if mark else None)


def _index_lines(node, path: tuple, lines: dict, problems: list[Problem], shown: str) -> None:
    """Note the line of every key, and name keys that stand twice (YAML itself keeps the last in silence)."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here = (*path, key.value)
            if here in lines:
                twice = f"key {'.'.join(map(str, here))!r} stands twice"
                problems.append(Problem(shown, twice, "keep one", row=key.start_mark.line + 1))
            lines[here] = key.start_mark.line + 1
            _index_lines(value, here, lines, problems, shown)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            lines[(*path, number)] = value.start_mark.line + 1
            _index_lines(value, (*path, number), lines, problems, shown)


def _build(
    kind: Any, raw: Any, path: tuple, lines: dict, problems: list[Problem], shown: str, holes: list[str]
) -> Any:
    """Turn a YAML value into `kind` (a dataclass, container or scalar type), noting every problem.

    What cannot be built is None and noted in `holes`.
    """

    def wrong(found: str, expected: str) -> None:
        row = next((lines[path[:n]] for n in range(len(path), -1, -1) if path[:n] in lines), None)
        problems.append(Problem(shown, f"found {found}", f"wanted {expected}", _name(path), row))
        holes.append(_name(path))

    def part(kind: Any, value: Any, key: Any) -> Any:
        return _build(kind, value, (*path, key), lines, problems, shown, holes)

    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        if raw is None and type(None) in inner:
            return None
        kind = next(k for k in inner if k is not type(None))
        return _build(kind, raw, path, lines, problems, shown, holes)
    if is_dataclass(kind):
        if not isinstance(raw, dict):
            return wrong(f"{raw!r}", f"keys: {', '.join(f.name for f in fields(kind))}")
        return _build_dataclass(kind, raw, path, lines, problems, shown, holes)
    if origin is dict:
        if not isinstance(raw, dict):
            return wrong(f"{raw!r}", "a mapping `name: ...`")
        built = {str(key): part(inner[1], value, key) for key, value in raw.items()}
        return {key: value for key, value in built.items() if value is not None or inner[1] is Any}
    if origin is tuple:
        values = [raw] if isinstance(raw, str | int | float) else raw
        if not isinstance(values, list):
            return wrong(f"{raw!r}", "a list")
        built = [part(inner[0], value, n) for n, value in enumerate(values)]
        return tuple(value for value in built if value is not None)
    if kind is Any:
        return raw
    if kind is float and isinstance(raw, int) and not isinstance(raw, bool):
        return float(raw)
    if not isinstance(raw, kind) or (isinstance(raw, bool) and kind is not bool):
        names = {str: "a text (quote it)", int: "a whole number", float: "a number", bool: "true or false"}
        return wrong(f"{raw!r}", names[kind])
    return raw


def _build_dataclass(
    kind: Any, raw: dict, path: tuple, lines: dict, problems: list[Problem], shown: str, holes: list[str]
) -> Any:
    """Build a dataclass from the keys that are sound; None where a required one is not (a title may lack)."""
    hints = typing.get_type_hints(kind)
    known = {f.name: f for f in fields(kind)}
    required = {n for n, f in known.items() if f.default is MISSING and f.default_factory is MISSING}
    for key in raw:
        if key not in known:
            row = lines.get((*path, key))
            fix = did_you_mean(str(key), known)
            problems.append(Problem(shown, f"unknown key {key!r}", fix, _name(path), row))
    values = {
        key: _build(hints[key], value, (*path, key), lines, problems, shown, holes)
        for key, value in raw.items()
        if key in known and not (value is None and key not in required)
    }
    values = {key: value for key, value in values.items() if value is not None}
    for name in sorted(required - set(raw), key=list(known).index):
        found = f"no key {name!r}"
        problems.append(Problem(shown, found, "it is required", _name(path), lines.get(path)))
    if kind is Config:
        values.setdefault("title", "")
    if required <= set(values):
        return kind(**values)
    holes.append(_name(path))
    return None


def _name(path: tuple) -> str:
    return ".".join(map(str, path))


def unknown_references(
    config: Config, dictionary: dict[str, Column], folder: Path, shown: str, holes: Collection[str] = ()
) -> list[Problem]:
    """Name what `study.yml` uses and nothing declares (layouts, sources, components, columns).

    What refers to a part among `holes` (parts that could not be read) cannot be judged and is not named.
    """
    problems: list[Problem] = []

    def wrong(found: str, expected: str, where: str) -> None:
        problems.append(Problem(shown, found, expected, where))

    def known(value: str, choices, where: str) -> None:
        if value not in choices:
            wrong(f"unknown {value!r}", did_you_mean(value, choices), where)

    def whole(*blocks: str) -> bool:
        """Whether all that a block declares is there, though perhaps not each detail of it."""
        return not any(hole in blocks or hole.rpartition(".")[0] in blocks for hole in holes)

    def declared(column: str, where: str) -> None:
        """Names with a visit's suffix may be scores, which only `vbhc check` can know."""
        if whole("dictionary", "visits") and not any(column.endswith(f"_{visit}") for visit in config.visits):
            known(column, dictionary, where)

    known(config.disclosure, DISCLOSURE_POLICIES, "disclosure")
    for name, source in config.sources.items():
        known(source.layout, LAYOUTS, f"sources.{name}.layout")
        if source.decimal not in ("", ",", "."):
            wrong(f"found {source.decimal!r}", "wanted ',' or '.'", f"sources.{name}.decimal")
    of_patients = [s for s in config.sources.values() if s.layout != "respondents"]
    if of_patients and not config.visits and whole("visits"):
        wrong("no `visits`", "name at least one time point", "visits")
    for name, group in config.groups.items():
        known(group.kind, GROUP_KINDS, f"groups.{name}.kind")
        declared(group.column, f"groups.{name}.column")
    for name, use in config.instruments.items():
        for visit in use.visits if whole("visits") else ():
            known(visit, config.visits, f"instruments.{name}.visits")
    if config.perception:
        known(config.perception.direction, DIRECTIONS, "perception.direction")
    if config.value_quota:
        known(config.value_quota.form, FORMS, "value_quota.form")
        if not config.value_quota.per > 0:
            wrong(f"found {config.value_quota.per:g}", "wanted an amount above 0", "value_quota.per")
    if config.equivalence_margin is not None and not 0 < config.equivalence_margin < 1:
        found, expected = f"found {config.equivalence_margin:g}", "wanted a correlation between 0 and 1"
        wrong(found, expected, "equivalence_margin")
    for column in config.covariates:
        declared(column, "covariates")
    for name, column in dictionary.items():
        if column.source not in config.sources and whole("sources", "dictionary"):
            found = f"column {name!r} names the unknown source {column.source!r}"
            file = shown.replace("study.yml", "dictionary.csv")
            problems.append(Problem(file, found, did_you_mean(column.source, config.sources), "source"))
    if config.cost and not any(hole.startswith("cost.") for hole in holes):
        problems += _cost_references(config, folder, shown, whole("sources"))
    if config.survey and whole("sources", "dictionary", "survey"):
        problems += survey_problems(config.survey, config.sources, dictionary, shown)
    return problems


def _cost_references(config: Config, folder: Path, shown: str, sources_whole: bool) -> list[Problem]:
    cost, problems = config.cost, []

    def wrong(found: str, expected: str, where: str = "cost") -> None:
        problems.append(Problem(shown, found, expected, where))

    if [bool(cost.lines), bool(cost.events), bool(cost.columns)].count(True) != 1:
        wrong("needs one of `lines`, `events` or `columns`", "where costs come from")
    if cost.lines and cost.lines not in config.sources and sources_whole:
        wrong(f"unknown source {cost.lines!r}", did_you_mean(cost.lines, config.sources), "cost.lines")
    if cost.columns:
        if cost.unit_costs:
            wrong("has `columns` and `unit_costs`", "columns hold costs already: leave out `unit_costs`")
        if set(cost.components) != set(cost.columns):
            wrong("`components` differ from `columns`", "leave `components` out", "cost.components")
        return problems
    if not cost.components:
        wrong("no `components`", "name them, each with its resources", "cost.components")
    if "total" in cost.components:
        wrong("a component is called 'total'", "another name: the sum has this one", "cost.components")
    listed = {resource for resources in cost.components.values() for resource in resources}
    for event in cost.events:
        if event.resource not in listed:
            fix = did_you_mean(event.resource, listed)
            wrong(f"{event.resource!r} is in no component", fix, "cost.events")
    if not cost.unit_costs:
        wrong("no `unit_costs`", "name the table of prices", "cost.unit_costs")
    elif not (folder / cost.unit_costs).is_file():
        wrong(f"no file {cost.unit_costs!r}", "put it in the study folder", "cost.unit_costs")
    return problems
