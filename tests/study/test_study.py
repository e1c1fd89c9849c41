"""study.yml, the dictionary and `vbhc check`: everything wrong is named at once, with what would be right."""

from __future__ import annotations

import csv
import io
from copy import deepcopy

import pytest
from study_maker import ANSWERS, CONFIG, DICTIONARY, LINES, PATIENTS, UNIT_COSTS, small_study, write_study

from vbhc.problems import Problem, StudyError, did_you_mean
from vbhc.run.checking import inspect
from vbhc.study import load_study, project_root, study_names
from vbhc.study.dictionary import Column, dictionary_and_problems


def messages(folder, files=None, **config) -> list[str]:
    """Problems of loading the small study."""
    with pytest.raises(StudyError) as error:
        small_study(folder, files, **config)
    return [str(problem) for problem in error.value.problems]


def with_text(folder, old: str, new: str) -> list[str]:
    """Problems after replacing text in study.yml."""
    write_study(folder)
    path = folder / "study.yml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    with pytest.raises(StudyError) as error:
        load_study(str(folder))
    return [str(problem) for problem in error.value.problems]


# problems


def test_problem_says_where_what_and_the_remedy():
    problem = Problem("data/s/raw/a.csv", "'7': below 18", "a whole number from 18 to 110", "age", 12)
    assert str(problem) == "data/s/raw/a.csv, age, row 12: '7': below 18; a whole number from 18 to 110"
    assert str(Problem("a.csv", "no such file", "")) == "a.csv: no such file"


@pytest.mark.parametrize(
    ("word", "known", "answer"),
    [("pateints", ["patients", "visits"], "did you mean 'patients'?"), ("zzz", ["a", "b"], "known: a, b"),
     ("x", [], "nothing is known here")],
)  # fmt: skip
def test_did_you_mean(word, known, answer):
    assert did_you_mean(word, known) == answer


# study.yml


def test_small_study_loads_with_its_defaults(tmp_path):
    study = small_study(tmp_path / "s")
    assert study.config.key == "patient_id"
    assert (study.baseline, study.follow_up) == ("baseline", "6m")
    assert study.cost_column == "cost_eur_2020"
    assert study.cost_component_column("ward") == "cost_ward_eur_2020"
    assert study.shown("study.yml") == "data/s/study.yml"
    assert study.source_file("patients") == study.folder / "raw" / "patients.csv"


def test_file_may_be_named_without_its_folder(tmp_path):
    sources = {**CONFIG["sources"], "patients": {"file": "patients.csv"}}
    study = small_study(tmp_path / "s", sources=sources)
    assert study.source_file("patients").is_file()


def test_misspelt_key_names_the_nearest_and_its_line(tmp_path):
    [message] = with_text(tmp_path / "s", "price_year:", "price_yaer:")[:1]
    assert message.startswith("data/s/study.yml, cost, row ")
    assert "unknown key 'price_yaer'; did you mean 'price_year'?" in message


def test_every_fault_comes_at_once(tmp_path):
    found = "\n".join(
        messages(
            tmp_path / "s",
            groups={"sex": {"column": "sxe", "label": "Sex"}},
            covariates=["agee"],
            value_quota={"outcome": "eq_vas", "form": "gian"},
            perception={"column": "opinion", "direction": "lower", "label": "x"},
        )
    )
    assert "unknown 'sxe'; did you mean 'sex'?" in found
    assert "unknown 'agee'; did you mean 'age'?" in found
    assert "unknown 'gian'; did you mean 'gain'?" in found
    assert "perception.direction: unknown 'lower'; known: higher is better, lower is better" in found


def test_labels_that_stand_twice_are_named(tmp_path):
    groups = {name: {"column": name, "label": "Sex"} for name in ("sex", "smoker")}
    [message] = messages(tmp_path / "s", groups=groups)
    assert message == "data/s/study.yml, groups: label 'Sex' stands twice; labels that differ"


def test_key_that_stands_twice_is_named(tmp_path):
    [message] = with_text(tmp_path / "s", "title: A small study", "title: A\ntitle: B")
    assert "row 2: key 'title' stands twice; keep one" in message


