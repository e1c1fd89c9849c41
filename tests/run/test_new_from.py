"""A study from its raw files alone: types as the shipped dictionaries say, and a check that is content."""

from __future__ import annotations

import re

import newcomers
import pandas as pd
import pyreadstat
import pytest
import yaml
from click.testing import CliRunner
from nhs_packs import lookalike_study

from vbhc.cleaning.sources import person_key, read_source
from vbhc.run.commands import main
from vbhc.run.guessing.columns import decimal_mark, guess_column
from vbhc.study import load_study


def types(study, name) -> pd.DataFrame:
    """The type of each column of a source, as guessed from its cells and as its dictionary says."""
    cells, person = read_source(study, name), person_key(study, name)
    mark, _ = decimal_mark(cells)
    found = {
        one: "string" if one == person else guess_column(one, cells[one], {}, mark).column.type
        for one in cells
    }
    told = {one: study.dictionary[one].type for one in cells if one in study.dictionary}
    return pd.DataFrame({"guessed": found, "told": told}).dropna()


def test_nearly_all_types_are_those_of_the_shipped_dictionaries(repo, tmp_path, monkeypatch):
    monkeypatch.chdir(repo)
    studies = [
        load_study("heart-failure"),
        *(lookalike_study(one, tmp_path / one) for one in ("hip", "knee")),
    ]
    tables = [types(study, name) for study in studies for name in study.config.sources]
    every = pd.concat(tables)
    assert len(every) > 240
    assert (every["guessed"] == every["told"]).mean() >= 0.95
    for table in tables:
        assert (table["guessed"] == table["told"]).mean() >= 0.94, table[table["guessed"] != table["told"]]


@pytest.fixture
def new(fake_project, tmp_path):
    """Make a study of raw files with the command line; return its files, and what was said."""

    def call(make, name="mine"):
        raw = tmp_path / "files" / name
        raw.mkdir(parents=True)
        done = CliRunner().invoke(main, ["new", name, "--from", *map(str, make(raw))])
        assert done.exit_code == 0, done.output
        folder = fake_project / "data" / name
        text = (folder / "study.yml").read_text(encoding="utf-8")
        dictionary = pd.read_csv(folder / "dictionary.csv", dtype=str, keep_default_na=False).set_index(
            "name"
        )
        return text, yaml.safe_load(text), dictionary, done.output

    return call


def checked(name="mine") -> str:
    done = CliRunner().invoke(main, ["check", name])
    assert done.exit_code == 0, done.output
    return done.output.splitlines()[-1]


def test_an_spss_file_with_labels_needs_no_edit_to_be_checked(new, fake_project):
    text, keys, dictionary, said = new(newcomers.spss_with_labels)
    assert text.startswith("# yaml-language-server: $schema=")
    assert "each guess marked" in (fake_project / "data/mine/README.md").read_text(encoding="utf-8")
    assert keys["key"] == "PatientID"
    assert list(keys["visits"]) == ["t0", "t1"]
    assert keys["instruments"]["eq5d_5l"]["items"] == "eq5d_{item}"
    assert "value set" in re.search(r"# guessed: (.*)\n.*eq5d_5l:", text)[1]
    assert keys["cost"]["columns"] == {"hospital": "cost_hospital", "outpatient": "cost_outpatient"}
    assert keys["perception"]["column"] == "satisfaction"
    assert keys["groups"]["arm"]["kind"] == "arm"
    assert dictionary.loc["sex", ["label", "allowed"]].tolist() == ["Sex of the patient", "1=Male;2=Female"]
    assert dictionary.loc["satisfaction", ["type", "min", "max"]].tolist() == ["integer", "1", "5"]
    assert dictionary.loc["vas_t1", "missing_codes"] in (
        "",
        "999",
    )  # what the file declares is empty when read
    assert dictionary.loc["eq5d_mo_t0", "guessed"] == "# guessed: an item of EQ-5D-5L"
    assert "study.yml, perception.direction: which end is good" in said
    assert checked() == "mine: no problems found"


