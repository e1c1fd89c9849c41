"""Programmes that share one budget: by hand, against the planted truth, and what the tables may not hold."""

from __future__ import annotations

import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from places import DATA

from vbhc.chapters.variation import programmes, programmes_shown
from vbhc.problems import StudyError
from vbhc.publish.claims import render
from vbhc.study import load_study
from vbhc.study.declared.programmes import Programmes
from vbhc.synthetic import programmes as made


@pytest.fixture(scope="module")
def study():
    return load_study(str(DATA / "heart-failure"))


@pytest.fixture(scope="module")
def given(study):
    return programmes.load(study)


def test_the_generator_writes_the_committed_files_byte_for_byte(tmp_path):
    for path in made.write(tmp_path):
        assert path.read_bytes() == (DATA / "heart-failure/raw" / path.name).read_bytes()


def test_what_was_planted_is_found(study, given):
    table = programmes.spend_and_outcome(study, given).set_index("programme")
    # Planted: 1.35 times the deaths in circulation, 1.18 times the spend on cancer, nothing else.
    assert table.loc["Circulation", "low"] < 1.35 < table.loc["Circulation", "high"]
    assert table.loc["Cancer", "spend_low"] < 1.18 < table.loc["Cancer", "spend_high"]
    assert list(programmes.apart(table.reset_index())["programme"]) == ["Circulation", "Cancer"]
    vary = programmes.screening(given).set_index("programme")["scv"]
    assert vary["Respiration"] == pytest.approx(100 * 0.25**2, abs=3)  # of the log rate, by 24 areas
    assert vary.drop(["Respiration", "Muscles and bones", "Circulation"]).abs().max() < 0.5
    assert np.isnan(vary["Muscles and bones"])  # nobody dies of it


def test_areas_that_do_not_differ_seldom_stand_apart(study):
    # The interval of spend is of one more such area: of 200 programmes about 5 % lie outside by chance.
    plan = replace(study.config.allocative, here="Area 02")  # whose spend is drawn as that of all others
    there = replace(study, config=replace(study.config, allocative=plan))
    outside = []
    for seed in range(100):
        areas = made.draw(seed).query("programme in ('Respiration', 'Mental health')")
        table = programmes.spend_and_outcome(there, Programmes(areas, None, None, None))
        outside += list((table["spend_low"] > 1) | (table["spend_high"] < 1))
    assert np.mean(outside) == pytest.approx(0.05, abs=0.045)


def test_metrics_stand_beside_the_mean_of_peers_never_the_best(study, given):
    table = programmes.beside_peers(study, given).set_index("metric")
    # Planted: 42 % against 60 % took up rehabilitation, nothing else; 277 patients a year.
    rehab = table.loc["Took up cardiac rehabilitation"]
    assert rehab["difference_low"] < 0.42 - 0.60 < rehab["difference_high"] < 0
    assert rehab["worth"] == pytest.approx(-rehab["n"] * rehab["difference"])
    assert (rehab["worth_low"], rehab["worth_high"]) == pytest.approx(
        (-rehab["n"] * rehab["difference_high"], -rehab["n"] * rehab["difference_low"])
    )
    others = table.drop("Took up cardiac rehabilitation")
    assert (others["difference_low"] < 0).all()
    assert (others["difference_high"] > 0).all()
    assert np.isnan(table.loc["Echocardiogram within two weeks", "worth"])  # better than its peers
    said = programmes_shown.metrics_beside_peers(study, table.reset_index()).says
    assert len(said) == 1
    assert said[0].startswith("Took up cardiac rehabilitation: ")
    none = programmes_shown.metrics_beside_peers(study, others.reset_index()).says
    assert none[0].startswith("No metric of Area 01 is worse")


