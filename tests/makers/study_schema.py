"""The JSON Schema of study.yml, by which editors complete and check it: made from the declared keys.

`python tests/makers/study_schema.py` writes the `study.schema.json` that the library ships; what each key
means it takes from docs/study.md, so that it stands in one place.
"""

import json
import re
import types
import typing
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from typing import Any

from vbhc.study import config
from vbhc.study.marks import OneOf

FILE = Path(config.__file__).with_name("study.schema.json")
PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean"}


def schema(meanings: dict[tuple[str, str], str] | None = None) -> dict[str, Any]:
    """Return the schema; `meanings` has words by block and key (`meanings_in`)."""
    head = {"$schema": "http://json-schema.org/draft-07/schema#", "title": "study.yml"}
    return head | _object(config.Config, "at the top", meanings or {})


def meanings_in(docs: str) -> dict[tuple[str, str], str]:
    """Return what docs/study.md says of each key, by the block that its table stands under."""
    found: dict[tuple[str, str], str] = {}
    for section in re.split(r"(?m)^## ", docs)[1:]:
        block = re.match(r"[\w ]+", section)[0].strip().lower()
        for names, meaning in re.findall(r"(?m)^\| ((?:`\w+`(?:, )?)+) \| (.*?) \|", section):
            plain = re.sub(r"\[([^\]]*)\]\([^)]*\)|`", lambda match: match[1] or "", meaning)
            found |= {(block, name): plain for name in re.findall(r"\w+", names)}
    return found


def _object(kind: type, block: str, meanings: dict[tuple[str, str], str]) -> dict[str, Any]:
    hints, keys, needed = typing.get_type_hints(kind, include_extras=True), {}, []
    for one in fields(kind):
        required = one.default is MISSING and one.default_factory is MISSING
        inner = one.name if block == "at the top" else block
        value = _value(hints[one.name], inner, meanings)
        keys[one.name] = value if required or not value else _or(value, {"type": "null"})
        if text := meanings.get((block, one.name)):
            keys[one.name] = {"description": text, **keys[one.name]}
        needed += [one.name] if required else []
    return {"type": "object", "properties": keys, "required": needed, "additionalProperties": False}


def _value(kind: Any, block: str, meanings: dict[tuple[str, str], str]) -> dict[str, Any]:
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Annotated:
        choices = [mark.choices for mark in inner[1:] if isinstance(mark, OneOf)]
        return {"enum": list(choices[0])} if choices else _value(inner[0], block, meanings)
    if origin in (types.UnionType, typing.Union):
        return _value(next(one for one in inner if one is not type(None)), block, meanings)
    if is_dataclass(kind):
        return _object(typing.cast(type, kind), block, meanings)
    if origin is dict:
        return {"type": "object", "additionalProperties": _value(inner[1], block, meanings) or True}
    if origin is tuple:
        one = _value(inner[0], block, meanings)
        return {"anyOf": [{"type": "array", "items": one}, one]} if one.get("type") in PLAIN.values() else {
            "type": "array", "items": one}  # fmt: skip
    return {"type": PLAIN[kind]} if kind in PLAIN else {}


def _or(value: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [*value.get("anyOf", [value]), other]}


if __name__ == "__main__":
    docs = (FILE.parents[3] / "docs/study.md").read_text(encoding="utf-8")
    text = json.dumps(schema(meanings_in(docs)), indent=1, ensure_ascii=False)
    FILE.write_text(f"{text}\n", encoding="utf-8")