def test_a_long_file_gives_visits_and_what_is_constant(new):
    _, keys, dictionary, _ = new(newcomers.long_with_totals)
    assert {name: one["layout"] for name, one in keys["sources"].items()} == {
        "patients": "patients", "answers": "visits",
    }  # fmt: skip
    assert keys["sources"]["answers"]["rename"] == {"meetmoment": "visit"}
    assert keys["sources"]["answers"]["decimal"] == ","
    assert {name: one["months"] for name, one in keys["visits"].items()} == {
        "nulmeting": 0, "3_maanden": 3, "12_maanden": 12,
    }  # fmt: skip
    # its ninth item has the name of its score: the score is set apart
    assert keys["instruments"]["phq9"] == {"instrument": "phq9", "items": "phq{item}", "suffix": "total"}
    assert keys["value_quota"]["outcome"] == "phq9_total"
    assert next(iter(keys["cost"]["columns"].values())) == "kosten_totaal_nulmeting"
    assert dictionary.loc["geslacht", "source"] == "patients"
    assert checked() == "mine: no problems found"


def test_a_score_with_the_name_of_its_item_is_refused(new, fake_project):
    text, *_ = new(newcomers.long_with_totals)
    path = fake_project / "data/mine/study.yml"
    path.write_text(text.replace(", suffix: total", ""), encoding="utf-8")
    said = CliRunner().invoke(main, ["check", "mine"]).output
    assert "instruments.phq9: the score 'phq9' has the name of one of its items; set the score apart" in said


def test_visits_may_be_numbers_and_a_use_of_each_resource_is_no_visit(new, fake_project):
    def files(folder):
        answers, uses = folder / "answers.csv", folder / "uses.csv"
        rows = [f"{k},{v},{v + k % 3}" for k in range(1, 13) for v in (1, 2, 3)]
        answers.write_text("\n".join(["id,visit,pain", *rows, rows[-1]]))  # one row stands twice
        rows = [f"{k},{what},{k}" for k in range(1, 13) for what in ("ward_day", "gp_visit")]
        uses.write_text("\n".join(["id,resource,quantity", *rows]))
        return [answers, uses]

    _, keys, dictionary, _ = new(files)
    layouts = {name: one.get("layout", "patients") for name, one in keys["sources"].items()}
    assert layouts == {"patients": "patients", "answers": "visits", "resources": "resource-lines"}
    assert dictionary.loc["visit", ["type", "allowed", "min"]].tolist() == ["category", "1=1;2=2;3=3", ""]
    said = CliRunner().invoke(main, ["check", "mine"]).output
    assert "cleaning stops" not in said
    assert "row 38: '12': repeats row 37" in said


@pytest.mark.parametrize("file", ["answers", "survey", "patients"])
def test_one_file_alone_is_a_study(new, repo, file):
    _, keys, *_ = new(lambda folder: [repo / f"data/heart-failure/raw/{file}.csv"])
    assert len(keys["sources"]) == 1 + (file == "answers")  # whose rows say who the patients are
    said = CliRunner().invoke(main, ["check", "mine"]).output.splitlines()
    assert not [line for line in said if line.startswith("data/mine/study.yml")]


def test_interviews_with_a_survey_need_no_patients(new):
    _, keys, dictionary, _ = new(newcomers.interviews_with_survey)
    assert "visits" not in keys
    assert keys["interviews"]["participants"] == "raw/participants.csv"
    assert keys["interviews"]["consent"] == "consent_quote"
    assert keys["survey"]["group"] == "respondent_role"
    assert keys["survey"]["statements"] == [
        "value_outcome", "value_cost", "value_voice", "value_compare", "value_clear",
    ]  # fmt: skip
    assert len(keys["survey"]["ranking"]) == 5
    assert set(dictionary["source"]) == {"survey"}
    assert checked() == "mine: no problems found"


def rows(folder, name, *lines):
    """Write a CSV of its lines; each `{k}` is the number of a person, 30 of them."""
    path, (header, *below) = folder / f"{name}.csv", lines
    filled = [line.format(k=k, odd=k % 2, five=k % 5 + 1) for k in range(10, 40) for line in below]
    path.write_text("\n".join([header, *filled, ""]), encoding="utf-8")
    return path