def test_moving_money_by_hand(study, given):
    table = programmes.moved(study, given).set_index("programme")
    # Claxton 2015: GBP 7,038 and 1,998 a QALY; a million buys 142.1 and 500.5, their quotient is 3.52.
    assert table.loc["Circulation", ["gained", "lost"]].tolist() == pytest.approx([500.5, 142.1], abs=0.05)
    assert table.loc["Circulation", "weight"] == pytest.approx(7038 / 1998)
    assert table.loc["Circulation", "estimate"] == pytest.approx(1e6 / 1998 - 1e6 / 7038)
    # Both ranges are half to twice: the log quotient has sd 2 ln 2 / 1.96 / sqrt 2, so P = Phi(1.259 / 0.5).
    assert table.loc["Circulation", "probability"] == pytest.approx(0.994, abs=0.006)
    assert "Respiration" not in table.index
    look, beside = programmes.screening(given), programmes.spend_and_outcome(study, given)
    net, most, *_ = programmes_shown.programmes_answer(study, look, beside, table.reset_index()).says
    # The largest move is from mental health, at GBP 18,744 a QALY: 53.4 are lost.
    largest = "The net gain of moving GBP 1,000,000 from mental health to respiration would be 447 QALYs (19"
    assert render(net).startswith(largest)
    assert most.startswith("501 QALYs would be gained and 53 lost, ")


def test_options_are_benefit_times_people_over_cost(given):
    table = programmes.star(given).set_index("option")
    assert table.loc["Exercise after a heart attack", "estimate"] == pytest.approx(1400 * 0.03 / 3.3)
    assert list(table["estimate"]) == sorted(table["estimate"], reverse=True)
    assert programmes_shown.what_options_give(None, programmes.star(given).iloc[:0]) is None


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("study.yml", "here: Area 01", "here: Area 91", "no area 'Area 91'"),
        ("programme_returns.csv", "Cancer,16997", "Canser,16997", "no programme 'Canser'"),
        ("programme_returns.csv", "Cancer,16997,8499", "Cancer,16997,0", "low of 0 or less"),
        ("raw/metrics.csv", "rehabilitation,higher", "rehabilitation,more", "'more'; higher or lower"),
        ("raw/metrics.csv", ",0.3791", ",0.5791", "Area 01, Took up cardiac rehabilitation: 0.579"),
        ("programme_options.csv", ",900,0.045", ",some,0.045", "'some'; a number"),
    ],
)
def test_faults_of_the_tables_are_named(tmp_path, file, old, new, said):
    folder = shutil.copytree(
        DATA / "heart-failure", tmp_path / "s", ignore=shutil.ignore_patterns("runs", "clean")
    )
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new))
    with pytest.raises(StudyError, match=said):
        programmes.load(load_study(str(folder)))


def test_a_table_without_options_is_a_table(tmp_path, study):
    folder = shutil.copytree(
        DATA / "heart-failure", tmp_path / "s", ignore=shutil.ignore_patterns("runs", "clean")
    )
    text = (folder / "study.yml").read_text()
    (folder / "study.yml").write_text(text.replace("  options: programme_options.csv\n", ""))
    assert isinstance(programmes.star(programmes.load(load_study(str(folder)))), pd.DataFrame)


def test_the_name_of_a_programme_stands_clear_of_the_bars_of_others(study, given):
    """The name of one stood across the bar of another, as if it were that one's."""
    drawing = programmes_shown.beside_others(study, programmes.spend_and_outcome(study, given)).drawing
    axes = drawing.draw(drawing.data, Figure().subplots())
    rows = drawing.data.dropna(subset="estimate").set_index("programme")
    for name in axes.texts:
        own, y = rows.loc[name.get_text()], name.xy[1]
        ends = {"above": own["high"], "below": own["low"]}
        bars = rows.drop(name.get_text()).query("spend_low <= @own.spend <= spend_high")["estimate"]
        room = {side: (bars - end).abs().min() for side, end in ends.items() if len(bars)}
        assert not room or abs(y - ends[max(room, key=room.get)]) < 1e-9
    assert "not available" not in drawing.alt(drawing.data)
