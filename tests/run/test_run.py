"""The driver runs what changed and nothing else, and never leaves half a report."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import signal
import subprocess
import sys
from pathlib import Path

import fakes
import pytest
import stopped

from vbhc.problems import StudyError
from vbhc.publish.notebook_files import find_notebooks, is_companion, match_notebook
from vbhc.run import driver, files, stamps
from vbhc.run.driver import run_study
from vbhc.run.execute import NotebookFailed, execute, not_told_here
from vbhc.run.kernels import KERNEL_ENVIRONMENT, kernels
from vbhc.run.needs import declared, left_out, upstream
from vbhc.run.plan import make_plan
from vbhc.run.progress import Progress
from vbhc.run.stamps import stakeholder_files
from vbhc.study import load_study

ALL = ("01-cleaning", "02-value-quota", "06-summary")
SAID: list[str] = []
QUIET = Progress(SAID.append)


def run(parameters=(), only=None, build=fakes.build, execute=fakes.execute, **options):
    """Run the fake study without kernels."""
    SAID.clear()
    plan = make_plan(load_study("fake"), parameters, only)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(driver, "execute", lambda kernels, *rest: execute(*rest))
        patched.setattr(driver, "build_report", lambda *report, started: build(*report))
        return run_study(plan, QUIET, fork=False, **options)


def index(project: Path) -> str:
    return (project / "reports/fake/index.html").read_text()


# What runs


def test_a_first_run_runs_everything_and_builds_the_report(fake_project):
    outcome = run()
    assert outcome.ran == ALL
    assert outcome.built
    assert (fake_project / "ran.txt").read_text().split() == list(ALL)
    assert sorted(p.name for p in outcome.report.iterdir()) == sorted(
        [*(f"{name}.html" for name in ALL), "index.html", "run.json"]
    )


def test_nothing_changed_runs_nothing(fake_project):
    run()
    outcome = run()
    assert outcome.ran == ()
    assert not outcome.built
    assert SAID == []


def test_times_of_files_play_no_part(fake_project):
    run()
    for path in fake_project.rglob("*"):
        os.utime(path, (0, 0))
    assert run().ran == ()


@pytest.mark.skipif(os.name == "nt", reason="such a name cannot be given there")
def test_a_file_whose_name_no_text_may_hold_is_named_with_its_numbers(fake_project):
    """An old zip leaves names in another encoding; a report with them could not be written, or be read."""
    folder = os.fsencode(fake_project / "data/fake/raw")
    for name in (b"caf\xe9.csv", b"new\nline\x1b[31m.csv", "caf\u00e9 \u20ac\u00a01.csv".encode()):
        with open(os.path.join(folder, name), "w"):
            pass
    assert run().built
    named = json.loads((fake_project / "reports/fake/run.json").read_text(encoding="utf-8"))["data"]
    assert {r"raw/caf\udce9.csv", r"raw/new\nline\x1b[31m.csv", "raw/caf\u00e9 \u20ac\u00a01.csv"} <= set(
        named
    )


@pytest.mark.parametrize(
    ("parameter", "ran"),
    [
        ("factor", ALL),
        ("level", ("02-value-quota", "06-summary")),
        ("longest", ("06-summary",)),
    ],
)
def test_a_parameter_runs_its_notebook_and_those_that_read_it(fake_project, parameter, ran):
    run()
    value = "0.9" if parameter == "level" else "2"
    assert run([(parameter, value)]).ran == ran


def test_a_parameter_in_study_yml_runs_only_what_it_changes(fake_project):
    run()
    study = fake_project / "data/fake/study.yml"
    study.write_text(study.read_text() + "notebooks: {06-summary: {longest: 60}}  # shorter\n")
    assert run().ran == ("06-summary",)
    assert '"longest": 60' in index(fake_project)


def test_what_need_not_run_is_said_before_anything_runs(fake_project):
    """Bars are drawn from then on."""
    run()
    said: list[str] = []

    def execute(*arguments):
        said.extend(SAID)
        return fakes.execute(*arguments)

    run([("longest", "60")], execute=execute)
    assert [line.split()[:2] for line in said] == [
        ["04-stakeholders", "left"],
        ["01-cleaning", "unchanged"],
        ["02-value-quota", "unchanged"],
    ]


def test_a_comment_in_study_yml_changes_nothing_and_a_key_everything(fake_project):
    run()
    study = fake_project / "data/fake/study.yml"
    study.write_text("# a comment\n" + study.read_text())
    assert run().ran == ()
    study.write_text(study.read_text() + "equivalence_margin: 0.2\n")
    assert run().ran == ALL


def test_raw_data_run_everything_again(fake_project):
    run()
    (fake_project / "data/fake/raw/patients.csv").write_text(fakes.PATIENTS.replace("10", "11"))
    assert run().ran == ALL
    assert "01-cleaning        5 cells" not in SAID[0]
    assert "(raw/patients.csv changed)" in SAID[1]


SURVEYED = """\
  survey: {file: raw/survey.csv, layout: respondents, key: [who]}
