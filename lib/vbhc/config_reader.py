"""Read `study.yml` into its dataclasses and name everything that is wrong with it, line by line."""

from __future__ import annotations

import types
import typing
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from typing import Any

import yaml

from vbhc.config import DIRECTIONS, FORMS, GROUP_KINDS, LAYOUTS, Config
from vbhc.dictionary import Column
from vbhc.problems import Problem, did_you_mean


def read_config(path: Path, shown: str) -> tuple[Config | None, list[Problem]]:
    """Return the configuration (None where it cannot be built) and every problem found in the file.

    Unknown keys, wrong types, absent required keys and keys that stand twice are all named with their line.
    """
    text = path.read_text(encoding="utf-8")
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        raw = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        row = mark.line + 1 if mark else None
        return None, [Problem(shown, "not readable as YAML", str(getattr(error, "problem", "")), row=row)]
    lines: dict[tuple, int] = {}
    problems: list[Problem] = []
    _index_lines(node, (), lines, problems, shown)
    if not isinstance(raw, dict):
        return None, [Problem(shown, "no keys", "at least `title:`")]
    config = _build(Config, raw, (), lines, problems, shown)
    return config, problems


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


def _build(kind: Any, raw: Any, path: tuple, lines: dict, problems: list[Problem], shown: str) -> Any:
    """Turn a YAML value into `kind` (a dataclass, container or scalar type), noting every problem."""

    def wrong(found: str, expected: str) -> None:
        row = next((lines[path[:n]] for n in range(len(path), -1, -1) if path[:n] in lines), None)
        problems.append(Problem(shown, found, expected, ".".join(map(str, path)), row))

    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        if raw is None and type(None) in inner:
            return None
        return _build(next(k for k in inner if k is not type(None)), raw, path, lines, problems, shown)
    if is_dataclass(kind):
        if not isinstance(raw, dict):
            return wrong(f"{raw!r}", f"keys: {', '.join(f.name for f in fields(kind))}")
        return _build_dataclass(kind, raw, path, lines, problems, shown)
    if origin is dict:
        if not isinstance(raw, dict):
            return wrong(f"{raw!r}", "a mapping `name: ...`")
        return {str(k): _build(inner[1], v, (*path, k), lines, problems, shown) for k, v in raw.items()}
    if origin is tuple:
        values = [raw] if isinstance(raw, str | int | float) else raw
        if not isinstance(values, list):
            return wrong(f"{raw!r}", "a list")
        return tuple(_build(inner[0], v, (*path, n), lines, problems, shown) for n, v in enumerate(values))
    if kind is Any:
        return raw
    if kind is float and isinstance(raw, int) and not isinstance(raw, bool):
        return float(raw)
    if not isinstance(raw, kind) or (isinstance(raw, bool) and kind is not bool):
        names = {str: "text (quote it)", int: "a whole number", float: "a number", bool: "true or false"}
        return wrong(f"{raw!r}", names[kind])
    return raw


def _build_dataclass(kind: Any, raw: dict, path: tuple, lines: dict, problems: list, shown: str) -> Any:
    hints = typing.get_type_hints(kind)
    known = {f.name: f for f in fields(kind)}
    before = len(problems)
    for key in raw:
        if key not in known:
            row = lines.get((*path, key))
            where = ".".join(map(str, path))
            problems.append(Problem(shown, f"unknown key {key!r}", did_you_mean(str(key), known), where, row))
    values = {
        key: _build(hints[key], value, (*path, key), lines, problems, shown)
        for key, value in raw.items()
        if key in known and not (value is None and known[key].default is not MISSING)
    }
    for name, spec in known.items():
        if name not in raw and spec.default is MISSING and spec.default_factory is MISSING:
            row = lines.get(path)
            where = ".".join(map(str, path))
            problems.append(Problem(shown, f"no key {name!r}", "it is required", where, row))
    return kind(**values) if len(problems) == before else None


def unknown_references(
    config: Config, dictionary: dict[str, Column], folder: Path, shown: str
) -> list[Problem]:
    """Name what `study.yml` uses and nothing declares (layouts, sources, components, columns)."""
    problems: list[Problem] = []

    def known(value: str, choices, where: str) -> None:
        if value not in choices:
            problems.append(Problem(shown, f"unknown {value!r}", did_you_mean(value, choices), where))

    def declared(column: str, where: str) -> None:
        """Names with a visit's suffix may be scores, which only `vbhc check` can know."""
        if not any(column.endswith(f"_{visit}") for visit in config.visits):
            known(column, dictionary, where)

    for name, source in config.sources.items():
        known(source.layout, LAYOUTS, f"sources.{name}.layout")
    if config.sources and not config.visits:
        problems.append(Problem(shown, "no `visits`", "name at least one time point", "visits"))
    for name, group in config.groups.items():
        known(group.kind, GROUP_KINDS, f"groups.{name}.kind")
        declared(group.column, f"groups.{name}.column")
    for name, use in config.instruments.items():
        for visit in use.visits:
            known(visit, config.visits, f"instruments.{name}.visits")
    if config.perception:
        known(config.perception.direction, DIRECTIONS, "perception.direction")
    if config.value_quota:
        known(config.value_quota.form, FORMS, "value_quota.form")
    for column in config.covariates:
        declared(column, "covariates")
    for name, column in dictionary.items():
        if column.source not in config.sources:
            found = f"column {name!r} names the unknown source {column.source!r}"
            file = shown.replace("study.yml", "dictionary.csv")
            problems.append(Problem(file, found, did_you_mean(column.source, config.sources), "source"))
    if config.cost:
        problems += _cost_references(config, folder, shown)
    return problems


def _cost_references(config: Config, folder: Path, shown: str) -> list[Problem]:
    cost, problems = config.cost, []
    if bool(cost.lines) == bool(cost.events):
        problems.append(Problem(shown, "needs either `lines` or `events`", "one of the two", "cost"))
    if cost.lines and cost.lines not in config.sources:
        fix = did_you_mean(cost.lines, config.sources)
        problems.append(Problem(shown, f"unknown source {cost.lines!r}", fix, "cost.lines"))
    listed = {resource for resources in cost.components.values() for resource in resources}
    for event in cost.events:
        if event.resource not in listed:
            fix = did_you_mean(event.resource, listed)
            problems.append(Problem(shown, f"{event.resource!r} is in no component", fix, "cost.events"))
    if not (folder / cost.unit_costs).is_file():
        found = f"no file {cost.unit_costs!r}"
        problems.append(Problem(shown, found, "put it in the study folder", "cost.unit_costs"))
    return problems