def test_columns_may_begin_with_their_visit_and_the_first_may_have_no_name(new):
    def files(folder):
        return [
            rows(
                folder,
                "clinic",
                ',id,"T0\nvas",T2_vas,OKS total T0,OKS total T1',
                "{k},P{k},{k},{k},{k},{five}",
            )
        ]

    _, keys, *_ = new(files)
    assert keys["sources"]["patients"]["rename"] == {
        "T0\nvas": "vas_T0", "T2_vas": "vas_T2",
        "OKS total T0": "OKS total_T0", "OKS total T1": "OKS total_T1",
    }  # fmt: skip
    assert keys["sources"]["patients"]["ignore_columns"] == [""]
    assert keys["instruments"]["eq_vas"] == {
        "instrument": "eq-vas",
        "items": "{item}",
        "visits": ["T0", "T2"],
    }
    assert checked() == "mine: no problems found"


def test_exports_of_survey_programs_are_known_by_what_they_add(new):
    def files(folder):
        path = rows(
            folder, "export", "StartDate,Status,Progress,ResponseId,Role,Q1_1,Q1_2",
            "2024-01-02,IP Address,100,R_{k},nurse {odd},{five},{odd}",
        )  # fmt: skip
        header, *below = path.read_text().splitlines()
        more = [
            "Start Date,Response Type,Progress,Response ID,Role?,Cost,Voice",
            '"{""ImportId"":""s""}",a,b,c,d,e,f',
        ]
        path.write_text("\n".join([header, *more, *below, ""]))
        return [path]

    _, keys, dictionary, _ = new(files)
    source = keys["sources"]["survey"]
    assert (source["skip_rows"], source["key"]) == (2, ["ResponseId"])
    assert source["ignore_columns"] == ["StartDate", "Status", "Progress"]
    assert keys["survey"]["group"] == "Role"
    assert list(dictionary.index) == ["ResponseId", "Role", "Q1_1", "Q1_2"]


@pytest.mark.parametrize("some", [True, False])
def test_a_first_patient_without_numbers_is_no_header(new, some):
    def files(folder):
        path = rows(folder, "p", "id,age,pain,walk", "P{k},{k},{five},{odd}")
        path.write_text(path.read_text().replace("P10,10,1,0", "P10,10,unknown,n/a" if some else "P10,,,"))
        return [path]

    _, keys, *_ = new(files)
    assert "skip_rows" not in keys["sources"]["patients"]


def test_an_export_of_a_registry_parts_what_was_asked_once(new):
    def files(folder):
        events = "{k},baseline_arm_1,,{odd},1,{five},2", "{k},month_6_arm_1,,,,{k},2"
        return [
            rows(
                folder,
                "r",
                "record_id,redcap_event_name,redcap_repeat_instance,sex,drugs___1,vas,vas_complete",
                *events,
            )
        ]

    _, keys, dictionary, _ = new(files)
    assert keys["sources"]["patients"]["ignore_columns"] == ["redcap_repeat_instance", "vas_complete"]
    assert {name: one["months"] for name, one in keys["visits"].items()} == {
        "baseline_arm_1": 0, "month_6_arm_1": 6,
    }  # fmt: skip
    assert dictionary["source"].to_dict() == {
        "record_id": "patients", "sex": "patients",
        "visit": "answers", "drugs___1": "answers", "vas": "answers",
    }  # fmt: skip


def test_codes_called_unknown_are_missing_and_errors_of_formulas_are_nothing(new):
    def files(folder):
        frame = pd.DataFrame({"id": [f"P{k}" for k in range(30)], "satisfaction": [1.0, 2, 3, 4, 5, -2] * 5})
        labels = {-2: "weet niet", 1: "slecht", 2: "matig", 3: "gaat", 4: "goed", 5: "zeer goed"}
        pyreadstat.write_sav(frame, str(folder / "a.sav"), variable_value_labels={"satisfaction": labels})
        return [folder / "a.sav", rows(folder, "bills", "id,total", "P{five},#REF!")]

    _, _, dictionary, _ = new(files)
    assert dictionary.loc["satisfaction", ["type", "min", "max", "missing_codes"]].tolist() == [
        "integer", "1", "5", "-2",
    ]  # fmt: skip
    assert dictionary.loc["total", ["type", "allowed"]].tolist() == ["text", ""]


