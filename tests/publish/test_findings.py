"""The one door: what it lets out, what it marks, what it refuses."""

import csv
import io
import json
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report_maker import Recorder, code, door_of, make_study, save

from vbhc.publish import findings
from vbhc.publish.findings import marks
from vbhc.publish.findings.show import show_result
from vbhc.publish.findings.table_text import neutral, write_cell
from vbhc.publish.results import Claim, Result

ARMS = pd.DataFrame({"arm": ["usual", "new"], "n": [84, 3], "gain": [9.3125, -2.0]})


@pytest.fixture
def recorder(monkeypatch):
    return Recorder(monkeypatch)


@pytest.fixture
def door(tmp_path):
    return door_of(make_study(tmp_path))


@pytest.fixture
def strict(tmp_path):
    return door_of(make_study(tmp_path, disclosure="nhs-proms"))


def bars(data, ax):
    ax.bar(data["arm"], data["gain"])
    ax.set_title("New care gains")


def test_every_finding_carries_a_mark_that_fits(door, recorder):
    door.sentence("said", "Gain is 9 points.")
    door.table("by-arm", ARMS, "Gain by arm")
    door.figure("gain", ARMS, bars, "Gain by arm", "Two bars.")
    found = [marks.verified(output) for output in recorder.take()]
    assert [f["kind"] for f in found if f] == ["sentence", "table", "figure"]


@pytest.mark.parametrize("kind", ["text", "svg", "metadata", "missing mark"])
def test_an_altered_output_loses_its_mark(door, recorder, kind):
    door.figure("gain", ARMS, bars, "Gain by arm", "Two bars.")
    output = recorder.take()[0]
    assert marks.verified(output)
    if kind == "text":
        output["data"][marks.MIME]["caption"] = "Gain by patient P0007"
    elif kind == "svg":
        output["data"]["image/svg+xml"] += "<!-- P0007 -->"
    elif kind == "metadata":
        output["metadata"]["vbhc"]["finding"] = "other"
    else:
        output["metadata"] = {}
    assert marks.verified(output) is None


def test_table_shows_numbers_as_readers_write_them(door):
    frame = pd.DataFrame(
        {
            "arm": ["usual"],
            "n": [1234],
            "gain": [-3.456],
            "p": [0.0004],
            "price_year": [2011],
            "better": [True],
            "gone": [np.nan],
        }
    )
    cells = door.table("t", frame, "T")["cells"]
    assert cells == [["usual", "1,234", "−3.46", "<.001", "2011", "yes", "–"]]


@pytest.mark.parametrize(
    ("value", "column", "written"),
    [
        (0.012, "p", ".012"),
        (0.9999, "p", ">.999"),
        (-0.001, "gain", "0.00"),
        (1e6, "cost", "1,000,000.00"),
    ],
)
def test_cells_at_the_edges(value, column, written):
    assert write_cell(value, column, 2) == written


def test_csv_holds_the_same_numbers_without_commas(door):
    frame = pd.DataFrame({"arm": ["a, b"], "n": [1234], "gain": [-3.456]})
    rows = list(csv.reader(io.StringIO(door.table("t", frame, "T")["csv"])))
    assert rows == [["arm", "n", "gain"], ["a, b", "1234", "-3.46"]]


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd", "-x", "@SUM(A1)", "\t=1", " =1", "＝1", "|calc", "\ufeff=1"]
)
def test_text_that_a_spreadsheet_would_run_is_neutralised(text):
    assert neutral(text) == "'" + text


@pytest.mark.parametrize("text", ["-5", "+3.2", "1e-5", "plain", "", "a=b"])
def test_numbers_and_plain_text_stay(text):
    assert neutral(text) == text


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=20))
def test_no_text_makes_a_csv_cell_that_begins_like_a_formula(text):
    kept = neutral(text)
    assert not kept.startswith(("=", "@", "\t", "\r", "|")) or kept == ""


