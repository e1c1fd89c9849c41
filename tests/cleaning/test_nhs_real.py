"""Real NHS England PROMs: what the publisher printed comes out of the cleaned records again.

Every acceptance test runs twice: on the published files (skipped where they are absent; they are no part of
the repository) and on the look-alike, so that the paths themselves are always tested.
"""

from __future__ import annotations

import nhs_packs
import pandas as pd
import pytest

from vbhc import cleaning
from vbhc.run import checking

real = pytest.param(
    "real", marks=pytest.mark.skipif(not nhs_packs.real_files_present(), reason=nhs_packs.ABSENT)
)
PACKS = [real, "look-alike"]
ROWS = {("real", "hip"): 41_280, ("real", "knee"): 45_997}


@pytest.fixture(scope="session")
def packs(tmp_path_factory):
    """Return a function (pack, procedure) -> (study, cleaned), each made once."""
    made = {}

    def get(pack: str, procedure: str):
        if (pack, procedure) not in made:
            folder = tmp_path_factory.mktemp(f"{pack}-{procedure}")
            make = nhs_packs.real_study if pack == "real" else nhs_packs.lookalike_study
            study = make(procedure, folder)
            made[pack, procedure] = (study, cleaning.clean(study), folder)
        return made[pack, procedure]

    return get


@pytest.fixture(params=["hip", "knee"])
def procedure(request) -> str:
    return request.param


@pytest.fixture(params=PACKS)
def pack(request) -> str:
    return request.param


def test_every_record_is_kept_and_every_code_known(packs, pack, procedure):
    study, cleaned, _ = packs(pack, procedure)
    assert len(cleaned.patients) == ROWS.get((pack, procedure), 2000)
    assert cleaned.quarantine.empty
    assert checking.inspect(study).problems == []


@pytest.mark.parametrize("visit", ["baseline", "6m"])
def test_published_eq5d_index_is_reproduced_exactly(packs, pack, procedure, visit):
    patients = packs(pack, procedure)[1].patients
    scored, published = patients[f"eq5d_index_{visit}"], patients[f"published_eq5d_index_{visit}"]
    assert (scored.isna() == published.isna()).all()
    assert (scored - published).abs().max() < 5e-13  # the same three decimals, up to binary rounding


@pytest.mark.parametrize("visit", ["baseline", "6m"])
def test_published_profile_is_the_items_side_by_side(packs, pack, procedure, visit):
    patients = packs(pack, procedure)[1].patients
    items = patients[[f"eq5d_{item}_{visit}" for item in ("mo", "sc", "ua", "pd", "ad")]].fillna(9)
    digits = (items * [10_000, 1_000, 100, 10, 1]).sum(axis=1)
    assert (digits == patients[f"eq5d_profile_{visit}"].astype(int)).all()


@pytest.mark.parametrize("visit", ["baseline", "6m"])
def test_published_oxford_score_is_the_sum_of_its_items(packs, pack, procedure, visit):
    stem = {"hip": "ohs", "knee": "oks"}[procedure]
    patients = packs(pack, procedure)[1].patients
    scored, published = patients[f"{stem}_{visit}"], patients[f"published_{stem}_{visit}"]
    items = patients[[f"{stem}_{number}_{visit}" for number in range(1, 13)]]
    assert (scored.isna() == published.isna()).all()
    assert (scored.dropna() == published.dropna()).all()
    assert (items.sum(axis=1, skipna=False).dropna() == published.dropna()).all()
    assert not items.isna().sum(axis=1).isin([1, 2]).any()  # the publisher has filled those in


def test_comorbidity_nine_is_not_ticked(packs, pack, procedure):
    patients = packs(pack, procedure)[1].patients
    assert patients["diabetes"].notna().all()
    assert 0.05 < patients["diabetes"].mean() < 0.2


def test_suppressed_age_and_gender_are_missing(packs, pack, procedure):
    patients = packs(pack, procedure)[1].patients
    assert (patients["age_band"].isna() == patients["gender"].isna()).all()
    assert 0.03 < patients["gender"].isna().mean() < 0.15
    assert set(patients["gender"].dropna()) == {"male", "female"}


STEMS = {
    "EQ VAS": "eq_vas",
    "EQ-5D Index": "eq5d_index",
    "Oxford Hip Score": "ohs",
    "Oxford Knee Score": "oks",
}


def beside_published(packs, pack: str, procedure: str, year: str) -> pd.DataFrame:
    """Ours beside the publisher's: a row per measure, primary or revision, and provider."""
    _, cleaned, folder = packs(pack, procedure)
    published = nhs_packs.published_summary(folder, year if pack == "real" else "")
    published = published[
        (published["Organisation Type"] == "Provider")
        & published["Procedure"].str.startswith(procedure.capitalize())
    ]
    published = published[~published["Modelled Records"].isin(["*"])]
    parts = []
    for measure, rows in published.groupby("Measure"):
        ours = nhs_packs.per_provider(cleaned.patients, STEMS[measure])
        revision = rows["Procedure"].str.rpartition(" ")[2].str.lower()
        keys = pd.MultiIndex.from_arrays([revision, rows["Organisation Code"]], names=ours.index.names)
        theirs = rows[["Modelled Records", "Health Gain", "Improved", "Same", "Worse"]].apply(
            pd.to_numeric, errors="coerce"
        )
        theirs = theirs.set_axis(["n", "gain", "improved", "same", "worse"], axis=1).add_prefix("published_")
        parts.append(theirs.set_index(keys).join(ours).assign(measure=measure))
    return pd.concat(parts)


