"""Patient-level cost lines: to the penny or not at all, and nobody's cost is lost."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from vbhc import cleaning
from vbhc.chapters.variation import plics
from vbhc.cleaning.costs.plics import pence, rolled_up
from vbhc.problems import StudyError
from vbhc.study import load_study

STUDY = """title: Lines
sources:
  patients: {file: raw/patients.csv}
  lines: {file: raw/lines.csv, layout: plics}
visits: {once: {label: Once}}
cost: {currency: GBP, price_year: 2024, perspective: hospital, lines: lines,
       declared_total: 1000.10, mff: 1.25,
       components: {staff: [nursing, medical], things: [drugs]}}
"""
DICTIONARY = """name,label,type,unit,min,max,allowed,missing_codes,direction,source,derived_from,\
reference,collected_at
patient_id,Patient,string,,,,,,,patients,,,
age,Age,integer,years,0,120,,,,patients,,,
"""
# p1: two episodes in one spell and one in another, and one episode that is not complete; p9 is nobody here.
LINES = """patient_id,spell,episode,complete,activity,resource,cost
p1,s1,e1,yes,ward stay,nursing,100.10
p1,s1,e1,yes,theatre,drugs,50.00
p1,s1,e2,yes,ward stay,medical,25.00
p1,s2,e3,yes,ward stay,nursing,200.00
p1,s3,e4,no,ward stay,nursing,300.00
p2,s4,e5,yes,ward stay,drugs,125.00
p9,s9,e9,yes,ward stay,nursing,200.00
"""


@pytest.fixture
def study(tmp_path):
    def made(lines: str = LINES, declared: str = STUDY):
        (tmp_path / "s/raw").mkdir(parents=True, exist_ok=True)
        (tmp_path / "s/study.yml").write_text(declared)
        (tmp_path / "s/dictionary.csv").write_text(DICTIONARY)
        (tmp_path / "s/raw/lines.csv").write_text(lines)
        (tmp_path / "s/raw/patients.csv").write_text("patient_id,age\np1,70\np2,71\np3,72\n")
        return load_study(str(tmp_path / "s"))

    return made


def test_a_cost_per_patient_by_hand(study):
    patients = cleaning.clean(study()).patients.set_index("patient_id")
    # p1: (100.10 + 50 + 25 + 200) / 1.25, without the incomplete episode; p3 has no line, so none is known.
    assert patients.loc["p1", "cost_gbp_2024"] == pytest.approx(375.10 / 1.25)
    assert patients.loc["p1", "cost_staff_gbp_2024"] == pytest.approx(325.10 / 1.25)
    assert patients.loc["p2", "cost_gbp_2024"] == pytest.approx(100)
    assert np.isnan(patients.loc["p3", "cost_gbp_2024"])


def test_every_part_of_the_total_is_told(study):
    one = study()
    cleaned = cleaning.clean(one)
    cleaning.write_clean(one, cleaned)
    lines = plics.cost_lines(one)
    matched = pd.DataFrame(lines.attrs["matched"])
    assert matched["amount"].tolist() == [500.10, 300.0, 200.0, 0.0]
    assert matched["amount"].sum() == pytest.approx(1000.10)
    assert matched["share"].sum() == pytest.approx(1)
    assert matched["lines"].tolist() == [5, 1, 1, 0]
    assert "50.0% of the declared total" in plics.lines_matched(one, lines).says[0]
    assert any("of nobody here: 1 lines, GBP 200.00" in note for note in cleaned.notes)


def test_lines_make_episodes_spells_and_pathways_with_one_total(study):
    lines = cleaning.clean(study()).cost_lines
    levels = rolled_up(lines, "patient_id").set_index("level")
    assert levels["things"].tolist() == [4, 3, 2]
    assert (levels["things"] * levels["mean"]).to_numpy() == pytest.approx(500.10 / 1.25)
    assert levels.loc["spells", "median"] == pytest.approx(175.10 / 1.25)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("200.00\np1,s3", "200.01\np1,s3", r"lines add up to 1,000.11, and 1,000.10 is declared: \+0.01"),
        ("p9,s9,e9,yes,ward stay,nursing,200.00\n", "", r"lines add up to 800.10.*-200.00"),
        ("125.00", "", "1 lines without an amount"),
    ],
)
def test_a_penny_too_many_or_a_line_too_few_is_refused(study, old, new, said):
    with pytest.raises(StudyError, match=said):
        cleaning.clean(study(LINES.replace(old, new)))


def test_a_resource_of_no_component_is_told_with_its_amount(study):
    cleaned = cleaning.clean(study(LINES.replace("e5,yes,ward stay,drugs", "e5,yes,ward stay,wine")))
    matched = pd.DataFrame(cleaned.cost_lines.attrs["matched"]).set_index("part")
    assert matched.loc["set aside for another reason", "amount"] == 125


def test_an_episode_of_two_spells_is_refused(study):
    lines = cleaning.clean(study(LINES.replace("p1,s1,e2", "p1,s1,e3"))).cost_lines
    with pytest.raises(StudyError, match="episode 'e3' belongs to more than one spell"):
        rolled_up(lines, "patient_id")


def test_amounts_are_exact():
    # 0.1 + 0.2 is not 0.3 in binary: in pennies it is.
    assert pence(pd.Series(["0,1", "0,2", "1.234,50"]), ",").tolist() == [10, 20, 123450]
    assert np.isnan(pence(pd.Series(["ten"]))).all()


def test_lines_need_a_total_and_no_prices(study):
    with pytest.raises(StudyError, match="declared_total"):
        study(declared=STUDY.replace("declared_total: 1000.10, ", ""))