def test_labels_and_units_come_from_the_dictionary(tmp_path):
    from vbhc.study.dictionary import Column

    study = make_study(tmp_path)
    study.dictionary["gain"] = Column("gain", "Change in KCCQ", "float", "points")
    columns = door_of(study).table("t", ARMS, "T", labels={"arm": "Arm"})["columns"]
    assert [(c["label"], c["unit"]) for c in columns] == [
        ("Arm", ""),
        ("n", ""),
        ("Change in KCCQ", "points"),
    ]


def test_data_is_never_markup_in_a_table(door, recorder):
    frame = pd.DataFrame({"<b>arm": ["<script>alert(1)</script>", "a&b"], "n": [10, 20]})
    door.table("t", frame, "<i>cap", notes=["<img src=x>"], labels={"n": "<u>n"})
    html = recorder.take()[0]["data"]["text/html"]
    for tag in ("<script", "<i>", "<img", "<u>", "<s>", "<b>"):
        assert tag not in html


def test_withheld_cells_are_stars_with_a_note(strict):
    table = strict.table("t", ARMS, "T", parts=False)
    assert table["cells"][1] == ["new", "*", "*"]
    assert table["notes"][-1].startswith("* withheld. Counts of 1 to 5 people")
    assert "new,*,*" in table["csv"]
    assert "-2" not in json.dumps(table)


def test_a_sentence_about_too_few_says_that_it_is_withheld_and_why(strict):
    said = strict.sentence("s", "3 of 87 patients died.", counts=(3,), values={"deaths": 3})
    assert (
        said["text"]
        == "This sentence is withheld: it would give a count of 1 to 5 people (policy nhs-proms)."
    )
    assert said["values"] == {}
    assert "87" not in json.dumps(said)


def test_a_small_count_in_a_sentence_is_found_without_being_named(strict):
    assert "withheld" in strict.sentence("s", "3 of 87 patients died.")["text"]
    assert strict.sentence("s", "84 of 87 patients lived.")["text"] == "* of 87 patients lived."
    assert strict.sentence("s", "40 of 87 patients gained.")["text"] == "40 of 87 patients gained."


@pytest.mark.parametrize(
    "text", ["Only 1 patient(s) have a cost.", "44 patients, 2 clinicians.", "3 (4%) died."]
)
def test_a_count_before_people_withholds_the_sentence(strict, text):
    assert "withheld" in strict.sentence("s", text)["text"]
    assert "withheld" in strict.table("t", ARMS, text, notes=[text])["caption"]


def test_a_figure_is_drawn_from_what_the_policy_leaves(strict):
    seen = {}

    def draw(data, ax):
        seen.update(data.set_index("arm")["gain"].to_dict())
        ax.bar(data["arm"], data["gain"])
        ax.set_title("New care (n = 3)")

    made = strict.figure("f", ARMS, draw, lambda d: f"{d['n'].sum():.0f} patients", "Bars", parts=False)
    assert np.isnan(seen["new"])
    assert seen["usual"] == 9.31  # of 9.3125: three digits where people are protected
    assert made["caption"] == "84 patients"
    assert "new,*,*" in made["csv"]


def test_a_figure_of_which_no_number_is_left_is_said_to_be_withheld(strict, recorder):
    few = ARMS.assign(n=[4, 3])
    made = strict.figure("f", few, bars, "Gain by arm: 9.3 and -2", "Bars", base="n")
    assert made["text"].startswith("This figure (f) is withheld: no number of it may be published")
    assert "9.3" not in str(recorder.take())


def test_text_in_a_drawing_is_held_to_the_policy(strict, recorder):
    strict.figure("f", ARMS, lambda d, ax: ax.set_title("New care (n = 3)"), "C", "A", parts=False)
    svg = recorder.take()[0]["data"]["image/svg+xml"]
    assert "n = 3" not in svg
    assert "withheld" in svg


def test_a_figure_needs_alt_text(door):
    with pytest.raises(ValueError, match="'gain' has no alt text"):
        door.figure("gain", ARMS, bars, "Gain by arm", "  ")