def test_wrong_type_says_the_right_one(tmp_path):
    [message] = with_text(tmp_path / "s", "price_year: 2020", "price_year: '2020'")
    assert "cost.price_year, row" in message
    assert "found '2020'; wanted a whole number" in message


def test_unknown_disclosure_policy_is_named(tmp_path):
    [message] = messages(tmp_path / "s", disclosure="nhs-porms")
    assert message == "data/s/study.yml, disclosure: unknown 'nhs-porms'; did you mean 'nhs-proms'?"


def test_config_names_the_policies_there_are():
    from vbhc.publish.disclosure.policies import POLICIES
    from vbhc.study.config import DISCLOSURE_POLICIES

    assert tuple(POLICIES) == DISCLOSURE_POLICIES


def test_a_text_with_a_colon_is_said_to_need_quotes(tmp_path):
    [message] = with_text(tmp_path / "s", "title: A small study", "title: Hips: a study")
    assert "mapping values are not allowed here; quote a text that holds a colon" in message


def test_a_study_file_in_another_encoding_is_said_to_be(tmp_path):
    write_study(tmp_path / "s")
    path = tmp_path / "s/study.yml"
    path.write_bytes(path.read_bytes().replace(b"A small study", "Höft".encode("latin-1")))
    with pytest.raises(StudyError, match=r"study.yml: not UTF-8 \(byte 0xf6\); save it as UTF-8"):
        load_study(str(tmp_path / "s"))


def test_gain_needs_two_visits(tmp_path):
    only = {"baseline": {"label": "before"}}
    files = {"raw/answers.csv": "".join(f"{line}\n" for line in ANSWERS.splitlines() if "6m" not in line)}
    study = small_study(tmp_path / "s", files, visits=only)
    assert [str(problem) for problem in inspect(study).problems] == [
        "data/s/study.yml, value_quota: form 'gain' needs two visits; only 'baseline' is declared; "
        "declare the second under `visits`, or use form: follow-up"
    ]
    study = small_study(
        tmp_path / "t", files, visits=only, value_quota={"outcome": "eq_vas", "form": "follow-up"}
    )
    assert inspect(study).problems == []


def test_a_bad_cell_is_set_aside_and_the_patient_stays(tmp_path):
    study = small_study(tmp_path / "s", {"raw/patients.csv": PATIENTS.replace("P1,70", "P1,7")})
    [problem] = inspect(study).problems
    assert str(problem) == "data/s/raw/patients.csv, age, row 2: '7': below 18; a whole number from 18 to 110"
    assert problem.set_aside


def test_a_number_in_words_is_told_once_and_an_unknown_name_too(tmp_path):
    rows = "P1,visit,six\nP2,vist,1\nP3,vist,1\nP1,vist,2\n"
    study = small_study(tmp_path / "s", {"raw/lines.csv": LINES + rows})
    assert [str(problem) for problem in inspect(study).problems] == [
        "data/s/raw/lines.csv, quantity, row 5: 'six': no number; a number of 0 or more",
        "data/s/raw/lines.csv, resource, row 6: 'vist': unknown; did you mean 'visit'? (and 2 more rows)",
    ]


EQ5D = [f"eq5d_{code}" for code in ("mo", "sc", "ua", "pd", "ad")]


def eq5d_study(folder, highest: int):
    """The small study with EQ-5D-3L answers of which one is a level 5."""
    rows = "".join(f"{name},{name},integer,level,1,{highest},,,,answers\n" for name in EQ5D)
    answers = ANSWERS.splitlines()
    table = [f"{answers[0]},{','.join(EQ5D)}", *(f"{line},1,1,2,1,1" for line in answers[1:-1])]
    files = {"dictionary.csv": DICTIONARY + rows,
             "raw/answers.csv": "\n".join([*table, f"{answers[-1]},1,1,5,1,1"]) + "\n"}  # fmt: skip
    use = {"instrument": "eq5d-3l", "items": "eq5d_{item}", "value_set": "3l-tto-uk"}
    return small_study(folder, files, instruments={**CONFIG["instruments"], "eq5d": use})


