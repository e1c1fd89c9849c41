"""Read `study.yml` into its dataclasses and name everything that is wrong with it, line by line."""

from __future__ import annotations

import types
import typing
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from vbhc.problems import Problem, did_you_mean
from vbhc.study.config import Config


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