def test_a_figure_must_say_how_many_people_it_shows(door):
    points = pd.DataFrame({"x": [1.0, 2.0], "y": [3.0, 4.0]})
    with pytest.raises(ValueError, match="no count column 'n'"):
        door.figure("cloud", points, bars, "C", "A")


def test_identifiers_never_pass(door):
    frame = pd.DataFrame({"patient_id": ["P1"], "n": [1]})
    with pytest.raises(ValueError, match="'patient_id' identifies people"):
        door.table("t", frame, "T")
    with pytest.raises(ValueError, match="'patient_id' identifies people"):
        door.table("t", frame.set_index("patient_id"), "T")
    with pytest.raises(ValueError, match="'patient_id' identifies people"):
        door.figure("f", frame, bars, "C", "A")


@pytest.mark.parametrize("id", ["By arm", "by_arm", "", "../x", "a--b", "A"])
def test_ids_are_safe_file_names(door, id):
    with pytest.raises(ValueError, match="lower-case words"):
        door.sentence(id, "x")


def test_an_unknown_role_names_the_known_ones(door):
    with pytest.raises(ValueError, match="did you mean 'answer'"):
        door.sentence("s", "x", role="anwser")


def test_several_frames_behind_one_figure_share_a_csv(door):
    made = door.figure(
        "two",
        {"bars": ARMS, "line": pd.DataFrame({"x": [1.0, 2.0]})},
        lambda data, ax: ax.plot(data["line"]["x"]),
        "C",
        "A",
    )
    assert made["csv"].splitlines()[0] == "part,arm,n,gain,x"
    assert "line,,,,1.0000" in made["csv"]


def test_same_figure_same_bytes(door, recorder):
    for _ in range(2):
        door.figure("gain", ARMS, bars, "Gain by arm", "Two bars.")
    first, _, second, _ = recorder.take()
    assert first == second


def test_a_figure_leaves_no_open_window(door):
    import matplotlib.pyplot as plt

    before = plt.get_fignums()
    door.figure("gain", ARMS, bars, "Gain by arm", "Two bars.")
    assert plt.get_fignums() == before


def test_panels_give_an_array_of_axes(door):
    def draw(data, axes):
        for ax in axes:
            ax.plot([1, 2])

    assert door.figure("two", ARMS, draw, "C", "A", panels=(1, 2))["kind"] == "figure"


def test_values_are_plain_json(door):
    said = door.sentence("s", "x", values={"r": np.float64(0.123456789), "n": np.int64(3), "gone": np.nan})
    assert said["values"] == {"r": 0.123457, "n": 3, "gone": None}


def test_read_returns_marked_findings_in_order_and_nothing_before_a_run(tmp_path, recorder):
    study = make_study(tmp_path)
    assert findings.read(study) == []
    for name in ("02-value-quota", "01-cleaning"):
        door_of(study, name).sentence("answer", f"From {name}.", role="answer")
        save(study, name, [code("x", recorder.take())])
    assert [f["text"] for f in findings.read(study)] == ["From 01-cleaning.", "From 02-value-quota."]


def test_the_last_value_of_a_cell_shows_nothing_twice(door):
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    try:
        assert shell.display_formatter.format(door.sentence("s", "x")) == ({}, {})
    finally:
        InteractiveShell.clear_instance()


@pytest.mark.parametrize("side", ["x", "y"])
def test_a_label_of_an_axis_that_would_leave_the_drawing_is_broken(side):
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    from vbhc.publish.findings.drawing import fit_labels

    figure = Figure(figsize=(3.6, 3.6), layout="constrained")
    FigureCanvasAgg(figure)
    ax = figure.subplots()
    words = "How the patient rates the results of the operation (more is better)"
    label = ax.set_xlabel(words) if side == "x" else ax.set_ylabel(words)
    fit_labels(figure)
    figure.draw_without_rendering()
    assert "\n" in label.get_text()
    assert label.get_text().split() == words.split()
    box, place = label.get_window_extent(), "xy".index(side)
    assert 0 <= box.min[place] <= box.max[place] <= figure.bbox.size[place]


