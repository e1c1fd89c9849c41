"""The command line: what it says, where, with which exit code, and never a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import fakes
import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner

from vbhc.run import driver, forked
from vbhc.run.commands import SET_ASIDE, main
from vbhc.run.execute import NotebookFailed
from vbhc.run.reporting import ReportFailed
from vbhc.synthetic.__main__ import write_all


@pytest.fixture
def vbhc(fake_project, monkeypatch):
    """Call the command line in the fake project, without kernels and with the fake report."""
    monkeypatch.setattr(driver, "build_report", lambda *report, **_: fakes.build(*report))
    monkeypatch.setattr(driver, "execute", lambda kernels, *rest: fakes.execute(*rest))
    monkeypatch.setattr(forked, "CAN_FORK", False)  # nothing is forked, so nothing has to be warmed

    def call(*arguments: str):
        return CliRunner().invoke(main, arguments)

    return call


def lines(text: str) -> list[str]:
    return text.strip().splitlines()


def test_a_run_ends_with_where_the_report_is(vbhc):
    done = vbhc("run", "fake")
    assert done.exit_code == 0
    assert lines(done.output)[-1] == "report: reports/fake/index.html"
    assert "04-stakeholders      left out: study.yml declares neither coded interviews" in done.output


def test_a_second_run_says_that_nothing_changed(vbhc):
    vbhc("run", "fake")
    done = vbhc("run", "fake")
    assert done.exit_code == 0
    assert lines(done.output) == [
        "fake: nothing changed since the last run",
        "report: reports/fake/index.html",
    ]


def test_the_answers_are_said_also_when_nothing_changed(vbhc, monkeypatch):
    monkeypatch.setattr(driver, "read_answers", lambda executed: [["02-value-quota", "Three points."]])
    for _ in range(2):
        said = lines(vbhc("run", "fake").output)
        assert said[-4:-1] == ["", "02-value-quota: Three points.", ""]


def test_one_notebook_says_where_it_lies_and_what_waits(vbhc):
    done = vbhc("run", "fake", "--only", "02")
    assert lines(done.output)[-2:] == [
        "executed: data/fake/runs/02-value-quota.ipynb",
        "not up to date: 06-summary; `vbhc run fake` runs them",
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("run", "fakes"), "data: no study 'fakes'; did you mean 'fake'?"),
        (("run", "fake", "--only", "value-qouta"), "--only: no notebook 'value-qouta'; did you mean"),
        (
            ("run", "fake", "--only", "04"),
            "--only: 04-stakeholders has no input here; study.yml declares neither",
        ),
        (("run", "fake", "-p", "sede", "1"), "-p sede: no parameter 'sede'; did you mean 'seed'?"),
        (
            ("run", "fake", "-p", "seed", "x"),
            "-p seed: found 'x'; 02-value-quota wants a whole number, such as 7",
        ),
        (("check", "fakes"), "data: no study 'fakes'; did you mean 'fake'?"),
        (("clean", "fakes"), "data: no study 'fakes'; did you mean 'fake'?"),
        (("new", "fake"), "data/fake: is there already; choose another name"),
        (("new", "My Study"), "data: a study cannot be called 'My Study'; lower-case letters, digits"),
    ],
)
def test_what_was_asked_wrongly_is_one_line_and_exit_2(vbhc, arguments, message):
    done = vbhc(*arguments)
    assert done.exit_code == 2
    assert len(lines(done.output)) == 1
    assert done.output.startswith(message)


def test_a_parameter_that_only_a_left_out_notebook_has_is_refused(vbhc, fake_project):
    path = fake_project / "notebooks/04-stakeholders.ipynb"
    path.write_text(path.read_text().replace("seed", "coders"))
    done = vbhc("run", "fake", "-p", "coders", "2")
    assert done.exit_code == 2
    assert "no parameter 'coders'" in done.output


def test_a_negative_value_is_a_value(vbhc, fake_project):
    assert vbhc("run", "fake", "-p", "factor", "-7").exit_code == 0
    info = json.loads((fake_project / "reports/fake/run.json").read_text())
    assert info["notebooks"]["01-cleaning"]["parameters"]["factor"] == -7


def test_every_fault_of_study_yml_is_a_line(vbhc, fake_project):
    study = fake_project / "data/fake/study.yml"
    study.write_text(study.read_text() + "pereption: {}\nequivalence_margin: wide\n")
    done = vbhc("run", "fake")
    assert done.exit_code == 2
    assert lines(done.output) == [
        "data/fake/study.yml, row 17: unknown key 'pereption'; did you mean 'perception'?",
        "data/fake/study.yml, equivalence_margin, row 18: found 'wide'; wanted a number",
    ]
    assert vbhc("check", "fake").exit_code == 1


def test_a_failing_cell_is_said_and_exit_1(vbhc, monkeypatch):
    vbhc("run", "fake")

    def failing(*arguments):
        raise NotebookFailed("02-value-quota, cell [3] failed\n  KeyError: 'p7'")

    monkeypatch.setattr(driver, "execute", failing)
    done = vbhc("run", "fake", "--force")
    assert done.exit_code == 1
    assert lines(done.output)[-3:] == [
        "02-value-quota, cell [3] failed",
        "  KeyError: 'p7'",
        "the last good report stands: reports/fake/index.html",
    ]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            ReportFailed("the report cannot be built\n  02-value-quota: figure without alt text"),
            ["the report cannot be built", "  02-value-quota: figure without alt text"],
        ),
        (  # killed: no full disk
            ChildProcessError("ended with -9"),
            ["the process that builds the report died: often a lack of memory; run it again"],
        ),
    ],
)
def test_a_report_that_is_not_built_is_said_and_exit_1(vbhc, monkeypatch, error, said):
    def failing(*report, **_):
        raise error

    monkeypatch.setattr(driver, "build_report", failing)
    done = vbhc("run", "fake")
    assert done.exit_code == 1
    assert lines(done.stderr) == [*said, "no report yet; the next run goes on from here"]


def test_ctrl_c_leaves_a_line(vbhc, monkeypatch):
    def stopped(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(driver, "execute", stopped)
    done = vbhc("run", "fake")
    assert done.exit_code == 130
    assert lines(done.output)[-1].startswith("stopped; the last good report stands")


def test_check_says_all_problems_and_the_all_clear(vbhc, fake_project):
    assert vbhc("check", "fake").output.endswith("fake: no problems found\n")
    raw = fake_project / "data/fake/raw/patients.csv"
    raw.write_text(fakes.PATIENTS.replace("50", "500").replace("20", "x"))
    done = vbhc("check", "fake")
    assert done.exit_code == 1
    assert "  3 rows = 3 kept + 0 set aside; 2 single cells set aside" in done.output.splitlines()
    assert [line.split(":")[0] for line in lines(done.output) if line.startswith("data/")] == [
        "data/fake/raw/patients.csv, points_3m, row 2",
        "data/fake/raw/patients.csv, points_baseline, row 4",
    ]
    assert lines(done.output)[-1] == f"fake: 2 problems; {SET_ASIDE}"
    study = fake_project / "data/fake/study.yml"
    study.write_text(study.read_text() + "disclosure: nhs-prom\n")
    assert lines(vbhc("check", "fake").output)[-1] == "fake: 3 problems"


def test_a_fault_in_one_block_hides_none_elsewhere(vbhc, fake_project):
    folder = fake_project / "data/fake"
    text = fakes.STUDY.replace("perspective: hospital", "perspektive: hospital").replace(
        "months: 3", "months: x"
    )
    text += "covariates: [ages]\ngroups: {sex: {column: sxe}}\nnotebooks: {02-value-quota: {sede: 1}}\n"
    (folder / "study.yml").write_text(text.replace("title", "titel"))
    (folder / "raw/patients.csv").write_text(fakes.PATIENTS.replace("50", "500"))
    said = vbhc("check", "fake").output
    for message in (
        "unknown key 'titel'; did you mean 'title'?",
        "no key 'title'; it is required",
        "cost, row 11: unknown key 'perspektive'; did you mean 'perspective'?",
        "visits.3m.months, row 7: found 'x'; wanted a number",
        "groups.sex, row 18: no key 'label'; it is required",
        "covariates: unknown 'ages'",
        "no parameter 'sede'",
        "raw/patients.csv, points_baseline, row 4: '500': above 100",
    ):
        assert message in said, said
    assert "value_quota" not in said


def test_a_folder_name_that_new_refuses_for_its_space_is_refused_by_check(vbhc, fake_project):
    (fake_project / "data/fake").rename(fake_project / "data/my study")
    done = vbhc("check", "my study")
    assert done.exit_code == 1
    assert "data/my study: a study cannot be called 'my study'; rename the folder" in done.output


def test_what_03_needs_is_asked_for_before_a_kernel_starts(vbhc, fake_project):
    parameters = fakes.PARAMETERS + "margin: float = 0.0  # of equivalence"
    fakes.write_notebook(fake_project / "notebooks/03-perception.ipynb", "# How alike?", parameters, "margin")
    study = fake_project / "data/fake/study.yml"
    perception = "perception: {column: points_3m, direction: higher is better, label: Points}\n"
    study.write_text(fakes.STUDY + perception)
    message = "data/fake/study.yml, equivalence_margin: no `equivalence_margin`, and 03-perception needs one"
    assert message in vbhc("check", "fake").output
    assert message in vbhc("run", "fake").output
    assert vbhc("run", "fake", "-p", "margin", "0.2").exit_code == 0
    study.write_text(fakes.STUDY + perception + "equivalence_margin: 0.2\n")
    assert vbhc("check", "fake").exit_code == 0


def test_an_outcome_that_nothing_scores_is_refused_before_a_kernel_starts(vbhc, fake_project):
    parameters = fakes.PARAMETERS + 'outcome: str = ""  # stem of a score'
    fakes.write_notebook(fake_project / "notebooks/02-value-quota.ipynb", "# VQ?", parameters, "outcome")
    done = vbhc("run", "fake", "-p", "outcome", "eq_vsa")
    assert done.exit_code == 2
    said = "02-value-quota, outcome: no score 'eq_vsa' at baseline and 3m; did you mean 'eq_vas'?"
    assert lines(done.output)[-1] == said
    assert not (fake_project / "ran.txt").exists()
    assert vbhc("run", "fake", "-p", "outcome", "eq_vas").exit_code == 0


def test_check_looks_at_parameters_too(vbhc, fake_project):
    study = fake_project / "data/fake/study.yml"
    study.write_text(study.read_text() + "notebooks: {02-value-quota: {sede: 1}}\n")
    done = vbhc("check", "fake")
    assert done.exit_code == 1
    assert "notebooks.02-value-quota: no parameter 'sede'; did you mean 'seed'?" in done.output


def test_a_new_study_passes_its_check_at_once(vbhc, fake_project):
    done = vbhc("new", "hip-2026")
    assert done.exit_code == 0
    folder = fake_project / "data/hip-2026"
    assert "hip-2026: what is measured, in whom" in (folder / "study.yml").read_text()
    assert sorted(path.name for path in folder.iterdir()) == [
        "README.md",
        "dictionary.csv",
        "notes.md",
        "raw",
        "study.yml",
        "unit_costs.csv",
    ]
    for source in ("patients", "answers", "resources"):
        assert len((folder / f"raw/{source}.csv").read_text().splitlines()) == 4
    assert vbhc("check", "hip-2026").output.endswith("hip-2026: no problems found\n")
    assert "make check STUDY=hip-2026" in done.output
    assert "`make report STUDY=hip-2026`" in (folder / "README.md").read_text()


def test_clean_deletes_prints_and_the_page_over_all_reports_too(vbhc, fake_project):
    printed, index = fake_project / "reports/pdf/fake/index.pdf", fake_project / "reports/index.html"
    printed.parent.mkdir(parents=True)
    printed.touch()
    index.touch()
    vbhc("clean", "fake")
    assert not printed.parent.exists()
    assert index.exists()  # others' reports may stand in it
    assert "reports/index.html" in vbhc("clean").output
    assert not index.exists()


def test_clean_deletes_what_was_made_and_keeps_raw_data(vbhc, fake_project):
    vbhc("run", "fake")
    assert vbhc("clean", "fake").exit_code == 0
    assert not (fake_project / "reports/fake").exists()
    assert sorted(path.name for path in (fake_project / "data/fake").iterdir()) == [
        "dictionary.csv",
        "raw",
        "study.yml",
        "unit_costs.csv",
    ]


def test_committed_notebooks_get_the_outputs_of_the_run_and_nothing_else(vbhc, fake_project, monkeypatch):
    from vbhc.run.committed import keep_outputs

    executed = fake_project / "executed.ipynb"
    committed = fake_project / "notebooks/02-value-quota.ipynb"
    content = json.loads(committed.read_text())
    injected = fakes.cell("code", "study = 'fake'", "injected-parameters") | {"id": "injected"}
    result = {
        "output_type": "execute_result",
        "execution_count": 9,
        "data": {"text/plain": "3"},
        "metadata": {},
    }
    content["cells"][-1] |= {"outputs": [result], "execution_count": 9}
    content["cells"][-1]["metadata"] = {"papermill": {"duration": 0.1}, "execution": {"x": "2020"}}
    content["cells"].insert(2, injected)
    content["metadata"]["papermill"] = {"start_time": "2020"}
    executed.write_text(json.dumps(content))
    assert keep_outputs(executed, committed)
    kept = json.loads(committed.read_text())
    assert [cell.get("execution_count") for cell in kept["cells"]] == [None, 1, 2, 3]
    assert kept["cells"][-1]["outputs"][0]["execution_count"] == 3
    assert "2020" not in committed.read_text()
    assert "injected" not in committed.read_text()
    assert not keep_outputs(executed, committed)


def test_nothing_changed_is_known_before_anything_heavy_is_imported(fake_project):
    """What makes it fast; how fast it is, `make bench` measures."""
    command = [sys.executable, fakes.__file__, "run", "fake"]
    subprocess.run(command, check=True, capture_output=True)
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert done.stdout.startswith("fake: nothing changed")
    code = (
        "import sys; from vbhc.run import commands; commands.main(['run', 'fake'], standalone_mode=False); "
    )
    code += "print([name for name in ('pandas', 'numpy', 'papermill', 'nbformat') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert lines(done.stdout)[-1] == "[]"


def test_a_check_loads_nothing_that_draws_tests_or_makes_examples_up(repo):
    code = (
        "import sys; from vbhc.run.checking import inspect_study; inspect_study('heart-failure').problems; "
        "print('pandera' in sys.modules, 'hypothesis' in sys.modules); import hypothesis; "
        "print([name for name in ('matplotlib', 'scipy.stats', 'seaborn') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=repo)
    assert done.stdout == "True False\n[]\n"


def test_a_real_run_from_another_folder_of_the_project(fake_project):
    command = [sys.executable, fakes.__file__, "run", "fake", "--quiet"]
    folder = fake_project / "notebooks"
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=folder, env=os.environ | {"NO_COLOR": "1"}
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert lines(done.stdout)[-1] == f"report: {fake_project / 'reports/fake/index.html'}"


def test_the_committed_synthetic_files_are_made_again_byte_for_byte(tmp_path, repo):
    written = list(write_all(tmp_path))
    assert len(written) > 5
    for line in written:
        assert (tmp_path / line).read_bytes() == (repo / line).read_bytes(), line


def test_every_summary_of_the_help_is_whole_on_80_columns(vbhc):
    said = vbhc("--help").output
    assert max(map(len, said.splitlines())) <= 80
    commands, kept = said.split("\nCommands:\n")[1].split("\nFor maintainers:\n")
    assert "..." not in commands + kept
    assert {line.split()[0] for line in lines(commands + kept)} == set(main.commands)
    assert [line.split()[0] for line in lines(kept)] == ["notebooks"]


def test_a_shell_completes_studies_and_notebooks(fake_project, monkeypatch):
    def completed(*words: str) -> list[str]:
        shell = ShellComplete(main, {}, "vbhc", "_VBHC_COMPLETE")
        return [item.value for item in shell.get_completions(list(words[:-1]), words[-1])]

    assert completed("run", "fa") == ["fake"]
    assert completed("run", "fake", "--only", "02") == ["02-value-quota"]
    assert completed("data", "") == ["fake"]
    monkeypatch.chdir(fake_project.parent)
    assert completed("run", "fa") == []  # no project here, and no traceback in a shell


def test_a_notebook_is_found_by_its_number_without_zero(vbhc):
    assert lines(vbhc("run", "fake", "--only", "2").output)[-2].startswith(
        "executed: data/fake/runs/02-value"
    )


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("studies", "fake  Three patients"),
        ("notebooks", "02-value-quota   What is the value quota?"),
        ("parameters", "factor   int = 1: multiplies the points (01)"),
        ("instruments", "phq9              PHQ-9: phq9, phq9_severity"),
        ("value-sets", "3l-tto-uk                   United Kingdom, TTO, 1997"),
        ("policies", "none        Nothing is withheld."),
    ],
)
def test_what_there_is_to_choose_from_is_listed(vbhc, what, line):
    said = vbhc("list", what)
    assert said.exit_code == 0
    assert any(one.startswith(line) for one in said.output.splitlines()), said.output


def test_a_reader_who_has_seen_enough_ends_a_list_without_a_word():
    """As `vbhc list value-sets | head -1` does."""
    read, write = os.pipe()
    os.close(read)
    listing = [sys.executable, "-m", "vbhc.cli", "list", "value-sets"]
    done = subprocess.run(listing, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert done.stderr == ""


def test_full_reports_are_of_providers(vbhc):
    done = vbhc("run", "fake", "--full")
    assert done.exit_code == 2
    assert lines(done.output) == ["--full: no --by provider; vbhc run fake --by provider --full"]