"""
ASKED = """\
survey: {source: survey, group: role, statements: [clear]}
"""
ASKED_COLUMNS = """\
who,Respondent,string,,,,,,,survey
role,Group,category,,,,patient;nurse,,,survey
clear,The word is clear,integer,,1,5,,,,survey
"""


def ask(project, answers: str = "who,role,clear\na,nurse,3\n") -> None:
    """Give the fake study a survey of stakeholders, and no interviews."""
    folder = project / "data/fake"
    text = (folder / "study.yml").read_text()
    (folder / "study.yml").write_text(text.replace("visits:", f"{SURVEYED}visits:", 1) + ASKED)
    (folder / "dictionary.csv").write_text((folder / "dictionary.csv").read_text() + ASKED_COLUMNS)
    (folder / "raw/survey.csv").write_text(answers)


def test_a_survey_runs_the_stakeholders_without_interviews(fake_project):
    ask(fake_project)
    assert run().ran == ("01-cleaning", "02-value-quota", "04-stakeholders", "06-summary")


def test_other_answers_of_a_survey_leave_the_pages_on_patients_alone(fake_project):
    ask(fake_project)
    run()
    (fake_project / "data/fake/raw/survey.csv").write_text("who,role,clear\na,nurse,4\n")
    assert run().ran == ("01-cleaning", "04-stakeholders", "06-summary")
    assert run().ran == ()
    study = fake_project / "data/fake/study.yml"
    study.write_text(study.read_text().replace("statements: [clear]", "statements: [clear], top: 1"))
    assert run().ran == ("01-cleaning", "04-stakeholders", "06-summary")
    (fake_project / "data/fake/raw/patients.csv").write_text(fakes.PATIENTS.replace("10", "11"))
    assert "02-value-quota" in run().ran


def test_a_file_that_patients_share_with_the_survey_is_theirs(fake_project):
    ask(fake_project)
    study = load_study("fake")
    assert stakeholder_files(study) == ("raw/survey.csv",)
    config = fake_project / "data/fake/study.yml"
    config.write_text(config.read_text().replace("raw/survey.csv", "raw/patients.csv"))
    assert stakeholder_files(load_study("fake")) == ()


def test_notes_build_the_report_again_and_run_nothing(fake_project):
    run()
    (fake_project / "data/fake/notes.md").write_text("Seen from the ward, this is no surprise.")
    outcome = run()
    assert outcome.ran == ()
    assert outcome.built


def test_the_cells_of_a_notebook_count_and_its_stored_outputs_do_not(fake_project):
    run()
    path = fake_project / "notebooks/02-value-quota.ipynb"
    content = json.loads(path.read_text())
    content["cells"][2]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "3"}]
    path.write_text(json.dumps(content))
    assert run().ran == ()
    content["cells"][2]["source"] += "\n3"
    path.write_text(json.dumps(content))
    assert run().ran == ("02-value-quota", "06-summary")


@pytest.mark.parametrize("lost", ["runs/02-value-quota.ipynb", "clean/rows.csv"])
def test_a_lost_or_altered_result_is_made_again(fake_project, lost):
    run()
    path = fake_project / "data/fake" / lost
    path.unlink()
    first = run().ran
    assert first == (("02-value-quota",) if "runs" in lost else ("01-cleaning",))
    path.write_text("altered")
    assert run().ran == first


def test_an_altered_report_is_built_again_from_what_ran(fake_project):
    run()
    before = index(fake_project)
    (fake_project / "reports/fake/index.html").write_text("altered")
    outcome = run()
    assert outcome.ran == ()
    assert outcome.built
    assert index(fake_project) == before


def test_unreadable_stamps_only_cost_time(fake_project):
    run()
    (fake_project / "data/fake/runs/stamps.json").write_text('{"notebooks": {')
    assert run().ran == ALL


def test_force_runs_everything(fake_project):
    run()
    assert run(force=True).ran == ALL


def test_only_one_notebook_runs_with_what_it_needs(fake_project):
    outcome = run(only="02")
    assert outcome.ran == ("01-cleaning", "02-value-quota")
    assert outcome.report is None
    assert outcome.out_of_date == ("06-summary",)
    assert not (fake_project / "reports").exists()


def test_after_one_notebook_with_another_seed_the_report_stands(fake_project):
    run()
    before = index(fake_project)
    assert run([("seed", "8")], only="02-value-quota").ran == ("02-value-quota",)
    assert index(fake_project) == before
    assert run().ran == ("02-value-quota",)
    assert index(fake_project) == before


def test_an_internal_edition_stays_private(fake_project):
    outcome = run(edition="internal")
    assert outcome.report == fake_project / "data/fake/runs/internal"
    assert not (fake_project / "reports").exists()
    assert (outcome.report / "index.html").read_text().startswith("internal")


def test_one_notebook_has_an_internal_page_while_others_wait(fake_project):
    run()
    outcome = run([("seed", "8")], only="02", edition="internal")
    assert outcome.built
    assert not (outcome.report / "06-summary.html").exists()
    info = json.loads((outcome.report / "run.json").read_text())
    assert info["skipped"]["06-summary"] == "Not up to date; only 02-value-quota was asked for."


# What a study can run


def test_a_notebook_without_its_input_is_left_out_and_the_reason_is_said(fake_project):
    run()
    reason = (
        "study.yml declares neither coded interviews (`interviews`) nor a survey of stakeholders (`survey`)."
    )
    assert SAID[0] == f"04-stakeholders      left out: {reason}"
    info = json.loads((fake_project / "reports/fake/run.json").read_text())
    assert info["skipped"] == {"04-stakeholders": reason}


def test_a_result_that_no_longer_belongs_to_the_study_goes(fake_project):
    run()
    study = fake_project / "data/fake/study.yml"
    study.write_text(study.read_text().replace("value_quota: {outcome: eq_vas}\n", ""))
    assert run().ran == ("01-cleaning", "06-summary")
    assert not (fake_project / "data/fake/runs/02-value-quota.ipynb").exists()
    assert not (fake_project / "reports/fake/02-value-quota.html").exists()


def test_what_each_notebook_needs(fake_project):
    config = load_study("fake").config
    gone = list(left_out(config, [*declared()["notebooks"], "06-summary", "07-mine"]))
    walk = [name for name in gone if not is_companion(name)]
    assert walk == ["01b-outcomes", "03-perception", "04-stakeholders", "05-variation"]
    of_walk = {name[:2] for name in walk} - {"01"}  # 01b stands in for 02 where there are no costs
    companions = {name for name in declared()["notebooks"] if is_companion(name)}
    assert {name for name in companions if name[:2] in of_walk} <= set(gone)
    assert upstream("01-cleaning", ALL) == ()
    assert upstream("02-value-quota", ALL) == ("01-cleaning",)
    assert upstream("06-summary", ALL) == ALL[:2]


def test_a_study_that_can_run_nothing_is_an_error(fake_project):
    (fake_project / "data/fake/study.yml").write_text("title: Nothing\n")
    (fake_project / "data/fake/dictionary.csv").unlink()
    (fake_project / "notebooks/06-summary.ipynb").unlink()
    with pytest.raises(StudyError, match="no notebook has its input"):
        run()


def test_the_summary_runs_last_whatever_its_number(fake_project):
    folder = fake_project / "notebooks"
    fakes.write_notebook(folder / "07-mine.ipynb", "# Mine?", fakes.PARAMETERS)
    assert list(find_notebooks(folder))[-2:] == ["07-mine", "06-summary"]


@pytest.mark.parametrize("wanted", ["02", "value-quota", "02-value-quota", "notebooks/02-value-quota.ipynb"])
def test_a_notebook_goes_by_name_or_number(fake_project, wanted):
    assert match_notebook(wanted, find_notebooks(fake_project / "notebooks")) == "02-value-quota"


# Provenance


def test_the_same_inputs_give_the_same_bytes(fake_project):
    run()
    before = {path.name: path.read_bytes() for path in (fake_project / "reports/fake").iterdir()}
    run(force=True)
    assert {path.name: path.read_bytes() for path in (fake_project / "reports/fake").iterdir()} == before


def test_the_report_tells_what_it_was_made_from(fake_project):
    run([("level", "0.9")])
    info = json.loads((fake_project / "reports/fake/run.json").read_text())
    assert info["notebooks"]["02-value-quota"]["parameters"] == {"study": "fake", "seed": 7, "level": 0.9}
    assert info["notebooks"]["02-value-quota"]["changed"] == ["level"]
    assert info["notebooks"]["02-value-quota"]["question"] == "What is the value quota?"
    assert info["data"]["raw/patients.csv"] == hashlib.sha256(fakes.PATIENTS.encode()).hexdigest()
    assert {"pandas", "papermill", "scipy"} <= set(info["packages"])
    assert str(fake_project) not in json.dumps(info)


def test_no_module_that_notebooks_use_imports_the_driver(repo):
    for path in (repo / "lib/vbhc").rglob("*.py"):
        if path.relative_to(repo / "lib/vbhc").parts[0].removesuffix(".py") in stamps.AROUND:
            continue
        for name in stamps.AROUND:
            line = f"vbhc.{name}", f"from vbhc import {name}"
            assert not any(f"{text}\n" in path.read_text() or f"{text} " in path.read_text() for text in line)


# Failing, killed, twice at once


def fail_in(project: Path, name: str, code: str = "raise KeyError('p7')") -> None:
    path = project / f"notebooks/{name}.ipynb"
    heading, parameters, *_ = fakes.NOTEBOOKS[name]
    fakes.write_notebook(path, heading, parameters, "# a comment\nx = 1", code)


def kernel_run(project: Path, name: str, parameters=None, fork: bool = True) -> int:
    folder = project / "data/fake/runs"
    with kernels(project, folder / "running/kernels", fork=fork) as started:
        return execute(
            started,
            project / f"notebooks/{name}.ipynb",
            folder / f"{name}.ipynb",
            folder / "failed" / f"{name}.ipynb",
            parameters or {},
            False,
        )


def test_a_kernel_gets_its_parameters_and_a_steady_environment(fake_project):
    before = dict(os.environ)
    code = f"import os; print({KERNEL_ENVIRONMENT!r}.items() <= os.environ.items(), factor, os.getcwd())"
    heading, parameters, *_ = fakes.NOTEBOOKS["01-cleaning"]
    fakes.write_notebook(fake_project / "notebooks/01-cleaning.ipynb", heading, parameters, code)
    assert kernel_run(fake_project, "01-cleaning", {"factor": 3}) == 3
    stored = json.loads((fake_project / "data/fake/runs/01-cleaning.ipynb").read_text())
    text = "".join(stored["cells"][-1]["outputs"][0]["text"])
    assert text == f"True 3 {fake_project / 'notebooks'}\n"
    assert dict(os.environ) == before


def test_a_failing_cell_is_said_with_notebook_cell_error_and_place(fake_project):
    fail_in(fake_project, "02-value-quota")
    with pytest.raises(NotebookFailed) as caught:
        kernel_run(fake_project, "02-value-quota")
    assert str(caught.value).splitlines() == [
        "02-value-quota, cell [3] `raise KeyError('p7')` failed",
        "  KeyError: 'p7'",
        "  executed so far: data/fake/runs/failed/02-value-quota.ipynb",
    ]
    assert (fake_project / "data/fake/runs/failed/02-value-quota.ipynb").exists()
    assert not (fake_project / "data/fake/runs/02-value-quota.ipynb").exists()


def test_a_kernel_that_dies_is_said(fake_project):
    fail_in(fake_project, "02-value-quota", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    with pytest.raises(NotebookFailed, match="02-value-quota failed\n  the kernel died"):
        kernel_run(fake_project, "02-value-quota")


def test_what_a_kernel_says_about_itself_is_only_told_when_it_dies(fake_project, capfd):
    # Under pytest, ipykernel leaves descriptor 2 to the kernel itself.
    says = "import os\nos.write(2, b'out of memory\\n')"
    fail_in(fake_project, "02-value-quota", says)
    kernel_run(fake_project, "02-value-quota")
    assert capfd.readouterr().err == ""
    fail_in(fake_project, "02-value-quota", f"{says}; os.kill(os.getpid(), 9)")
    with pytest.raises(NotebookFailed, match=r"the kernel died: .*\n  its last words: out of memory"):
        kernel_run(fake_project, "02-value-quota")
    assert not list((fake_project / "data/fake/runs").rglob("*.log"))


def test_a_kernel_that_finds_its_port_taken_is_started_again(fake_project):
    said = r"import os; os.write(2, b'ZMQError: Address already in use\n'); os.kill(os.getpid(), 9)"
    once = "import pathlib\nif not (met := pathlib.Path('../met')).exists():\n    met.touch()\n    "
    fail_in(fake_project, "02-value-quota", once + said)
    assert kernel_run(fake_project, "02-value-quota")
    fail_in(fake_project, "02-value-quota", said)
    with pytest.raises(NotebookFailed, match="last words: ZMQError: Address already in use"):
        kernel_run(fake_project, "02-value-quota")


def test_what_a_stopped_kernel_logs_is_dropped_and_nothing_else():
    from nbclient.exceptions import DeadKernelError

    def record(text, error=None):
        info = (type(error), error, None) if error else None
        return logging.LogRecord("asyncio", logging.ERROR, "", 0, text, (), info)

    assert not not_told_here(record("Kernel died while waiting for execute reply."))
    assert not not_told_here(record("Task exception was never retrieved", DeadKernelError("Kernel died")))
    assert not_told_here(record("Task exception was never retrieved", ValueError("x")))


def test_a_failed_run_leaves_the_last_report_and_the_next_goes_on(fake_project):
    run()
    before = index(fake_project)
    fail_in(fake_project, "02-value-quota")
    with pytest.raises(KeyError):
        run([("factor", "2")])
    assert index(fake_project) == before
    (fake_project / "notebooks/02-value-quota.ipynb").unlink()
    heading, parameters, *code = fakes.NOTEBOOKS["02-value-quota"]
    fakes.write_notebook(fake_project / "notebooks/02-value-quota.ipynb", heading, parameters, *code)
    assert run([("factor", "2")]).ran == ("02-value-quota", "06-summary")


def test_a_report_that_cannot_be_built_leaves_the_last_one(fake_project):
    run()
    before = index(fake_project)

    def broken(study, executed, out, run_info, edition):
        (out / "index.html").write_text("half")
        raise RuntimeError("no alt text")

    with pytest.raises(RuntimeError):
        run([("level", "0.9")], build=broken)
    assert index(fake_project) == before
    assert [path.name for path in (fake_project / "reports").iterdir()] == ["fake"]


def test_two_runs_of_one_study_do_not_mix(fake_project):
    with files.only_run(fake_project / "data/fake/runs/running.lock", "fake"):
        found = f"data/fake: another run of this study is going on \\(process {os.getpid()}\\); wait"
        with pytest.raises(StudyError, match=found):
            run()
    assert run().ran == ALL


def test_the_lock_of_a_dead_run_does_not_hold(fake_project):
    code = "import sys; from pathlib import Path; from vbhc.run import files\n"
    code += "with files.only_run(Path(sys.argv[1]), 'fake'):\n print('held', flush=True); sys.stdin.read()"
    lock = fake_project / "data/fake/runs/running.lock"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    held = subprocess.Popen([sys.executable, "-c", code, lock], text=True, **pipes)
    assert held.stdout.readline() == "held\n"
    with pytest.raises(StudyError, match=f"process {held.pid}"):
        run()
    held.kill()
    held.wait()
    held.stdout.close()
    held.stdin.close()
    assert run().ran == ALL


@pytest.mark.parametrize("exchange", [True, False])
def test_a_folder_is_swapped_in_whole(tmp_path, monkeypatch, exchange):
    if not exchange:
        monkeypatch.setattr(files, "_exchange", lambda new, folder: False)
    folder = tmp_path / "fake"
    for text in ("one", "two"):
        new = files.beside(folder)
        new.mkdir()
        (new / "index.html").write_text(text)
        files.swap_in(new, folder)
        assert (folder / "index.html").read_text() == text
        assert [path.name for path in tmp_path.iterdir()] == ["fake"]


def test_a_folder_that_was_renamed_away_is_taken_back(tmp_path):
    (tmp_path / ".fake.old").mkdir()
    (tmp_path / ".fake.new").mkdir()
    files.recover(tmp_path / "fake")
    assert [path.name for path in tmp_path.iterdir()] == ["fake"]


def kill_at(point: str, factor: int) -> None:
    """Start a run that is killed, without warning, at a point."""
    command = [sys.executable, stopped.__file__, f"no kernels+{point}", "run", "fake", "-p", "factor"]
    done = subprocess.run(
        [*command, str(factor)], capture_output=True, env=os.environ | {"PRESSED": "SIGKILL"}, check=False
    )
    assert done.returncode == -signal.SIGKILL


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_killed_at_any_moment_the_last_report_stands_and_the_next_run_completes(fake_project):
    run()
    before = index(fake_project)
    for factor, point in enumerate(("cleaning", "between notebooks", "building"), start=2):
        kill_at(point, factor)
        assert index(fake_project) == before
    outcome = run([("factor", "4")])
    assert outcome.ran == ()  # all three had run before the last kill
    assert outcome.built
    assert '"factor": 4' in index(fake_project)
    assert [path.name for path in (fake_project / "reports").iterdir()] == ["fake"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_no_kernel_outlives_a_killed_run(fake_project):
    import fcntl

    code = (
        'import fcntl, os, signal, threading\nheld = open("../held", "w"); fcntl.flock(held, fcntl.LOCK_EX)\n'
    )
    code += "os.kill(int(open('../data/fake/runs/running.lock').read()), signal.SIGKILL)\n"
    code += "threading.Event().wait()"
    fail_in(fake_project, "01-cleaning", code)
    done = subprocess.run([sys.executable, fakes.__file__, "run", "fake"], capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL
    with (fake_project / "held").open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # waits for the kernel to let go: it is dead
