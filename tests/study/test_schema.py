"""The schema that editors read accepts and refuses what the reader of study.yml does, for every key."""

from __future__ import annotations

import json
import types
import typing
from dataclasses import MISSING, fields, is_dataclass

import pytest
import yaml
from study_schema import FILE, meanings_in, schema

from vbhc.study import load_study
from vbhc.study.config import Config
from vbhc.study.config_reader import read_config
from vbhc.study.marks import OneOf

jsonschema = pytest.importorskip("jsonschema")
SAMPLES = (
    "a text",
    7,
    2.5,
    True,
    None,
    ["a text"],
    [7],
    [2.5],
    [None],
    {"a": "text"},
    {"a": 7},
    {"a": {"b": 1}},
    [],
)
PLAIN = {str: "a text", int: 7, float: 2.5, bool: True}


def smallest(kind):
    """The least that a declared type accepts."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        return smallest(next(one for one in inner if one is not type(None)))
    if is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        needed = [f for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING]
        return {f.name: chosen(kind, f.name, smallest(hints[f.name])) for f in needed}
    return {dict: {}, tuple: []}.get(origin, PLAIN.get(kind, "a text"))


def choices(kind, key):
    """The texts of which a key takes one; none where it takes any."""
    marks = typing.get_args(typing.get_type_hints(kind, include_extras=True)[key])[1:]
    return next((mark.choices for mark in marks if isinstance(mark, OneOf)), ())


def chosen(kind, key, value):
    return choices(kind, key)[-1] if choices(kind, key) else value


def blocks(kind=Config, wrap=lambda block: block):
    """Yield every block of study.yml, and how a document looks that holds it."""
    yield kind, wrap
    for one in fields(kind):
        hint, around = typing.get_type_hints(kind)[one.name], lambda inner: inner
        if typing.get_origin(hint) in (types.UnionType, typing.Union):
            hint = next(part for part in typing.get_args(hint) if part is not type(None))
        if typing.get_origin(hint) in (dict, tuple):
            many = typing.get_origin(hint)
            hint = typing.get_args(hint)[1 if many is dict else 0]
            around = (lambda inner: {"a": inner}) if many is dict else (lambda inner: [inner])
        if is_dataclass(hint):
            yield from blocks(
                hint,
                lambda inner, key=one.name, around=around, kind=kind, wrap=wrap: wrap(
                    {**smallest(kind), key: around(inner)}
                ),
            )


KEYS = [
    pytest.param(kind, wrap, f.name, id=f"{kind.__name__}.{f.name}")
    for kind, wrap in blocks()
    for f in fields(kind)
]


@pytest.mark.parametrize(("kind", "wrap", "key"), KEYS)
def test_every_key_is_read_as_the_schema_says(kind, wrap, key, tmp_path):
    path, valid = tmp_path / "study.yml", jsonschema.Draft7Validator(schema()).is_valid
    for sample in (*SAMPLES, *choices(kind, key)):
        document = wrap({**smallest(kind), key: sample})
        path.write_text(yaml.safe_dump(document), encoding="utf-8")
        accepted = not read_config(path, "study.yml").problems
        if choices(kind, key) and sample is not None:
            accepted = sample in choices(kind, key)
        assert valid(document) == accepted, (document, accepted)


@pytest.mark.parametrize(("kind", "wrap"), [pytest.param(k, w, id=k.__name__) for k, w in blocks()])
def test_unknown_and_absent_keys_are_refused_by_both(kind, wrap, tmp_path):
    path, valid = tmp_path / "study.yml", jsonschema.Draft7Validator(schema()).is_valid
    absent = [{k: v for k, v in smallest(kind).items() if k != key} for key in smallest(kind)]
    for block in ({**smallest(kind), "nosuchkey": 1}, *absent):
        path.write_text(yaml.safe_dump(wrap(block)), encoding="utf-8")
        assert read_config(path, "study.yml").problems
        assert not valid(wrap(block))


def test_the_shipped_schema_is_that_of_the_declared_keys_in_the_words_of_the_docs(repo):
    meanings = meanings_in((repo / "docs/study.md").read_text(encoding="utf-8"))
    assert json.loads(FILE.read_text(encoding="utf-8")) == schema(meanings), (
        "python tests/makers/study_schema.py"
    )
    assert meanings["cost", "perspective"] == "who pays what is counted"


@pytest.mark.parametrize("name", ["heart-failure", "professionals", "nhs-hip", "nhs-knee"])
def test_the_shipped_studies_fit(repo, name, monkeypatch):
    monkeypatch.chdir(repo)
    raw = yaml.safe_load((load_study(name).folder / "study.yml").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(schema()).validate(raw)
