"""Pages say the same in fewer bytes: what is drawn and written stays."""

from vbhc.report.drawings import Palette, page_svg
from vbhc.report.markdown import highlight_python


def slimmed(inside: str) -> str:
    svg = page_svg(f'<svg xmlns="http://www.w3.org/2000/svg">\n {inside}\n</svg>', "f", "Alt", Palette())
    return svg.partition(">")[2].removesuffix("</svg>")


def test_coordinates_keep_a_hundredth_of_a_point():
    assert slimmed('<path d="M 224.637271 -0.004 L 5.0001 10.5"/>') == '<path d="M 224.64 -0 L 5 10.5" />'


def test_blanks_go_between_shapes_and_stay_in_texts():
    text = "<text>two words <tspan>here</tspan> and there</text>"
    assert slimmed(f'<path d="M 0 1"/>\n  {text}') == f'<path d="M 0 1" />{text}'


def test_a_listing_keeps_its_text_and_the_marks_that_have_a_colour():
    listing = highlight_python("import a  # b").partition("<pre>")[2].partition("</pre>")[0]
    assert listing.rstrip() == '<span class="kn">import</span> a  <span class="c1"># b</span>'