def test_five_levels_under_an_instrument_of_three_are_asked_about(tmp_path):
    [problem] = inspect(eq5d_study(tmp_path / "s", 3)).problems
    assert "eq5d_ua, row 6: '5': above 3; a whole number from 1 to 3; is this EQ-5D-5L?" in str(problem)
    [problem] = inspect(eq5d_study(tmp_path / "t", 5)).problems
    assert "instruments.eq5d at baseline: " in str(problem)
    assert "is this EQ-5D-5L?" in str(problem)


def test_a_patients_file_without_rows_is_said_to_have_none(tmp_path):
    study = small_study(tmp_path / "s", {"raw/patients.csv": PATIENTS.splitlines()[0] + "\n"})
    assert [str(p) for p in inspect(study).problems] == [
        "data/s/raw/patients.csv: has a header and no rows; one row per patient"
    ]


def test_an_extra_column_may_be_declared_or_ignored(tmp_path):
    table = "".join(f"{line},x\n" for line in PATIENTS.splitlines()).replace("opinion,x", "opinion,remark")
    [problem] = inspect(small_study(tmp_path / "s", {"raw/patients.csv": table})).problems
    assert str(problem).endswith("unknown header 'remark'; add it to dictionary.csv or to ignore_columns")


def test_a_misspelt_key_does_not_hide_other_faults(tmp_path):
    """What the fault is about is not judged: `sources.answers` lacks its file, so no item column is named."""
    folder = write_study(
        tmp_path / "s",
        {"raw/patients.csv": PATIENTS.replace("P1,70", "P1,7"), "unit_costs.csv": None},
        sources={**CONFIG["sources"], "answers": {"fiel": "raw/answers.csv", "layout": "visits"}},
        disclosure="nonne",
    )
    from vbhc.run.checking import inspect_study

    found = [str(problem) for problem in inspect_study(str(folder)).problems]
    for part in (
        "unknown key 'fiel'",
        "no key 'file'",
        "unknown 'nonne'",
        "no file 'unit_costs.csv'",
        "'7': below",
    ):
        assert sum(part in line for line in found) == 1, found
    assert len(found) == 5, found


def test_broken_yaml_names_the_line(tmp_path):
    [message] = with_text(tmp_path / "s", "title: A small study", "title: [A small study")
    assert "not readable as YAML" in message


def test_required_key_is_named(tmp_path):
    assert "no key 'title'; it is required" in messages(tmp_path / "s", title=None)[0]


def test_unknown_study_suggests_a_known_one(tmp_path, monkeypatch):
    (tmp_path / "notebooks").mkdir()
    write_study(tmp_path / "data" / "my-study")
    monkeypatch.delenv("VBHC_HOME", raising=False)
    monkeypatch.chdir(tmp_path / "notebooks")
    assert project_root() == tmp_path.resolve()
    assert study_names() == ["my-study"]
    assert load_study("my-study").name == "my-study"
    with pytest.raises(StudyError, match="no study 'my-stduy'; did you mean 'my-study'"):
        load_study("my-stduy")


def test_loading_needs_no_heavy_library(repo):
    """The driver says "nothing changed" without waiting for pandas."""
    import subprocess
    import sys

    code = "import sys, vbhc.study; sys.exit(any(name in sys.modules for name in ('pandas', 'numpy')))"
    assert subprocess.run([sys.executable, "-c", code], cwd=repo).returncode == 0


@pytest.mark.parametrize("name", ["heart-failure", "nhs-hip", "nhs-knee"])
def test_shipped_studies_load(repo, name):
    study = load_study(str(repo / "data" / name))
    assert study.dictionary
    assert study.config.value_quota.outcome


# dictionary.csv


