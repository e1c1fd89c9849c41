"""The 19 invented interviews hold what was planted; the shipped files are what the generator writes."""

from __future__ import annotations

import zipfile
from xml.etree import ElementTree

import pandas as pd
import pytest
from places import DATA
from refi_schema import schema_faults

from vbhc import interviews
from vbhc.chapters.stakeholders.coders import coder_agreement
from vbhc.statistics import presence, profiles
from vbhc.synthetic import interviews as synthetic
from vbhc.synthetic.interviews import PLANTED

RAW = DATA / "heart-failure" / "raw"
MAIN = [*["V1", "V2", "V3", "V4", "V5", "K1", "K2", "K3", "O1", "P1", "P2", "B1", "B2", "B3", "B4"]]
# clinicians of 11, non-clinicians of 8 who raise the code, as planned
PLAN = {"V1": (10, 3), "V2": (9, 2), "V3": (3, 7), "K2": (7, 1), "K3": (4, 7), "B4": (2, 5), "T1": (0, 1)}


@pytest.fixture(scope="module")
def shipped() -> interviews.Interviews:
    return interviews.read(RAW / "interviews.qdpx", RAW / "participants.csv")


@pytest.fixture(scope="module")
def roles(shipped) -> pd.Series:
    return shipped.participants.set_index("participant")["role"]


def test_the_shipped_files_are_what_the_generator_writes(tmp_path):
    for path in synthetic.write(tmp_path):
        assert path.read_bytes() == (RAW / path.name).read_bytes(), path.name


def test_the_shipped_project_is_valid_against_the_schema():
    with zipfile.ZipFile(RAW / "interviews.qdpx") as archive:
        assert archive.testzip() is None
        assert schema_faults(ElementTree.fromstring(archive.read("project.qde"))) == []


def test_reading_gives_back_what_was_made(shipped):
    made = synthetic.make()
    for table in ("documents", "codes", "segments"):
        pd.testing.assert_frame_equal(getattr(shipped, table), getattr(made, table), obj=table)
    order = ["seg", "code", "coder"]
    pd.testing.assert_frame_equal(
        shipped.codings.sort_values(order, ignore_index=True),
        made.codings.sort_values(order, ignore_index=True),
    )
    pd.testing.assert_frame_equal(
        shipped.participants, made.participants[shipped.participants.columns], check_dtype=False
    )


def test_nothing_was_dropped_and_nothing_is_odd(shipped):
    assert not shipped.report["status"].isin(["dropped", "warning"]).any()


@pytest.mark.parametrize("coder", [None, "coder A"])
def test_presence_is_exactly_as_planted(shipped, coder):
    planted = synthetic.planted_presence()
    own = shipped.codings[shipped.codings["coder"].isin([coder]) | (coder is None)]
    found = interviews.presence(shipped._replace(codings=own))
    pd.testing.assert_frame_equal(found.loc[planted.index, planted.columns], planted, check_names=False)


@pytest.mark.parametrize("code", PLAN)
def test_counts_by_role_are_as_planned(shipped, roles, code):
    raised = interviews.presence(shipped)[code].groupby(roles).sum()
    assert (raised["clinician"], raised["non-clinician"]) == PLAN[code]


def test_interviewees_are_as_planned(shipped):
    people = shipped.participants
    assert people["role"].value_counts().to_dict() == {"clinician": 11, "non-clinician": 8}
    professions = people["profession"].value_counts()
    assert professions[["physician", "nurse", "allied health", "manager"]].tolist() == [6, 3, 2, 3]
    assert people["site"].nunique() == 3
    assert people["minutes"].between(30, 75).all()
    assert people.loc[people["consent_quote"] == "no", "participant"].tolist() == [PLANTED.no_consent]


def test_lengths_of_the_interviews(shipped):
    sizes = shipped.segments["participant"].value_counts()
    assert sizes[PLANTED.short] == 6
    assert sizes.drop(PLANTED.short).between(18, 45).all()


def test_the_whole_profile_differs_as_planted(shipped, roles):
    row = profiles.permanova(interviews.presence(shipped, MAIN), roles).iloc[0]
    assert row["statistic"] == pytest.approx(3.655366, abs=1e-6)
    assert row["p"] == pytest.approx(0.000992, abs=1e-6)


def test_the_trap_catches_the_naive_test_and_only_it(shipped, roles):
    counts = interviews.code_counts(shipped)
    table = presence.naive_segment_test(counts, interviews.segment_totals(shipped), roles).set_index("code")
    row = table.loc[PLANTED.trap_code]
    assert counts.loc[PLANTED.trap_person, PLANTED.trap_code] == PLANTED.trap_segments
    assert row["naive_p"] < 0.001
    assert row["misleads"]
    fisher = presence.compare_codes(interviews.presence(shipped), roles).set_index("code")["fisher_p"]
    assert fisher[PLANTED.trap_code] == pytest.approx(8 / 19)


def test_the_second_coder_agrees_as_planned(shipped):
    table = coder_agreement(shipped, sorted(set(shipped.codings["code"])), n_resamples=200).set_index("code")
    assert table.loc[MAIN, "alpha"].between(0.70, 0.85).all()
    rare = table.loc[PLANTED.rare_code]
    assert rare["prevalence"] == pytest.approx(0.03, abs=0.005)
    assert abs(rare["kappa"]) < 0.05
    assert rare["ac1"] > 0.9
    second = shipped.codings[shipped.codings["coder"] == "coder B"].merge(shipped.segments, on="seg")
    assert set(second["participant"]) == set(PLANTED.double_coded)


def test_the_planted_place_stands_in_one_quotation_of_somebody_who_consents(shipped):
    table = interviews.quotations(shipped)
    places = table[table["text"].str.contains(PLANTED.place_name)]
    assert places["text"].unique().tolist() == [PLANTED.place_quote]
    assert places["participant"].unique().tolist() == [PLANTED.place_person]
    assert places["consent_quote"].unique().tolist() == ["yes"]
    assert places["code"].unique().tolist() == [PLANTED.place_code]


def test_another_seed_gives_other_words_and_the_same_presence():
    made = synthetic.make(seed=7)
    assert made.documents["text"].tolist() != synthetic.make().documents["text"].tolist()
    planted = synthetic.planted_presence()
    found = interviews.presence(made)
    pd.testing.assert_frame_equal(found.loc[planted.index, planted.columns], planted, check_names=False)