def test_p_values_are_written_as_such_under_every_name():
    assert write_cell(0.041, "fisher_p", 2) == ".041"
    assert write_cell(0.0001, "max_t_p", 2) == "<.001"
    assert write_cell(0.9995, "max_t_p", 2) == ">.999"  # not 1.000
    assert write_cell(12.0, "p_users", 0) == "12"


def test_a_figure_of_single_people_is_withheld_whole(strict, door):
    people = pd.DataFrame({"code": ["V1", "V1"], "position": [1, 2], "raised": [True, False]})
    drawn = []
    made = strict.figure(
        "map", people, lambda d, ax: drawn.append(1), "C", "A", counts=(), single_people=True
    )
    assert made["text"] == "This figure (map) is withheld: it shows people one by one (policy nhs-proms)."
    assert drawn == []
    kind = door.figure("map", people, lambda d, ax: None, "C", "A", counts=(), single_people=True)["kind"]
    assert kind == "figure"


TIE = {"kind": "tie", "what": "the rating", "estimate": 0.616766, "low": 0.512345, "n": 40, "verdict": "more"}


def test_a_difference_of_shares_is_no_number_behind_a_sentence(strict, door):
    """1.44 (-6.43 to 9.31) fits 15 of 125 against 13 of 123 and nothing else near the rounded 125 and 125."""
    gap = {"kind": "difference", "what": "the share who died", "first": "A", "second": "B", "n": 248}
    gap |= {"estimate": 1.4439, "low": -6.4327, "high": 9.3056, "unit": "percentage points"}
    kept = strict.sentence("s", "As many died.", values=gap)["values"]
    assert kept == {name: gap[name] for name in ("kind", "what", "unit", "first", "second")}
    assert door.sentence("s", "As many died.", values=gap)["values"] == gap


def interval_of(r, n):
    """By Fisher's z, as `statistics.correlation.rank` has it."""
    return [float(np.tanh(np.arctanh(r) + side * 1.96 / np.sqrt(n - 3))) for side in (-1, 1)]


def numbers_that_fit(places):
    """Of how many people a correlation of 0.158 can be that is of 162, by its rounded interval."""
    wanted = np.round([0.158, *interval_of(0.158, 162)], places).tolist()
    near = np.arange(0.150, 0.170, 0.0001)
    fits = lambda r, n: np.round([r, *interval_of(r, n)], places).tolist() == wanted  # noqa: E731
    return [n for n in range(140, 190) if any(fits(r, n) for r in near)]


def test_an_interval_near_zero_has_no_third_decimal_that_gives_n(strict, door):
    low, high = interval_of(0.158, 162)
    claim = Claim("tie", "the rating", 0.158, low, high, 162, first="the gain")
    open_, said = (show_result(one, Result("tie", says=[claim]))[0] for one in (door, strict))
    assert "0.004 to 0.305" in open_["text"]
    assert "0.00 to 0.30" in said["text"]
    assert said["values"]["low"] == 0.0
    assert len(numbers_that_fit(3)) == 2
    assert len(numbers_that_fit(2)) == 15


def test_numbers_behind_a_sentence_are_no_counts_and_have_few_digits(strict, door):
    """Of fewer than 250 only 103 of 167 have these six digits of a share; -.408 was a fall of 166 and 26."""
    share = {"kind": "share", "what": "answered", "estimate": 0.616766, "k": 103, "verdict": "known"}
    values = {**TIE, "level": 0.9, "among": {"died": 4}, "claim_2": share}
    kept = strict.sentence("s", "Most of them lived.", values=values)["values"]
    assert kept == {
        "kind": "tie",
        "what": "the rating",
        "estimate": 0.62,
        "low": 0.51,
        "level": 0.9,
        "verdict": "more",
        "claim_2": {"kind": "share", "what": "answered", "verdict": "known"},
    }
    assert door.sentence("s", "Most of them lived.", values=values)["values"].keys() == values.keys()