def test_codes_may_carry_labels(tmp_path):
    column = small_study(tmp_path / "s").dictionary["sex"]
    assert column.allowed == ("1", "2")
    assert column.meaning == {"1": "female", "2": "male"}
    assert Column("x", "X", "category", allowed=("a", "b"), labels=("", "B")).meaning == {"a": "a", "b": "B"}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("missing_codes", "missing", "row 1: unknown column 'missing'; did you mean 'missing_codes'?"),
        ("age,Age,integer", "age,Age,int", "type, row 3: unknown type 'int'; did you mean"),
        ("years,18,", "years,old,", "min, row 3: 'old' is no number"),
        ("bmi,Body", "age,Body", "name, row 4: 'age' stands twice; one row per column"),
        ("lower is better,patients", "low,patients", "direction, row 8: unknown 'low'"),
        ("1=ticked;9=not ticked", "3;9", "allowed, row 6: '3;9' is no yes and no; two codes, such as"),
        ("sex,Sex,category,,,,", "sex,Sex,category,,1,,,", "min, row 5: 1 for a category; empty: only"),
        ("18,110,", "18,110,old;young", "allowed, row 3: 'old;young' holds text; numbers, as the type is"),
        (",,999,,patients", ",,999,,patient", "column 'age' names the unknown source 'patient'; did you"),
        ("sex,Sex", ",Sex", "name, row 5: empty; the column's name"),
        ("1=female;2=male", "1=female;2=female", "allowed, row 5: '1=female;2=female' gives two codes one"),
        ("bmi,Body mass index", "bmi,Body, mass, index", "more fields than the header; quote fields"),
    ],
)  # fmt: skip
def test_fault_of_the_dictionary(tmp_path, old, new, message):
    assert old in DICTIONARY
    found = messages(tmp_path / "s", {"dictionary.csv": DICTIONARY.replace(old, new)})
    assert any(message in line for line in found), found


def test_dictionary_with_byte_order_mark_is_read(tmp_path):
    path = tmp_path / "dictionary.csv"
    path.write_bytes(b"\xef\xbb\xbf" + DICTIONARY.encode())
    columns, problems = dictionary_and_problems(path, "dictionary.csv")
    assert "patient_id" in columns
    assert problems == []


def test_dictionary_saved_with_semicolons_is_the_same(tmp_path):
    plain = small_study(tmp_path / "s").dictionary
    rows = list(csv.reader(io.StringIO(DICTIONARY.replace("10,70", "10.5,70"))))
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([cell.replace("10.5", "10,5") for cell in row] for row in rows)
    found = small_study(tmp_path / "t", {"dictionary.csv": out.getvalue().encode("cp1252")}).dictionary
    assert found["bmi"].min == 10.5
    assert found == {**plain, "bmi": plain["bmi"]._replace(min=10.5)}


def test_a_workbook_called_csv_is_said_to_be_one(tmp_path):
    [problem] = messages(tmp_path / "s", {"dictionary.csv": b"PK\x03\x04rest"})
    assert problem == (
        "data/s/dictionary.csv: is an Excel workbook, not a CSV; save it as CSV UTF-8, or call it .xlsx"
    )
    problems = inspect(small_study(tmp_path / "t", {"raw/patients.csv": b"PK\x03\x04rest"})).problems
    assert "raw/patients.csv: is an Excel workbook, not a CSV" in str(problems[0])


# check


def test_sound_study_has_no_problems(tmp_path):
    assert inspect(small_study(tmp_path / "s")).problems == []