def test_two_files_of_patients_are_one_or_tell_different_things(new, fake_project, tmp_path):
    def files(folder):
        return [
            rows(folder, "people", "id,sex,age", "P{k},f{odd},{k}"),
            rows(folder, "bills", "id,sex,cost", "P{k},f{odd},{k}"),
        ]

    _, keys, dictionary, _ = new(files)
    assert keys["sources"]["bills"]["ignore_columns"] == ["sex"]
    assert dictionary.loc["sex", "source"] == "patients"
    assert checked() == "mine: no problems found"
    other = rows(tmp_path, "site_b", "id,sex,age", "Q{k},f{odd},{k}")
    done = CliRunner().invoke(
        main, ["new", "two", "--from", str(tmp_path / "files/mine/people.csv"), str(other)]
    )
    assert done.exit_code == 2
    assert done.output.startswith("site_b.csv: sex, age of other patients than in people.csv; one file,")


@pytest.mark.parametrize("header", ["drug,bdi", "sex,bdi", "weight,bdi", "admitted,bdi"])
def test_a_file_that_numbers_nobody_is_refused(fake_project, tmp_path, header):
    cells = {"drug": "{odd}", "sex": "f{odd}", "weight": "7{k}.5", "admitted": "{k}.12.2023"}
    path = rows(tmp_path, "trial", header, cells[header.partition(",")[0]] + ",{five}")
    done = CliRunner().invoke(main, ["new", "mine", "--from", str(path)])
    assert done.exit_code == 2
    assert done.output.startswith("trial.csv: no column tells who is who; a column `patient_id`")
    assert not (fake_project / "data/mine").exists()


def test_a_key_that_no_header_names_is_a_guess(new):
    text, keys, _, said = new(lambda folder: [rows(folder, "trial", "randno,bdi", "{k},{five}")])
    assert keys["key"] == "randno"
    assert "study.yml, key: which column tells who is who" in said
    assert re.search(r"^key: randno +# guessed: ", text, re.MULTILINE)


def test_of_a_workbook_all_sheets_on_the_same_people_are_read(new):
    def files(folder):
        ids = [f"P{k}" for k in range(10, 40)]
        words = ["All answers of the clinic as they", "were exported, with the list of codes"]
        codes = pd.DataFrame({"Column": ["pain", "stay"], "Meaning": ["0 to 10", "days"]})
        people = pd.DataFrame({"patient_id": ids, "stay": range(30)})
        visits = ("Aufnahme", "6 Monate")
        answers = [(one, at, n % 11) for n, one in enumerate(ids) for at in visits]
        with pd.ExcelWriter(folder / "clinic.xlsx") as book:
            pd.DataFrame({"Read me": words}).to_excel(book, sheet_name="About", index=False)
            people.to_excel(book, sheet_name="People", index=False, startrow=7)
            codes.to_excel(book, sheet_name="Codes", index=False)
            table = pd.DataFrame(answers, columns=["patient_id", "Zeitpunkt", "pain"])
            table.to_excel(book, sheet_name="Answers", index=False)
        return [folder / "clinic.xlsx"]

    _, keys, dictionary, said = new(files)
    assert {name: one["sheet"] for name, one in keys["sources"].items()} == {
        "patients": "People", "answers": "Answers",
    }  # fmt: skip
    assert keys["sources"]["patients"]["header_row"] == 8
    assert "study.yml, sources.answers.sheet: not read: About, Codes" in said
    assert [one["label"] for one in keys["visits"].values()] == ["Aufnahme", "6 Monate"]
    assert dictionary["source"].to_dict() == {
        "patient_id": "patients", "stay": "patients", "visit": "answers", "pain": "answers",
    }  # fmt: skip
    assert checked() == "mine: no problems found"


