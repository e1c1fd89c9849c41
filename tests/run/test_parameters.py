"""Parameters are what the notebook declares, of the type that it declares; everything else is an error."""

from __future__ import annotations

import pytest
from fakes import write_notebook

from vbhc.problems import StudyError
from vbhc.publish.declared_parameters import Parameter, declared_parameters
from vbhc.run.parameters import from_text, settle

CELL = """\
study: str = "fake"  # folder under data/
ci_level: float = 0.95  # confidence level # of all
n: int = 10
strict: bool = True  # refuse
scales: list = ["a", "b"]
cut: dict = {
    "high": 1,
}  # where it ends
"""


def declared(tmp_path, cell: str, name: str = "02-value-quota") -> dict[str, Parameter]:
    path = tmp_path / f"{name}.ipynb"
    write_notebook(path, "# Why?", cell)
    return declared_parameters(path)


def test_a_cell_is_read_with_types_defaults_and_help(tmp_path):
    found = declared(tmp_path, CELL)
    assert found["ci_level"] == Parameter("ci_level", "float", 0.95, "confidence level # of all")
    assert found["n"] == Parameter("n", "int", 10, "")
    assert found["cut"] == Parameter("cut", "dict", {"high": 1}, "where it ends")
    assert list(found) == ["study", "ci_level", "n", "strict", "scales", "cut"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("n = 3", "write `name: type = literal  # help`"),
        ("import os", "write `name: type = literal  # help`"),
        ("n: int | None = None", "the type is one of str, int, float, bool, list, dict"),
        ("n: int = 2 * 3", "the default is a literal, not computed"),
        ("n: int", "the default is a literal, not computed"),
        ("n: int = 2.5", "the default is a whole number"),
        ("n: int = True", "the default is a whole number"),
        ("n: int =", "parameters cell is no Python"),
    ],
)
def test_a_line_that_declares_no_parameter_is_named(tmp_path, line, message):
    with pytest.raises(StudyError) as caught:
        declared(tmp_path, line)
    assert str(caught.value).startswith("notebooks/02-value-quota.ipynb")
    assert message in str(caught.value)


def test_a_notebook_needs_exactly_one_parameters_cell(tmp_path):
    path = tmp_path / "02-value-quota.ipynb"
    write_notebook(path, "# Why?", "n: int = 1")
    path.write_text(path.read_text().replace('"parameters"', '"other"'))
    with pytest.raises(StudyError, match="0 cells tagged 'parameters'; exactly one"):
        declared_parameters(path)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("010", "str", "010"),
        ("NO", "str", "NO"),
        ("", "str", ""),
        ("-7", "int", -7),
        ("1e-3", "float", 0.001),
        ("1", "float", 1.0),
        ("No", "bool", False),
        ("true", "bool", True),
        ('["a", "b"]', "list", ["a", "b"]),
        ('{"a": 1}', "dict", {"a": 1}),
    ],
)
def test_a_text_becomes_the_declared_type_and_is_never_guessed(text, kind, value):
    result = from_text(text, kind)
    assert result == value
    assert type(result) is type(value)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("1_000", "int"),
        ("7.0", "int"),
        ("seven", "int"),
        ("nan", "float"),
        ("inf", "float"),
        ("0,95", "float"),
        ("1", "bool"),
        ("a,b", "list"),
        ("[1", "list"),
        ("[1]", "dict"),
        ('{"a": 1}', "list"),
    ],
)
def test_a_text_of_another_type_is_refused(text, kind):
    assert from_text(text, kind) is None


def two_notebooks(tmp_path) -> dict:
    return {
        "02-value-quota": declared(tmp_path, 'study: str = "a"\nseed: int = 7\nlevel: float = 0.95'),
        "03-perception": declared(tmp_path, 'study: str = "a"\nseed: int = 9', "03-perception"),
    }