def test_check_lists_problems_of_all_files_at_once(tmp_path):
    config = deepcopy(CONFIG)
    config["instruments"] = {
        "vas": {"instrument": "eq-vsa", "items": "{item}"},
        "eq5d": {"instrument": "eq5d-3l", "items": "eq5d_{item}", "value_set": "3l-tto-uk", "visits": ["6m"]},
        "eq5d_set": {"instrument": "eq5d-3l", "items": "eq5d_{item}", "value_set": "3l-tto-narnia"},
        "two": {"instrument": "eq-vas", "items": ["vas", "age"]},
    }
    config["groups"] = {"sex": {"column": "sex", "label": "Sex", "reference": "femal"}}
    config["interviews"] = {"file": "raw/talks.qdpx", "participants": "raw/people.csv"}
    config["perception"]["column"] = "opinon"
    study = small_study(
        tmp_path / "s",
        {"raw/patients.csv": PATIENTS.replace("P1,70", "P1,7"), "raw/lines.csv": None,
         "unit_costs.csv": UNIT_COSTS.replace(",100,", ",a lot,")},
        **config,
    )  # fmt: skip
    found = "\n".join(str(problem) for problem in inspect(study).problems)
    for message in (
        "instruments.vas: no instrument 'eq-vsa'; did you mean 'eq-vas'?",
        "dictionary.csv, instruments.eq5d.items: no column 'eq5d_mo', 'eq5d_sc', 'eq5d_ua' and 2 more",
        "instruments.eq5d_set: ",
        "instruments.two.items: 2 item columns; 1, in the order vas",
        "groups.sex.reference: sex is never 'femal'; did you mean 'female'?",
        "data/s/raw/talks.qdpx: no such file; `interviews.file` in study.yml names it",
        "data/s/raw/people.csv: no such file",
        "perception.column: no column 'opinon'; did you mean 'opinion'?",
        "data/s/unit_costs.csv, unit_cost, row 3: 'a lot'; a number above 0 with a decimal point",
        "data/s/raw/patients.csv, age, row 2: '7': below 18; a whole number from 18 to 110",
        "data/s/raw/lines.csv: no such file; put it there, or: make data STUDY=s",
    ):
        assert message in found, f"{message}\nnot in\n{found}"


def test_check_says_how_to_get_a_published_file(repo, tmp_path):
    from nhs_packs import study_copy

    [problem] = inspect(study_copy("hip", tmp_path)).problems
    assert str(problem).startswith(
        "data/nhs-hip/raw/hip-provider-2018-19.csv: no such file; "
        "get it: make data STUDY=nhs-hip FROM=<folder, zip or CSV> (from https://digital.nhs.uk/"
    )


def test_check_needs_a_file_with_patients(tmp_path):
    sources = {name: source for name, source in CONFIG["sources"].items() if name != "patients"}
    dictionary = "\n".join(line for line in DICTIONARY.splitlines() if not line.endswith(",patients")) + "\n"
    study = small_study(
        tmp_path / "s", {"dictionary.csv": dictionary}, sources=sources, groups=None, perception=None
    )
    assert "no source with a row per patient" in "\n".join(map(str, inspect(study).problems))


# docs/study.md


def test_the_page_on_study_yml_names_every_key(repo):
    """A key that is added to config.py without a line there fails here."""
    import dataclasses
    import re

    from vbhc.study import config, costs, forms, instrument_uses, marks, survey_plan, variation

    page = (repo / "docs/study.md").read_text(encoding="utf-8")
    parts = {part.split("\n")[0].partition(":")[0]: part for part in page.split("\n## ")}
    homes = {"Config": "At the top", "Publisher": "sources", "Source": "sources", "Visit": "visits",
             "InstrumentUse": "instruments", "OwnMcid": "instruments", "Event": "cost", "Cost": "cost",
             "Perception": "perception",
             "ValueQuota": "value_quota", "Group": "groups", "Interviews": "interviews",
             "Survey": "survey", "Delphi": "survey", "Work": "survey",
             "WillingnessToPay": "At the top",
             "Variation": "variation", "Peers": "variation", "Alert": "variation",
             "Registration": "variation", "Series": "variation", "Change": "variation",
             "Pathway": "pathway", "Equity": "equity", "Allocative": "allocative"}  # fmt: skip
    homes_of_keys = (config, costs, instrument_uses, survey_plan, variation)
    named = [value for module in homes_of_keys for value in vars(module).values()]
    kinds = {
        kind.__name__: kind
        for kind in named
        if dataclasses.is_dataclass(kind) and kind not in (Column, Problem)
    }
    assert set(kinds) == set(homes)
    for name, kind in kinds.items():
        named = set(re.findall(r"`([a-z_0-9]+)`", parts[homes[name]]))
        assert not {f.name for f in dataclasses.fields(kind)} - named, name
    values = (
        *config.LAYOUTS,
        *forms.FORMS,
        *marks.DIRECTIONS,
        *config.GROUP_KINDS,
        *config.DISCLOSURE_POLICIES,
    )
    assert [value for value in values if f"`{value}`" not in page] == []