def test_knee_2017_18_equals_the_publisher_in_every_row(packs, pack):
    """Number, gain and improved / same / worse of every provider, primary and revision, all three measures.

    Providers with under six records are not in the record file, so their rows cannot be compared.
    """
    both = beside_published(packs, pack, "knee", "2017-18").dropna(subset=["published_n", "published_gain"])
    providers = set(packs(pack, "knee")[1].patients["provider"])
    inside = both.index.get_level_values("provider").isin(providers)
    assert (both.loc[~inside, "published_n"] < 6).all()
    both = both[inside]
    assert len(both) == (1239 if pack == "real" else 153)
    assert (both["n"] == both["published_n"]).all()
    assert (both["gain"] - both["published_gain"]).abs().max() <= 5.1e-5  # four decimals are printed
    for count in ("improved", "same", "worse"):
        assert (both[count] == both[f"published_{count}"]).all()


@pytest.mark.parametrize("pack", [real])
def test_hip_2018_19_is_near_the_publisher(packs, pack):
    """The 2018/19 record file is another cut: n was measured equal in 62% of rows, -11 to +7 else."""
    both = beside_published(packs, pack, "hip", "2018-19").dropna(subset=["n", "published_n"])
    difference = both["n"] - both["published_n"]
    assert (difference == 0).mean() > 0.5
    assert difference.abs().max() <= 11
    same = both[(difference == 0) & both["published_gain"].notna()]
    assert ((same["gain"] - same["published_gain"]).abs() <= 5.1e-5).mean() > 0.9


@pytest.mark.parametrize("pack", [real])
@pytest.mark.parametrize(
    ("procedure", "stem", "rho"),
    # Spearman of gain with satisfaction turned round: hip 2018/19, knee 2017/18 of three years measured
    [("hip", "ohs", 0.430), ("knee", "oks", 0.531)],
)
def test_oxford_gain_goes_with_satisfaction(packs, pack, procedure, stem, rho):
    patients = packs(pack, procedure)[1].patients
    found = patients[f"{stem}_change"].corr(patients["perceived_value"], method="spearman")
    raw = patients[f"{stem}_change"].corr(patients["satisfaction"], method="spearman")
    assert found == pytest.approx(rho, abs=0.0015)
    assert raw == pytest.approx(-found)  # low codes mean good


def test_gain_and_state_after_have_the_right_sign(packs, pack, procedure):
    stem = {"hip": "ohs", "knee": "oks"}[procedure]
    patients = packs(pack, procedure)[1].patients
    gain = patients[f"{stem}_change"].corr(patients["perceived_value"], method="spearman")
    after = patients[f"{stem}_6m"].corr(patients["perceived_value"], method="spearman")
    assert 0.2 < gain < after


def test_cost_follows_the_events(packs, pack, procedure):
    study, cleaned, _ = packs(pack, procedure)
    patients = cleaned.patients
    price = pd.read_csv(study.folder / "unit_costs.csv").set_index("resource")["unit_cost"]
    plain = (patients["revision"] == "primary") & ~patients[
        ["readmitted", "further_surgery", "allergy", "bleeding", "wound", "urine"]
    ].fillna(False).any(axis=1)
    assert (patients.loc[plain, study.cost_column] == price["primary_replacement"]).all()
    readmitted = patients["readmitted"].fillna(False).astype(bool)
    assert (
        patients.loc[readmitted, study.cost_component_column("readmission")] == price["readmission"]
    ).all()
    assert patients[study.cost_column].notna().all()
    variation = patients[study.cost_column].std() / patients[study.cost_column].mean()
    assert 0.15 < variation < 0.30  # .23 to .25 measured for this model
    assert any(note.startswith("readmitted is missing for") for note in cleaned.notes)


@pytest.mark.parametrize("pack", PACKS)
def test_whole_hip_file_is_cleaned_in_little_memory_and_time(packs, pack):
    _, cleaned, _ = packs(pack, "hip")
    assert cleaned.patients.memory_usage(deep=True).sum() < 150e6


def test_unknown_header_stops_the_study(tmp_path):
    study = nhs_packs.lookalike_study("hip", tmp_path)
    path = study.source_file("proms")
    path.write_text(path.read_text().replace("Post-Op Q Wound", "Post-Op Q Wounds"))
    messages = [str(problem) for problem in checking.inspect(study).problems]
    assert messages == [
        "data/nhs-hip/raw/hip-provider-2018-19.csv, row 1: unknown header 'Post-Op Q Wounds'; "
        "did you mean 'Post-Op Q Wound'?",
        "data/nhs-hip/raw/hip-provider-2018-19.csv, row 1: no column 'wound'; "
        "it is in dictionary.csv; add it to the file or take it out there",
    ]


def test_unknown_code_goes_to_the_quarantine(tmp_path):
    study = nhs_packs.lookalike_study("knee", tmp_path)
    records = pd.read_csv(study.source_file("proms"), dtype=str, keep_default_na=False)
    records.loc[7, "Post-Op Q Satisfaction"] = "6"
    records.loc[8, "Post-Op Q EQ VAS"] = "101"
    records.loc[9, "Diabetes"] = "2"
    records.to_csv(study.source_file("proms"), index=False)
    cleaned = cleaning.clean(study)
    assert cleaned.quarantine[["row", "column", "value", "rule"]].values.tolist() == [
        [9, "satisfaction", "6", "above 5"],
        [9, "satisfaction", "6", "not one of 1, 2, 3, 4, 5"],
        [10, "vas_6m", "101", "above 100"],
        [11, "diabetes", "2", "not one of 1, 9"],
    ]
    assert len(cleaned.patients) == 2000
    assert (
        cleaned.patients.loc[[7, 8, 9], ["satisfaction", "vas_6m", "diabetes"]]
        .isna()
        .to_numpy()
        .diagonal()
        .all()
    )