def test_the_command_line_wins_over_study_yml_and_that_over_the_notebook(tmp_path):
    settings = settle(
        two_notebooks(tmp_path), "hip", {"02-value-quota": {"seed": 1, "level": 1}}, [("seed", "2")]
    )
    assert settings["02-value-quota"].effective == {"study": "hip", "seed": 2, "level": 1.0}
    assert settings["02-value-quota"].overrides == {"study": "hip", "seed": 2, "level": 1.0}
    assert settings["03-perception"].effective == {"study": "hip", "seed": 2}


def test_a_target_alone_gets_what_the_command_line_sets(tmp_path):
    settings = settle(two_notebooks(tmp_path), "hip", {}, [("seed", "2")], targets=["03-perception"])
    assert settings["02-value-quota"].effective["seed"] == 7
    assert settings["03-perception"].effective["seed"] == 2


@pytest.mark.parametrize(
    ("from_study", "from_command", "message"),
    [
        ({}, [("sede", "1")], "-p sede: no parameter 'sede'; did you mean 'seed'?"),
        ({}, [("seed", "1.5")], "-p seed: found '1.5'; 02-value-quota wants a whole number, such as 7"),
        ({}, [("study", "x")], "-p study: 'study' is not set here; name it instead: vbhc run my-study"),
        (
            {"02-value-qouta": {}},
            [],
            "data/hip/study.yml, notebooks: unknown notebook '02-value-qouta'; "
            "did you mean '02-value-quota'?",
        ),
        (
            {"03-perception": {"level": 0.9}},
            [],
            "data/hip/study.yml, notebooks.03-perception: no parameter 'level'; known: study, seed",
        ),
        (
            {"02-value-quota": {"seed": "7"}},
            [],
            "data/hip/study.yml, notebooks.02-value-quota.seed: found '7'; wanted a whole number, such as 7",
        ),
        (
            {"02-value-quota": {"level": True}},
            [],
            "data/hip/study.yml, notebooks.02-value-quota.level: found True; "
            "wanted a number with a decimal point, such as 0.95",
        ),
    ],
)
def test_a_wrong_name_or_value_is_said_in_one_line(tmp_path, from_study, from_command, message):
    with pytest.raises(StudyError) as caught:
        settle(two_notebooks(tmp_path), "hip", from_study, from_command)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        ("ci_level", "95", "a share between 0 and 1, such as 0.95"),
        ("ci_level", "0", "a share between 0 and 1, such as 0.95"),
        ("margin", "5", "a correlation between 0 and 1, such as 0.2 (0 takes the study's)"),
        (
            "form",
            "foo",
            "one of gain, follow-up, baseline-adjusted, mcid-units, qaly, value-quotient, "
            "procedure-value-index, value-index, quality-service-cost, weighted-composite",
        ),
        ("n_resamples", "0", "1 or more"),
        ("seed", "-1", "0 or more"),
    ],
)
def test_a_value_out_of_range_is_refused_before_a_kernel_starts(tmp_path, name, text, wanted):
    cell = 'study: str = "a"\nci_level: float = 0.95\nmargin: float = 0.0\nform: str = ""\n'
    notebook = {"02-value-quota": declared(tmp_path, cell + "n_resamples: int = 2000\nseed: int = 7")}
    with pytest.raises(StudyError) as caught:
        settle(notebook, "hip", {}, [(name, text)])
    assert str(caught.value) == f"-p {name}: found {text!r}; 02-value-quota wants {wanted}"
    value = text if name == "form" else int(text)
    with pytest.raises(StudyError, match=f"notebooks.02-value-quota.{name}: found {value!r}; wanted"):
        settle(notebook, "hip", {"02-value-quota": {name: value}})


def test_all_problems_are_said_at_once(tmp_path):
    with pytest.raises(StudyError) as caught:
        settle(two_notebooks(tmp_path), "hip", {"02-value-quota": {"sed": 1, "level": "x"}}, [("x", "1")])
    assert len(caught.value.problems) == 3


def test_a_parameter_of_a_notebook_that_does_not_run_is_refused(tmp_path):
    with pytest.raises(StudyError, match="no parameter 'level'"):
        settle(two_notebooks(tmp_path), "hip", {}, [("level", "0.9")], targets=["03-perception"])