def test_the_template_promises_no_notebook_that_is_not_there(repo):
    text = (repo / "lib/vbhc/run/template_study/study.yml").read_text(encoding="utf-8")
    assert "variation" not in text


@pytest.mark.parametrize(
    ("instrument", "pattern"),
    [("eq-vas", "{itm}"), ("eq-vas", "{item}_{visit}"), ("eq-vas", "{"), ("kccq12", "kccq")],
)
def test_a_pattern_without_item_is_named_and_stops_nothing(tmp_path, instrument, pattern):
    uses = {"asked": {"instrument": instrument, "items": pattern}}
    lines = [str(problem) for problem in inspect(small_study(tmp_path / "s", instruments=uses)).problems]
    wanted = "a pattern with {item}, such as 'eq5d_{item}', or a list of columns"
    assert f"data/s/study.yml, instruments.asked.items: found {pattern!r}; {wanted}" in lines


def test_a_single_item_may_be_named_by_its_column(tmp_path):
    uses = {"asked": {"instrument": "eq-vas", "items": "vas"}}
    assert inspect(small_study(tmp_path / "s", instruments=uses)).problems == []


def test_a_perception_that_the_dictionary_turns_the_other_way_is_named(tmp_path):
    study = small_study(tmp_path / "s", perception={**CONFIG["perception"], "direction": "higher is better"})
    assert [str(problem) for problem in inspect(study).problems] == [
        "data/s/study.yml, perception.direction: 'higher is better', and 'lower is better' for 'opinion' in "
        "dictionary.csv; the same in both: which end do patients mean as good?"
    ]


def test_sizes_below_nothing_are_named_whatever_the_form(tmp_path):
    plan = {**CONFIG["value_quota"], "mcid": -5, "reference_cost": -1}
    assert messages(tmp_path / "s", value_quota=plan) == [
        "data/s/study.yml, value_quota.mcid: found -5; wanted a size above 0",
        "data/s/study.yml, value_quota.reference_cost: found -1; wanted a size above 0",
    ]


@pytest.mark.parametrize("column", ["sex", "admitted"])
def test_service_without_a_scale_is_named(tmp_path, column):
    plan = {**CONFIG["value_quota"], "form": "quality-service-cost", "service": column}
    assert [str(problem) for problem in inspect(small_study(tmp_path / "s", value_quota=plan)).problems] == [
        f"data/s/study.yml, value_quota.service: column {column!r} has no scale; type integer or float, with "
        "min and max in the dictionary: both parts are put on 0-100"
    ]


@pytest.mark.parametrize(
    "fault", [{"instrument": "eq-vaz", "items": "{item}"}, {"instrument": "eq-vas", "items": "{itm}"}]
)
def test_what_names_the_score_of_a_faulty_instrument_is_no_second_fault(tmp_path, fault):
    study = small_study(tmp_path / "s", instruments={"vas": fault}, covariates=["eq_vas_baseline"])
    problems = inspect(study).problems
    assert [problem.column.partition(".items")[0] for problem in problems] == ["instruments.vas"]


def test_a_patients_key_that_the_dictionary_lacks_is_told_once_and_not_by_every_file(tmp_path):
    from vbhc.run.checking import inspect_study

    folder = write_study(tmp_path / "s", key="patientid")
    assert [str(problem) for problem in inspect_study(str(folder)).problems] == [
        "data/s/study.yml, key: no row 'patientid' in dictionary.csv; did you mean 'patient_id'?"
    ]


