"""Pages say the same in fewer bytes: what is drawn and written stays."""

from xml.etree import ElementTree

import pytest

from vbhc.report.slim import slim_drawing, slim_listing

NS = "http://www.w3.org/2000/svg"


def slimmed(inside: str) -> str:
    root = ElementTree.fromstring(f'<svg xmlns="{NS}">{inside}</svg>')
    slim_drawing(root)
    return ElementTree.tostring(root, encoding="unicode").partition(">")[2].removesuffix("</svg>")


def test_neighbours_of_one_style_share_a_group_in_order():
    bar = '<g>\n <path d="M 0 {}" style="fill: red" clip-path="url(#a)"/>\n</g>'
    made = slimmed(bar.format(1) + bar.format(2) + '<path d="M 0 3" style="fill: blue"/>')
    assert made == (
        '<g style="fill: red" clip-path="url(#a)"><path d="M 0 1" /><path d="M 0 2" /></g>'
        '<path d="M 0 3" style="fill: blue" />'
    )


def test_different_styles_under_one_clip_share_the_clip():
    made = slimmed(
        '<path style="fill: red" clip-path="url(#a)"/><path style="fill: blue" clip-path="url(#a)"/>'
    )
    assert made == '<g clip-path="url(#a)"><path style="fill: red" /><path style="fill: blue" /></g>'


@pytest.mark.parametrize(
    "kept",
    [
        '<path d="M 0 1" style="opacity: 0.5" /><path d="M 0 2" style="opacity: 0.5" />',
        '<g transform="scale(2)" clip-path="url(#a)"><path d="M 0 1" /></g>' * 2,
        '<path d="M 0 1" style="fill: red" />',
        "<text>two words <tspan>here</tspan> and there</text>",
    ],
)
def test_what_would_look_different_is_left_alone(kept):
    assert slimmed(kept) == kept


def test_half_seen_fills_are_shared_because_they_stay_single():
    made = slimmed('<path d="M 0 1" style="fill-opacity: 0.5"/><path d="M 0 2" style="fill-opacity: 0.5"/>')
    assert made.startswith('<g style="fill-opacity: 0.5">')


def test_coordinates_keep_a_hundredth_of_a_point():
    assert slimmed('<path d="M 224.637271 -0.004 L 5.0001 10.5" />') == '<path d="M 224.64 -0 L 5 10.5" />'


def test_a_listing_keeps_its_text_and_the_marks_that_have_a_colour():
    html = (
        '<span class="kn">import</span><span class="w"> </span><span class="nn">a</span>  '
        '<span class="c1"># b</span>'
    )
    assert slim_listing(html) == '<span class="kn">import</span> a  <span class="c1"># b</span>'
