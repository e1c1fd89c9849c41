"""Read `study.yml` into its dataclasses and name everything that is wrong with it, line by line."""

import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any, NamedTuple

from vbhc.problems import Problem, did_you_mean
from vbhc.study.config import Config

Place = tuple[str | int, ...]  # the keys that lead to a value
DEEPEST = 12  # a study.yml has five
_KINDS = {str: "a text (quote it)", int: "a whole number", float: "a number", bool: "true or false"}


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
    import yaml  # not for `vbhc --help`

    try:
        text = path.read_text(encoding="utf-8-sig")
        if refused := _refused(yaml, text):
            return Reading(None, [Problem(shown, *refused)])
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        raw = loader.construct_document(node) if node else None
    except UnicodeDecodeError as error:
        found = f"not UTF-8 (byte {error.object[error.start]:#x})"
        return Reading(None, [Problem(shown, found, "save it as UTF-8")])
    except yaml.YAMLError as error:
        return Reading(None, [_no_yaml(error, shown)])
    except ValueError as error:  # a date such as 2023-02-30
        return Reading(None, [Problem(shown, "not readable as YAML", f"{error}; quote dates")])
    if not isinstance(raw, dict):
        return Reading(None, [Problem(shown, "no keys", "at least `title:`")])
    builder = _Builder(shown)
    builder.note_lines(node)
    config = builder.build(Config, raw)
    return Reading(config, builder.problems, tuple(builder.holes))


def _refused(yaml: Any, text: str) -> tuple[str, str] | None:
    """Return why a text is not built: aliases can unfold without end, and nothing here lies so deep."""
    deep = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            return (
                f"the alias *{event.anchor} in line {event.start_mark.line + 1}",
                "write out what it stands for",
            )
        deep += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if deep > DEEPEST:
            return f"more than {DEEPEST} lists within one another", "the keys of docs/study.md"
    return None


def _no_yaml(error: Exception, shown: str) -> Problem:
    mark, said = getattr(error, "problem_mark", None), str(getattr(error, "problem", "") or "")
    hint = "; quote a text that holds a colon" if "mapping values" in said else ""
    hint = "; indent with spaces" if "'\\t'" in said else hint
    return Problem(shown, "not readable as YAML", f"{said}{hint}", row=mark.line + 1 if mark else None)


@dataclass
class _Builder:
    """Builds values of a type, and keeps what cannot be built: where it stands, and what is wrong with it."""

    shown: str
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    holes: list[str] = field(default_factory=list)

    def note_lines(self, node: Any, path: Place = ()) -> None:
        """Note the line of every key; name those that stand twice (YAML keeps the last in silence)."""
        if getattr(node, "id", "") == "mapping":
            for key, value in node.value:
                here = (*path, key.value)
                if here in self.lines:
                    row = key.start_mark.line + 1
                    self.wrong(f"key {_name(here)!r} stands twice", "keep one", row=row)
                self.lines[here] = key.start_mark.line + 1
                self.note_lines(value, here)
        elif getattr(node, "id", "") == "sequence":
            for number, value in enumerate(node.value):
                self.lines[(*path, number)] = value.start_mark.line + 1
                self.note_lines(value, (*path, number))

    def wrong(self, found: str, expected: str, path: Place = (), row: int | None = None) -> None:
        """Name a problem."""
        self.problems.append(Problem(self.shown, found, expected, _name(path), row))

    def unfit(self, raw: Any, expected: str, path: Place) -> None:
        """Name a value that cannot be built, at its line or that of the nearest key above it."""
        row = next((self.lines[path[:n]] for n in range(len(path), -1, -1) if path[:n] in self.lines), None)
        self.wrong(f"found {raw!r}", f"wanted {expected}", path, row)
        self.holes.append(_name(path))

    def build(self, kind: Any, raw: Any, path: Place = ()) -> Any:
        """Turn a YAML value into `kind`: a dataclass, a container or a plain value; None if it cannot be."""
        origin, inner = typing.get_origin(kind), typing.get_args(kind)
        if origin in (types.UnionType, typing.Union):
            if raw is None and type(None) in inner:
                return None
            return self.build(next(k for k in inner if k is not type(None)), raw, path)
        if is_dataclass(kind):
            if not isinstance(raw, dict):
                return self.unfit(raw, f"keys: {', '.join(f.name for f in fields(kind))}", path)
            return self.build_dataclass(kind, raw, path)
        if origin is dict:
            if not isinstance(raw, dict):
                return self.unfit(raw, "a mapping `name: ...`", path)
            built = {str(key): self.build(inner[1], value, (*path, key)) for key, value in raw.items()}
            return built if inner[1] is Any else _given(built)
        if origin is tuple:
            values = [raw] if isinstance(raw, str | int | float) else raw
            if not isinstance(values, list):
                return self.unfit(raw, "a list", path)
            items = (self.build(inner[0], value, (*path, n)) for n, value in enumerate(values))
            return tuple(value for value in items if value is not None)
        return self.build_plain(kind, raw, path)

    def build_plain(self, kind: Any, raw: Any, path: Place) -> Any:
        """Return a text, a number or a yes or no as it stands."""
        if kind is Any:
            return raw
        if kind is float and isinstance(raw, int) and not isinstance(raw, bool):
            return float(raw)
        if not isinstance(raw, kind) or (isinstance(raw, bool) and kind is not bool):
            return self.unfit(raw, _KINDS[kind], path)
        return raw

    def build_dataclass(self, kind: Any, raw: dict, path: Place) -> Any:
        """Build a dataclass of its sound keys; None where a required one is not sound (a title may lack)."""
        hints = typing.get_type_hints(kind)
        known = {f.name: f for f in fields(kind)}
        required = {n for n, f in known.items() if f.default is MISSING and f.default_factory is MISSING}
        for key in raw:
            if key not in known:
                row = self.lines.get((*path, key))
                self.wrong(f"unknown key {key!r}", did_you_mean(str(key), known), path, row)
        values = _given({
            key: self.build(hints[key], value, (*path, key))
            for key, value in raw.items()
            if key in known and not (value is None and key not in required)
        })  # fmt: skip
        for name in sorted(required - set(raw), key=list(known).index):
            self.wrong(f"no key {name!r}", "it is required", path, self.lines.get(path))
        if kind is Config:
            values.setdefault("title", "")
        if required <= set(values):
            return kind(**values)
        self.holes.append(_name(path))
        return None


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what could not be built."""
    return {key: value for key, value in values.items() if value is not None}


def _name(path: Place) -> str:
    return ".".join(map(str, path))