@pytest.mark.parametrize(("source", "key"), [("answers", ["patient_id", "visti"]), ("lines", ["resorce"])])
def test_a_sources_key_that_is_no_column_of_it_is_named(tmp_path, source, key):
    sources = {**CONFIG["sources"], source: {**CONFIG["sources"][source], "key": key}}
    [message] = messages(tmp_path / "s", sources=sources)
    meant = {"visti": "visit", "resorce": "resource"}[key[-1]]
    assert message == f"data/s/study.yml, sources.{source}.key: unknown {key[-1]!r}; did you mean {meant!r}?"


def test_a_fault_of_the_dictionary_hides_no_fault_of_instruments_prices_and_files(tmp_path):
    from vbhc.run.checking import inspect_study

    folder = write_study(
        tmp_path / "s",
        {"dictionary.csv": DICTIONARY.replace("age,Age,integer", "age,Age,whole"), "raw/lines.csv": None,
         "unit_costs.csv": UNIT_COSTS.replace(",100,", ",a lot,")},
        instruments={"vas": {"instrument": "eq-vsa", "items": "{item}"}},
    )  # fmt: skip
    found = [str(problem) for problem in inspect_study(str(folder)).problems]
    parts = ("unknown type 'whole'", "no instrument 'eq-vsa'", "'a lot'; a number", "lines.csv: no such file")
    assert [sum(part in line for line in found) for part in parts] == [1, 1, 1, 1]
    assert len(found) == 4


def test_a_visit_under_two_names_stops_and_does_not_lose_its_rows(tmp_path):
    visits = {"start": {"label": "before"}, "6m": {"label": "6 months", "months": 6}}
    found = [str(problem) for problem in inspect(small_study(tmp_path / "s", visits=visits)).problems]
    said = "no row of visit 'start'; rows name 'baseline': call it the same in both"
    assert f"data/s/study.yml, visits: {said}" in found


@pytest.mark.parametrize(
    ("label", "wrong"),
    [
        ("Rating (1 best - 6 worst)", True),
        ("Schulnote, sehr gut = 1", True),
        ("Rating, 1-6", False),
        ("Best care", False),
    ],
)
def test_a_label_that_names_the_marks_of_a_turned_perception_is_told(tmp_path, label, wrong):
    """The report shows 6 as the best: "1 best" on its axis would be read the wrong way round."""
    perception = {**CONFIG["perception"], "label": label}
    found = [str(problem) for problem in inspect(small_study(tmp_path / "s", perception=perception)).problems]
    assert [line.startswith("data/s/study.yml, perception.label: ") for line in found] == [True] * wrong


# many rows with one fault


def many_lines(cells: list[str], **source) -> dict:
    """A source of resource lines with these quantities, all of P1, and how it is declared."""
    rows = "".join(f"P1;visit;{cell}\n" for cell in cells)
    sources = {**CONFIG["sources"], "lines": {**CONFIG["sources"]["lines"], **source}}
    return {
        "files": {"raw/lines.csv": "patient_id;resource;quantity\n" + rows},
        "config": {"sources": sources},
    }


def test_a_wrong_decimal_is_one_line_with_its_count_first_rows_and_guess(tmp_path):
    made = many_lines(["2,5", "1", "1.034,5", "7,5", "2,5", "3,25"], decimal=".")
    found = inspect(small_study(tmp_path / "s", made["files"], **made["config"])).problems
    assert [str(problem) for problem in found] == [
        "data/s/raw/lines.csv, quantity: no number in 5 of 6 rows, too many to set aside; "
        "`vbhc check` lists what is wrong",
        "data/s/raw/lines.csv, quantity: 5 rows, first 2, 4, 5: '2,5', '1.034,5', '7,5' and 1 more: "
        "no number; a number of 0 or more; is it decimal: ',' under sources.lines in study.yml?",
    ]
    assert found[1].rows == 5


def test_three_rows_with_one_fault_are_told_one_by_one(tmp_path):
    made = many_lines(["one", "two", "three", "4", "5"])
    found = [str(p) for p in inspect(small_study(tmp_path / "s", made["files"], **made["config"])).problems]
    assert [line.partition(": ")[0][-6:] for line in found] == [" row 2", " row 3", " row 4"]
    made = many_lines(["one", "two", "three", "four", "5", "6", "7", "8"])
    [line] = inspect(small_study(tmp_path / "t", made["files"], **made["config"])).problems
    assert "quantity: 4 rows, first 2, 3, 4: 'one', 'two', 'three' and 1 more: no number" in str(line)


