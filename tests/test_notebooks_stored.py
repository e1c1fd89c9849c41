"""The committed notebooks: complete, in order, with the outputs that nbval compares."""

from __future__ import annotations

import ast
import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from places import NOTEBOOKS

from vbhc.publish.declared_parameters import declared_parameters
from vbhc.publish.disclosure.policies import POLICIES
from vbhc.publish.disclosure.said import tells_few
from vbhc.publish.notebook_files import OUTCOMES, SPREAD, SUMMARY, find_notebooks, read_cells, tags, title
from vbhc.run.needs import declared, left_out
from vbhc.study import load_study

STORED = list(find_notebooks(NOTEBOOKS).values())

pytestmark = pytest.mark.skipif(not STORED, reason="no notebooks are committed yet")
each_notebook = pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)


def code_cells(path: Path) -> list[dict]:
    return [cell for cell in read_cells(path) if cell["cell_type"] == "code"]


def test_the_notebooks_that_have_needs_are_those_that_exist():
    names = {path.stem for path in STORED}
    assert {"01-cleaning", "02-value-quota", "03-perception", "04-stakeholders", SUMMARY} <= names
    assert set(declared()["notebooks"]) <= names


@each_notebook
def test_the_title_is_a_question(path):
    first = read_cells(path)[0]
    assert first["cell_type"] == "markdown"
    assert first["source"].startswith("# ")
    assert title(path).endswith("?")


@each_notebook
def test_what_a_cell_prints_is_one_output_however_it_came_in(path):
    """Else a notebook that is run again would differ where nothing changed."""
    for cell in code_cells(path):
        kinds = [(one["output_type"], one.get("name")) for one in cell["outputs"]]
        assert ("stream", "stdout") not in [one for one, after in pairwise(kinds) if one == after]


@each_notebook
def test_parameters_are_typed_explained_and_start_with_the_study(path):
    parameters = declared_parameters(path)
    assert next(iter(parameters)) == "study"
    shown = load_study(str(NOTEBOOKS.parent / "data" / parameters["study"].default))
    # no shipped study has outcomes and no value quota, none is based on another
    assert path.stem in (OUTCOMES, SPREAD) or left_out(shown.config, [path.stem]) == {}
    assert [name for name, parameter in parameters.items() if not parameter.help] == []


@each_notebook
def test_cells_ran_in_order_from_the_first_to_the_last(path):
    ran = [cell["execution_count"] for cell in code_cells(path) if cell["source"].strip()]
    numbers = [cell["execution_count"] for cell in code_cells(path)]
    assert None not in ran
    assert [n for n in numbers if n is not None] == list(range(1, len(numbers) + 1))


@each_notebook
def test_every_cell_that_nbval_checks_has_a_stored_output(path):
    """A notebook stripped of its outputs passes nbval with nothing compared."""
    for cell, led_by in with_lead(path):
        # What an optional text leads to may have nothing to show in the default study.
        if "optional" in led_by or not _shows_something(cell["source"]):
            continue
        assert cell["outputs"], f"no stored output: {cell['source'].splitlines()[-1]}"


def with_lead(path: Path) -> list[tuple[dict, list[str]]]:
    """Every code cell with the tags of the text cell before it."""
    led_by, found = [], []
    for cell in read_cells(path):
        if cell["cell_type"] == "markdown":
            led_by = tags(cell)
        else:
            found.append((cell, led_by))
    return found


def _shows_something(source: str) -> bool:
    """Tell whether a cell ends with a value, or prints or uses the door whatever the data are."""
    statements = [s for s in ast.parse(source).body if isinstance(s, ast.Expr | ast.Assign)]
    if not statements:
        return False
    calls = [s.value.func for s in statements if isinstance(s.value, ast.Call)]
    shown = any(ast.unparse(call).startswith(("door.", "print")) for call in calls)
    last_is_value = isinstance(ast.parse(source).body[-1], ast.Expr) and not source.rstrip().endswith(";")
    return shown or last_is_value


@each_notebook
def test_outputs_hold_no_error_no_warning_and_no_path(path):
    for cell in code_cells(path):
        for output in cell["outputs"]:
            assert output["output_type"] != "error"
            assert output.get("name") != "stderr", "".join(output.get("text", ""))
    assert not re.search(r"/(?:root|work|tmp|home|Users)/", path.read_text(encoding="utf-8"))


@each_notebook
def test_a_notebook_defines_no_function_and_hides_no_warning(path):
    for cell in code_cells(path):
        for node in ast.walk(ast.parse(cell["source"])):
            assert not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef), cell["source"]
        assert "filterwarnings" not in cell["source"]
        assert "import *" not in cell["source"]


@each_notebook
def test_nothing_of_the_run_is_stored_but_its_outputs(path):
    content = json.loads(path.read_text(encoding="utf-8"))
    assert set(content["metadata"]) <= {"kernelspec", "language_info"}
    assert content["metadata"]["kernelspec"]["name"] == "python3"
    for cell in content["cells"]:
        assert not {"execution", "papermill"} & set(cell["metadata"])


@each_notebook
def test_every_mark_has_its_source_and_every_source_its_mark(path):
    """A source that went with its sentence once left the next mark on the wrong one."""
    text = "\n".join(cell["source"] for cell in read_cells(path) if cell["cell_type"] == "markdown")
    marks = {int(mark) for mark in re.findall(r"\[\[(\d+)\]\]\(#Sources\)", text)}
    listed = re.findall(r"^(\d+)\. ", text.partition("\n## Sources\n")[2], re.MULTILINE)
    assert [int(number) for number in listed] == sorted(marks) == list(range(1, len(marks) + 1))


@each_notebook
def test_no_typed_text_counts_people(path):
    """A policy that protects stops a report for "one person" in a sentence that speaks of people at large."""
    for cell in read_cells(path):
        if cell["cell_type"] == "markdown":
            lines = re.split(r"(?<=[.?!:])\s+", cell["source"])
            told = [line for line in lines for rule in POLICIES.values() if tells_few(line, rule, typed=True)]
            assert not told, told