@pytest.mark.parametrize(
    "text", ["Three patients died.", "2.5% of 40 patients died.", "None but two answered."]
)
def test_a_small_count_in_any_form_withholds_the_sentence(strict, text):
    assert "withheld" in strict.sentence("s", text)["text"]
    assert "withheld" in strict.table("t", ARMS, text)["caption"]


def test_columns_declared_to_count_things_are_named_in_the_finding(strict, door):
    frame = pd.DataFrame({"scale": ["x"], "n_items": [4], "n": [90]})
    assert strict.table("t", frame, "T", not_people=["n_items"])["things"] == ["n_items"]
    assert "things" not in door.table("t", frame, "T", not_people=["n_items"])


HOSTILE = [
    "<script>alert(1)</script>",
    "</style><b>x",
    "</script><!--",
    "a & b &lt; c",
    'say "hi" it\'s',
    "=cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "abc\u202ecba",
    "zero\u200bwidth\ufeff",
    "bell\u0007\u0000",
    "{{ 7 * 7 }} {% raw %}",
    "$x_1$ costs $5 & $6",
    "\ue0000\ue000",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_from_data_is_markup_a_formula_or_hidden(door, recorder, text):
    from xml.etree import ElementTree

    frame = pd.DataFrame({f"label {text}": [text, "b"], "n": [40, 50], "quote": ["plain", text]})
    table = door.table("t", frame, text or "T", notes=[text], labels={"n": text})
    door.sentence("s", f"It says {text}")

    def draw(data, ax):
        ax.bar(data.iloc[:, 0], data["n"], label=text)
        ax.set(title=text, xlabel=text)
        ax.legend()

    door.figure("f", frame, draw, f"C {text}", f"A {text}")
    for output in recorder.take():
        for kind in ("text/html", "image/svg+xml"):
            shown = output["data"].get(kind, "")
            assert "<script" not in shown
            assert "<b>" not in shown
            assert "<!--" not in shown
        if "image/svg+xml" in output["data"]:
            ElementTree.fromstring(output["data"]["image/svg+xml"])
        assert not any(
            hidden in json.dumps(output["data"], ensure_ascii=False) for hidden in "\u202e\u200b\ufeff\u0007"
        )
    for row in csv.reader(io.StringIO(table["csv"])):
        assert not any(cell.lstrip(" ")[:1] in ("=", "@", "\t", "\r", "|") for cell in row)


def test_joiners_that_some_scripts_need_stay():
    from vbhc.publish.findings.made import visible

    assert visible("می\u200cخواهم") == "می\u200cخواهم"
    assert visible("שלום a\u202eb\tc") == "שלום ab c"


WARDS = pd.DataFrame(
    {"ward": ["A", "A", "B"], "arm": ["usual", "new", "new"], "gain": [9.3125, 4200.5, -2.0]}
)


def test_a_column_can_stand_as_headings_over_its_rows(door, recorder):
    made = door.table("by-ward", WARDS, "Gain by ward", by="ward", labels={"arm": "Arm"})
    html = recorder.take()[0]["data"]["text/html"]
    assert html.count("<tbody") == 2
    heads = re.findall(r'<th class="gt_group_heading" colspan="2" scope="rowgroup">(.)</th>', html)
    assert heads == ["A", "B"]

    assert made["csv"].splitlines()[0] == "ward,arm,gain"  # the CSV keeps the column


def test_each_row_can_have_its_own_decimals(door):
    made = door.table("by-ward", WARDS, "Gain by ward", decimals={"gain": [3, 0, 1]})
    assert [row[-1] for row in made["cells"]] == ["9.312", "4,200", "−2.0"]


def test_headings_must_be_a_column_whose_rows_stand_together(door):
    with pytest.raises(ValueError, match="no column 'wards' in the table; did you mean 'ward'"):
        door.table("by-ward", WARDS, "Gain by ward", by="wards")
    with pytest.raises(ValueError, match="rows of arm 'new' do not stand together"):
        door.table("by-ward", WARDS.iloc[[1, 0, 2]], "Gain by ward", by="arm")