def test_patients_that_no_row_names_are_one_line(tmp_path):
    rows = "".join(f"X{number},visit,1\n" for number in range(900))
    [problem] = inspect(small_study(tmp_path / "s", {"raw/lines.csv": LINES + rows})).problems
    assert "patient_id: 900 rows, first 5, 6, 7: 'X0', 'X1', 'X2' and 897 more: no such" in str(problem)


def test_rows_that_contradict_each_other_are_one_line_where_they_are_many(tmp_path):
    twice = "".join(f"P1,6m,{answer}\n" for answer in (71, 72, 73, 74))
    [problem] = inspect(small_study(tmp_path / "s", {"raw/answers.csv": ANSWERS + twice})).problems
    assert "patient_id+visit: 5 rows, first 3, 7, 8: 'P1': same patient_id and visit" in str(problem)
    assert str(problem).endswith("each patient_id and visit once")


def test_rows_of_patients_that_go_with_many_are_summed(tmp_path):
    more = "".join(f"Q{number},70,25.5,1,9,2023-01-31,1\nQ{number},71,25.5,1,9,,1\n" for number in range(5))
    lines = "".join(f"Q{number},visit,1\n" * 2 for number in range(5))
    [problem] = inspect(
        small_study(tmp_path / "s", {"raw/patients.csv": PATIENTS + more, "raw/lines.csv": LINES + lines})
    ).problems
    assert "patient_id: 10 rows, first 5, 6, 7: 'Q0', 'Q1', 'Q2' and 2 more: same" in str(problem)
    assert str(problem).endswith("their patients' rows go with them: 10 of lines")


def test_a_file_of_which_nothing_would_be_left_stops_a_run(tmp_path):
    from vbhc.cleaning import clean

    made = many_lines(["a", "b"])
    study = small_study(tmp_path / "s", made["files"], **made["config"])
    with pytest.raises(
        StudyError, match=r"lines.csv: every row breaks a rule, so that nothing would be left"
    ):
        clean(study)


def test_values_parted_by_commas_in_the_dictionary_are_told(tmp_path):
    dictionary = DICTIONARY.replace("1=female;2=male", '"female, male"')
    patients = PATIENTS.replace(",1,9,", ",female,9,").replace(",2,1,", ",male,1,")
    found = inspect(
        small_study(tmp_path / "s", {"dictionary.csv": dictionary, "raw/patients.csv": patients})
    ).problems
    assert any("dictionary.csv parts values by `;` (now they are one value)" in str(one) for one in found)


def test_many_absent_items_are_one_line_with_the_codes_of_the_instrument(tmp_path):
    use = {"instrument": "eq5d-5l", "items": "eq5d_{item}", "value_set": "5l-vt-germany"}
    study = small_study(tmp_path / "s", instruments={**CONFIG["instruments"], "eq5d": use})
    assert [str(problem) for problem in inspect(study).problems] == [
        "data/s/dictionary.csv, instruments.eq5d.items: no column 'eq5d_mo', 'eq5d_sc', 'eq5d_ua' and 2 more "
        "(with or without the visit: baseline, 6m); eq5d-5l has the items mo, sc, ua, pd, ad; "
        "name the columns by them, or list yours"
    ]


def test_a_page_asks_in_the_studys_own_words_where_it_has_them():
    """Interviews alone are what the study asks about; with patients a page has to be named."""
    staff, hips = load_study("professionals").config, load_study("hip-hospitals").config
    assert staff.question_of("04-stakeholders").startswith("Does value-based health care motivate the nurses")
    assert staff.question_of("04b-coding") == ""
    assert hips.question_of("05-variation").startswith("Which hospitals differ")
    assert load_study("heart-failure").config.question_of("04-stakeholders") == ""
    assert load_study("af-stroke").config.question_of("04-stakeholders") == ""
