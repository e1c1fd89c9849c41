"""The 26 invented interviews meet every published count; the shipped files are what the generator writes."""

from __future__ import annotations

import csv
import re
import zipfile
from xml.etree import ElementTree

import pandas as pd
import pytest
import yaml
from places import DATA
from refi_schema import schema_faults

from vbhc import interviews
from vbhc.chapters.stakeholders.coders import coder_agreement
from vbhc.cleaning import coded_interviews
from vbhc.run.needs import left_out
from vbhc.statistics import profiles
from vbhc.statistics.presence import compare_codes
from vbhc.study import load_study
from vbhc.synthetic import professionals
from vbhc.synthetic.professionals import ACTIVITIES, PLANTED, ROLE, mechanisms
from vbhc.synthetic.tables import entries

FOLDER = DATA / "professionals"
MADE = ("raw/interviews.qdpx", "raw/participants.csv", "raw/staff.csv", "truth.yml")
with (FOLDER / "targets.csv").open(encoding="utf-8", newline="") as handle:
    TARGETS = list(csv.DictReader(handle))

ASPECTS = list(dict.fromkeys(row["aspect"] for row in entries("professionals_utterances") if row["aspect"]))


def statistics(coded: interviews.Interviews) -> dict[str, int]:
    """Return what `targets.csv` aims at: interviewees by attribute and by aspect of what they say."""
    people = coded.participants.set_index("participant")
    said = coded.segments.merge(coded.codings[["seg", "code"]].drop_duplicates(), on="seg")
    raised = pd.crosstab(said["participant"], said["code"]).reindex(people.index, fill_value=0) > 0
    aspects = said.assign(aspect=said["comment"].str.removeprefix("aspect: "))
    who = aspects[aspects["aspect"] != ""].groupby("aspect")["participant"].agg(set)
    activities = people[list(ACTIVITIES.values())].eq("yes")
    physicians = set(people.index[people[ROLE] == "physician"])
    counts = {
        "n": len(people),
        "n_physicians": len(physicians),
        "n_female": (people["gender"] == "F").sum(),
        "n_hospitals": people["hospital"].nunique(),
        "n_university": people.loc[people["hospital_type"] == "university", "hospital"].nunique(),
        "n_in_group": people.loc[people["hospital_group"] == "yes", "hospital"].nunique(),
        "n_disciplines": people["discipline"].nunique(),
        **{f"n_{name}": activities[name].sum() for name in activities},
        "n_all_three": activities.all(axis=1).sum(),
        "fewest_activities": activities.sum(axis=1).min(),
        "n_low_use": people["proms_use"].isin(["never", "calm shifts", "avoids"]).sum(),
        "n_scaled_back": (people["scaled_back"] == "yes").sum(),
        "n_positive_impact": raised[["M1a", "M1b", "M1c"]].any(axis=1).sum(),
        "n_slow_progress": raised["M1f"].sum(),
        "n_less_joy": raised[["M2f", "M2g"]].any(axis=1).sum(),
        "n_tasks_as_before": raised["M2d"].sum(),
        "n_joy_as_before": raised["M2e"].sum(),
        **{f"n_{name.replace(' ', '_')}": len(who.get(name, ())) for name in ASPECTS},
        "n_task_shift_physicians": len(who.get("task shift", set()) & physicians),
        "n_surety_of_i07": raised.loc["I07", "S3d"],
        "n_mechanisms": len(mechanisms()),
        "n_frame_codes": len(entries("professionals_codes")) - len(mechanisms()),
    }
    return {name: int(value) for name, value in counts.items()}


@pytest.fixture(scope="module")
def shipped() -> interviews.Interviews:
    return coded_interviews.read_interviews(load_study(str(FOLDER)))


@pytest.fixture(scope="module")
def counted(shipped) -> dict[str, int]:
    return statistics(shipped)


def test_the_shipped_files_are_what_the_generator_writes(tmp_path):
    written = professionals.write(tmp_path)
    assert sorted(str(path.relative_to(tmp_path)) for path in written) == sorted(MADE)
    for name in MADE:
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes(), name


def test_the_shipped_project_is_valid_against_the_schema():
    with zipfile.ZipFile(FOLDER / "raw/interviews.qdpx") as archive:
        assert schema_faults(ElementTree.fromstring(archive.read("project.qde"))) == []


@pytest.mark.parametrize("row", TARGETS, ids=lambda row: row["statistic"])
def test_every_published_count_is_met(row, counted):
    assert abs(counted[row["statistic"]] - float(row["value"])) <= float(row["tolerance"]), row["target"]


