"""The form of a lesson: short cells, three checked exercises, truth beside estimates, sources."""

from __future__ import annotations

import ast
import re

import pytest
from places import REPO

from vbhc.publish.notebook_files import read_cells, tags
from vbhc.teaching.editions import lessons_of

LESSONS = lessons_of(REPO)
TAGS = {"exercise", "solution", "hint", "teacher", "slider", "caption", "library", "typing"}
each_lesson = pytest.mark.parametrize("name", LESSONS)


def words(cells: list[dict]) -> str:
    return "\n\n".join(cell["source"] for cell in cells if cell["cell_type"] == "markdown")


def lines(cell: dict) -> list[str]:
    return [line for line in cell["source"].splitlines() if line.strip() and not line.startswith("#")]


@each_lesson
def test_a_lesson_begins_with_its_question_its_minutes_and_three_verbs(name):
    first = read_cells(LESSONS[name])[0]["source"]
    assert first.splitlines()[0].endswith("?")
    assert re.search(rf"Lesson {int(name[:2])} of 10\. (4[5-9]|5\d|60) minutes", first)
    assert len(re.findall(r"^\d\. \*\*\w+\*\*", first, re.M)) == 3


@each_lesson
def test_cells_are_short_and_led_by_a_sentence(name):
    cells = read_cells(LESSONS[name])
    code = [cell for cell in cells if cell["cell_type"] == "code" and "solution" not in tags(cell)]
    lengths = sorted(len(lines(cell)) for cell in code)
    assert lengths[-1] <= 5
    assert lengths[len(lengths) // 2] <= 3
    assert len(words(cells).split()) / sum(lengths) >= 15
    for cell in code:
        for node in ast.walk(ast.parse(cell["source"])):
            assert not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.If), cell["source"]


@each_lesson
def test_three_exercises_are_asked_solved_hinted_and_explained_to_the_teacher(name):
    cells, number = read_cells(LESSONS[name]), int(name[:2])
    for k in (1, 2, 3):
        asked = [c for c in cells if f'teaching.check("{number}.{k}"' in c["source"]]
        assert [tags(c) for c in asked] == [["exercise"], ["solution"]]
        assert asked[1]["outputs"][0]["text"][0].startswith("Right. ") or "".join(
            asked[1]["outputs"][0]["text"]
        ).startswith("Right. ")
        assert f"## Exercise {number}.{k}" in words(cells)
    assert sum("hint" in tags(cell) for cell in cells) >= 3
    assert sum("teacher" in tags(cell) for cell in cells) >= 4


@each_lesson
def test_a_lesson_ends_with_talk_limits_sources_and_the_teachers_page(name):
    said = words(read_cells(LESSONS[name]))
    for part in ("## Talk about it", "## What we did not say", "## Sources", "## For the teacher"):
        assert part in said
    assert "| points | computes | explains | limits | decides |" in said
    minutes = re.search(r"\| part \| minutes \|\n\|[-|]+\|\n((?:\|.*\n)+)", said)[1]
    total = int(re.search(r"(\d+) minutes", said)[1])
    assert sum(map(int, re.findall(r"(\d+) \|$", minutes, re.M))) == total
    listed = len(re.findall(r"^\d+\. ", said.partition("## Sources")[2].partition("## For")[0], re.M))
    assert {int(n) for n in re.findall(r"\[\[(\d+)\]\]\(#Sources\)", said)} <= set(range(1, listed + 1))


@each_lesson
def test_tags_are_known_and_every_picture_is_told_in_words(name):
    cells = read_cells(LESSONS[name])
    assert {tag for cell in cells for tag in tags(cell)} <= TAGS
    pictured = [k for k, cell in enumerate(cells) if _draws(cell)]
    assert pictured
    assert all("caption" in tags(cells[k + 1]) for k in pictured)


def _draws(cell: dict) -> bool:
    drawn = any("image/png" in output.get("data", {}) for output in cell.get("outputs", ()))
    return drawn or "slider" in tags(cell)


@each_lesson
def test_a_lesson_was_run_in_order_without_error_or_warning(name):
    code = [cell for cell in read_cells(LESSONS[name]) if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    for cell in code:
        for output in cell["outputs"]:
            assert output["output_type"] != "error"
            assert output.get("name") != "stderr", output
