"""Read `study.yml` into its dataclasses and name everything that is wrong with it, line by line."""

import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any, NamedTuple

from vbhc import shipped
from vbhc.files.cells import NO_CHARACTERS
from vbhc.problems import Problem, did_you_mean
from vbhc.study.config import Config

DEEPEST = 12  # a study.yml has five
_KINDS = {str: "a text (quote it)", int: "a whole number", float: "a number", bool: "true or false"}
_KINDS |= {dict: "a mapping `name: ...`", tuple: "a list"}


class Reading(NamedTuple):
    """What could be read of `study.yml`: the configuration (None where nothing could), problems, holes.

    `holes` are the parts left out because they cannot be built, such as "sources.answers": what refers to
    them is no second fault. `lines` are those on which the items of lists stand.
    """

    config: Any
    problems: list[Problem]
    holes: tuple[str, ...] = ()
    lines: Mapping[str, int] = {}


def read_config(path: Path, shown: str, kind: type = Config) -> Reading:
    """Return the configuration as far as it can be built, and every problem found in the file.

    `kind` is the dataclass that the file is read into.

    Unknown keys, wrong types, absent required keys and keys that stand twice are all named with their line.
    """
    import yaml  # not for `vbhc --help`

    try:
        text = path.read_text(encoding="utf-8-sig").translate(NO_CHARACTERS)
        fast = shipped.yaml_loader()
        try:
            refused = _refused(yaml, text, fast)
        except yaml.YAMLError:
            refused = _refused(yaml, text, yaml.SafeLoader)  # which says better what is wrong, and where
        if refused:
            return Reading(None, [Problem(shown, *refused)])
        loader = fast(text)
        node = loader.get_single_node()
        if node is None or node.id != "mapping":
            keys = "at least `title:`" if kind is Config else _keys(kind)
            return Reading(None, [Problem(shown, "no keys", keys)])
        builder = _Builder(shown, loader)
        config = builder.build(kind, node)
    except UnicodeDecodeError as error:
        found = f"not UTF-8 (byte {error.object[error.start]:#x})"
        return Reading(None, [Problem(shown, found, "save it as UTF-8")])
    except yaml.YAMLError as error:
        return Reading(None, [_no_yaml(error, shown)])
    except ValueError as error:  # a date such as 2023-02-30
        return Reading(None, [Problem(shown, "not readable as YAML", f"{error}; quote dates")])
    return Reading(config, builder.problems, tuple(builder.holes), builder.lines)


def _refused(yaml: Any, text: str, loader: type) -> tuple[str, str] | None:
    """Return why a text is not built: aliases can unfold without end, and nothing here lies so deep."""
    deep = 0
    for event in yaml.parse(text, Loader=loader):
        if isinstance(event, yaml.AliasEvent):
            found = f"the alias *{event.anchor} in line {event.start_mark.line + 1}"
            return found, "write out what it stands for"
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
    """Builds values of a type from YAML, and keeps what cannot be built: where it stands, and its fault."""

    shown: str
    loader: Any
    problems: list[Problem] = field(default_factory=list)
    holes: list[str] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)

    def wrong(self, found: str, expected: str, path: str = "", row: int | None = None) -> None:
        """Name a problem."""
        self.problems.append(Problem(self.shown, found, expected, path, row))

    def build(self, kind: Any, node: Any, path: str = "", row: int = 1) -> Any:
        """Turn a YAML node into `kind`: a dataclass, a container or a plain value; None if it cannot be.

        `path` are the keys that lead to it, `row` is the line of the last of them.
        """
        origin, inner = typing.get_origin(kind), typing.get_args(kind)
        if origin in (types.UnionType, typing.Union):
            return self.build(inner[0], node, path, row)
        if is_dataclass(kind) and node.id == "mapping":
            return self.build_dataclass(kind, node, path, row)
        if origin is dict and node.id == "mapping":
            below = {key: self.build(inner[1], *at) for key, at in self.keys(node, path).items()}
            return {key: value for key, value in below.items() if inner[1] is Any or value is not None}
        if origin is tuple and node.id != "mapping":
            nodes = node.value if node.id == "sequence" else [node]
            self.lines |= {_join(path, n): one.start_mark.line + 1 for n, one in enumerate(nodes)}
            items = [self.build(inner[0], one, _join(path, n), row) for n, one in enumerate(nodes)]
            return tuple(item for item in items if item is not None)
        raw = self.loader.construct_object(node, deep=True)
        if kind is float and type(raw) is int:
            return float(raw)
        if kind is Any or type(raw) is kind:
            return raw
        wanted = _keys(kind) if is_dataclass(kind) else _KINDS[origin or kind]
        self.wrong(f"found {raw!r}", f"wanted {wanted}", path, row)
        self.holes.append(path)
        return None

    def keys(self, node: Any, path: str) -> dict[str, tuple[Any, str, int]]:
        """Return what stands under each key, its path and its line; name keys that stand twice.

        YAML itself keeps the last of them in silence.
        """
        found: dict[str, tuple[Any, str, int]] = {}
        for key, value in node.value:
            name, row = str(self.loader.construct_object(key, deep=True)), key.start_mark.line + 1
            if name in found:
                self.wrong(f"key {_join(path, name)!r} stands twice", "keep one", row=row)
            found[name] = value, _join(path, name), row
        return found

    def build_dataclass(self, kind: Any, node: Any, path: str, row: int) -> Any:
        """Build a dataclass of its sound keys; None where a required one is not sound (a title may lack)."""
        hints, given = typing.get_type_hints(kind), self.keys(node, path)
        known = {one.name: one for one in fields(kind)}
        required = [n for n, f in known.items() if f.default is MISSING and f.default_factory is MISSING]
        for key in (key for key in given if key not in known):
            self.wrong(f"unknown key {key!r}", did_you_mean(key, known), path, given[key][2])
        values = {}
        for key in (key for key in given if key in known):
            if key in required or not given[key][0].tag.endswith(":null"):
                values[key] = self.build(hints[key], *given[key])
        for name in (name for name in required if name not in given):
            self.wrong(f"no key {name!r}", "it is required", path, row if path else None)
        sound = {key: value for key, value in values.items() if value is not None}
        if kind is Config:
            sound.setdefault("title", "")
        if set(required) <= set(sound):
            return kind(**sound)
        self.holes.append(path)
        return None


def _join(path: str, key: str | int) -> str:
    return f"{path}.{key}" if path else str(key)


def _keys(kind: Any) -> str:
    return f"keys: {', '.join(one.name for one in fields(kind))}"