def test_every_count_has_a_target_and_a_status(counted):
    assert {row["statistic"] for row in TARGETS} == set(counted)
    assert {row["status"] for row in TARGETS} == {"SEEN", "DERIVED", "ASSUMED"}


def test_reading_gives_back_what_was_made(shipped):
    made = professionals.make()
    for table in ("documents", "codes", "segments"):
        pd.testing.assert_frame_equal(getattr(shipped, table), getattr(made, table), obj=table)
    assert not shipped.report["status"].isin(["dropped", "warning"]).any()


@pytest.mark.parametrize("coder", [None, professionals.MAIN_CODER])
def test_presence_is_exactly_as_planted(shipped, coder):
    planted = professionals.planted_presence()
    own = shipped.codings[shipped.codings["coder"].isin([coder]) | (coder is None)]
    found = interviews.presence(shipped._replace(codings=own))
    pd.testing.assert_frame_equal(found.loc[planted.index, planted.columns], planted, check_names=False)


def test_truth_says_what_was_planted():
    truth = yaml.safe_load((FOLDER / "truth.yml").read_text(encoding="utf-8"))
    planted = professionals.planted_presence().sum()
    said = {code: row["nurse"] + row["physician"] for code, row in truth["interviewees_who_raise"].items()}
    assert said == planted.to_dict()


def test_nobody_speaks_of_an_activity_that_is_not_theirs(shipped):
    people = shipped.participants.set_index("participant")
    counts = interviews.code_counts(shipped, list(professionals.ACTIVITIES))
    for code, column in professionals.ACTIVITIES.items():
        assert counts.loc[people[column] == "no", code].sum() == 0


def test_every_passage_has_an_outcome_and_an_activity(shipped):
    main = shipped.codings[shipped.codings["coder"] == professionals.MAIN_CODER]
    parents = main["code"].map(shipped.codes.set_index("code")["parent"]).groupby(main["seg"]).agg(set)
    assert len(parents) == len(shipped.segments)
    assert parents.map(lambda found: {"Outcome", "Activity"} <= found).all()


def test_three_coders_as_published(shipped):
    table = shipped.codings.merge(shipped.segments[["seg", "doc"]], on="seg")
    assert table.groupby("coder")["doc"].nunique().to_dict() == {"coder A": 8, "coder B": 8, "coder C": 26}
    agreement = coder_agreement(shipped, sorted(set(shipped.codings["code"])), n_resamples=10).set_index(
        "code"
    )
    assert agreement["n_coders"].unique().tolist() == [3]
    assert 0.70 <= agreement.loc[[f"A{n}" for n in (1, 2, 3)], "alpha"].median() <= 0.85


def test_the_roles_do_not_differ_as_a_whole(shipped):
    """None was planted; one code of 33 looks different alone, and no longer when all are judged together."""
    codes = list(professionals.planted_presence())
    presence, roles = interviews.presence(shipped, codes), interviews.groups(shipped, "role")
    assert profiles.permanova(presence, roles)["p"].iloc[0] > 0.05
    table = compare_codes(presence, roles)
    assert (table["mid_p"] < 0.05).sum() == 1
    assert (table["max_t_p"] > 0.05).all()


def test_the_planted_name_and_the_missing_consents_are_there(shipped):
    named = shipped.segments[shipped.segments["text"].str.contains(PLANTED.name)]
    assert named["participant"].tolist() == [PLANTED.name_person]
    people = shipped.participants
    assert tuple(people.loc[people["consent_quote"] == "no", "participant"]) == tuple(PLANTED.no_consent)


def test_utterances_are_short_and_say_nothing_twice_in_a_row(shipped):
    assert shipped.segments["text"].str.len().max() < 250
    for text in shipped.documents["text"]:
        assert not re.search(r"(\b[A-Z][^.]+\.) \1", text)


def test_the_notebooks_on_patients_are_left_out_with_a_reason():
    notebooks = ["01-cleaning", "02-value-quota", "03-perception", "04-stakeholders"]
    reasons = left_out(load_study(str(FOLDER)).config, notebooks)
    assert set(reasons) == {"02-value-quota", "03-perception"}
    assert "no costs" in reasons["02-value-quota"]


def test_another_seed_gives_other_words_and_the_same_counts():
    other = professionals.make(seed=7)
    assert other.documents["text"].tolist() != professionals.make().documents["text"].tolist()
    assert statistics(other) == statistics(professionals.make())