def test_headings_in_other_languages_with_units_are_read(new):
    def files(folder):
        head = "Patiëntnr.;Geslacht;Behandelarm;Pijn T0 (NRS 0-10);Pijn T1 (NRS 0-10);Overleden;Kosten (£)"
        uses = "N° patient;Acte;Quantité"
        return [
            rows(folder, "patients", head, "P{k};m{odd};zorg{odd};{five};1;nee;{k}", "X{k};v;zorg1;3;2;ja;7"),
            rows(folder, "actes", uses, "P{k};IRM;{five}", "P{k};Consultation;{five}"),
        ]  # fmt: skip

    _, keys, dictionary, said = new(files)
    assert keys["key"] == "Patiëntnr."
    assert keys["deaths"] == "Overleden"
    assert "study.yml, deaths: who had died by the last visit" in said
    assert dictionary.loc["Overleden", ["type", "allowed"]].tolist() == ["boolean", "nee=no;ja=yes"]
    assert keys["groups"]["Behandelarm"]["kind"] == "arm"
    assert {"Pijn_T0", "Pijn_T1"} <= set(dictionary.index)
    assert list(keys["visits"]) == ["T0", "T1"]
    assert keys["cost"]["currency"] == "GBP"
    assert keys["sources"]["resources"]["rename"] == {
        "N° patient": "Patiëntnr.", "Acte": "resource", "Quantité": "quantity",
    }  # fmt: skip


def test_what_many_lack_or_count_describes_nobody_beforehand(new):
    def files(folder):
        people = pd.DataFrame({"id": range(30), "age": range(40, 70), "sex": ["m", "f"] * 15})
        people["age_at_end"] = [50, None, 51] * 10
        people["sex_partners"] = range(30)
        people.to_csv(folder / "trial.csv", index=False)
        return [folder / "trial.csv"]

    _, keys, *_ = new(files)
    assert keys["covariates"] == ["age", "sex"]


def test_resources_ask_for_their_prices(new, repo):
    raw = repo / "data/heart-failure/raw"
    _, keys, dictionary, said = new(
        lambda folder: [raw / "patients.csv", raw / "answers.csv", raw / "resources.csv"]
    )
    assert keys["cost"]["lines"] == "resources"
    assert "outpatient_vist" not in keys["cost"]["components"]["all"]  # misspelt in two rows
    assert dictionary.loc["bmi", "missing_codes"] == "999"
    assert "care" not in keys["instruments"]  # ten items of nobody's
    assert keys["value_quota"]["outcome"] == "kccq_os"
    assert "study.yml, cost.unit_costs: its prices are empty" in said
    done = CliRunner().invoke(main, ["check", "mine"])
    assert "unit_costs.csv, unit_cost, row 2: ''; a number above 0" in done.output


def test_a_file_that_cannot_be_read_leaves_no_study(new, fake_project, tmp_path):
    path = tmp_path / "empty.csv"
    path.touch()
    done = CliRunner().invoke(main, ["new", "mine", "--from", str(path)])
    assert done.exit_code == 2
    assert done.output == "empty.csv: empty; a header and rows\n"
    assert not (fake_project / "data/mine").exists()


@pytest.mark.parametrize(
    ("name", "cells", "kind", "more"),
    [
        ("admitted", ["31-05-2023", "01-06-2023", "12-12-2022"], "date", "dd-mm-yyyy"),
        ("admitted", ["05/31/2023", "06/01/2023", "12/12/2022"], "date", "mm/dd/yyyy"),
        ("ward", ["1", "2", "3", "1", "2", "2"], "category", ""),
        ("smoker", ["1", "0", "0", "1", "0", "1"], "boolean", ""),
        ("profile", ["11111", "21232", "11121", "99999", "33333"], "string", ""),
        ("remark", ["fell out of bed, then slept well", "nothing to be said of this day", None], "text", ""),
        ("weight", ["71,5", "80,25", "n/a", "64,0"], "float", ""),
        ("code", ["A1", "B2", "C3", "D4"], "string", ""),
        ("nothing", [None, " ", None], "text", ""),
    ],
)  # fmt: skip
def test_a_column_is_what_its_cells_say(name, cells, kind, more):
    found = guess_column(name, pd.Series(cells, dtype="str"), {}, ",")
    assert (found.column.type, found.date_format) == (kind, more)
