"""The class's edition of the notebooks: exercises without their solutions, cells that run where they lie."""

import nbformat
import pytest
from nbformat import v4
from places import NOTEBOOKS

from vbhc.run.course import without_solutions, write_course


def notebook():
    done = v4.new_output("stream", text="42")
    solution = v4.new_code_cell("# 2. Twice.\nprint(42)", outputs=[done], metadata={"tags": ["solution"]})
    words = v4.new_markdown_cell("It is 42.", metadata={"tags": ["solution"]})
    cells = [v4.new_markdown_cell("## Exercises\n\n2. How much?"), v4.new_code_cell("x = 1", outputs=[done])]
    return v4.new_notebook(cells=[*cells, solution, words])


def test_solutions_become_empty_cells_and_results_go():
    given = notebook()
    made = without_solutions(given)
    assert [cell.source for cell in made.cells] == [
        "## Exercises\n\n2. How much?", "x = 1", "# Your work on exercise 2"
    ]  # fmt: skip
    assert not any(cell.get("outputs") for cell in made.cells)
    assert "print(42)" not in nbformat.writes(made)
    assert given.cells[2].outputs  # what was given is as it was
    nbformat.validate(made)


def test_the_shipped_notebooks_keep_their_exercises_and_lose_every_solution(repo, tmp_path):
    (tmp_path / "notebooks").symlink_to(repo / "notebooks")
    written = write_course(tmp_path)
    assert [path.name for path in written][:2] == ["01-cleaning.ipynb", "02-value-quota.ipynb"]
    for path in written:
        text = path.read_text(encoding="utf-8")
        assert "## Exercises" in text
        assert "solution" not in {
            tag for cell in nbformat.read(path, 4).cells for tag in cell.metadata.get("tags", [])
        }
        assert "# Your work on exercise 1" in text


def test_without_notebooks_it_says_so(tmp_path):
    from vbhc.problems import StudyError

    (tmp_path / "notebooks" / "teaching").mkdir(parents=True)
    with pytest.raises(StudyError, match="no notebooks"):
        write_course(tmp_path)


@pytest.mark.parametrize("path", sorted((NOTEBOOKS / "teaching").glob("*.ipynb")), ids=lambda path: path.stem)
def test_every_solution_runs_and_answers(path, shipped, tmp_path):
    """On the default study, as a student runs it: after the study ran once."""
    import papermill

    plan, _ = shipped
    ran = papermill.execute_notebook(
        path, tmp_path / path.name, cwd=plan.study.root, progress_bar=False, log_output=False
    )
    solved = [cell for cell in ran.cells if "solution" in cell.metadata.get("tags", [])]
    assert solved
    assert all(output["text"].strip() for cell in solved for output in cell.outputs[:1])
    assert all(cell.outputs for cell in solved)
