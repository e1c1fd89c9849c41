"""Outputs without a mark in the internal edition: words and layout, and nothing that runs or loads."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from vbhc.report.unmarked import clean


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ("<p>a & b <b>x</b></p>", "<p>a &amp; b x</p>"),
        ('<td onclick="x()">1 &lt;b&gt;</td>', "1 &lt;b&gt;"),
        ('<table class="dataframe"><tr><td>1</table>', "<table><tbody><tr><td>1</td></tr></tbody></table>"),
        ("a<br>b<br/>c", "a<br>b<br>c"),
        ("<!-- c -->z<?php x ?>", "z"),
        ("<script>x()</script><style>p {}</style>y", "y"),
        ("</body></html><img src=x>k", "k"),
        ("&amp;lt;img&gt; \"q\" 'r'", "&amp;lt;img&gt; \"q\" 'r'"),
        ("<p>unclosed", "<p>unclosed</p>"),
    ],
)
def test_words_and_layout_stay(html, kept):
    assert clean(html) == kept


MUTATING = [
    '<noscript><p title="</noscript><img src=x onerror=x()>">',
    "<svg></p><style><a id='</style><img src=x onerror=x()>'>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror=x()&gt;'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=x()>",
    "<svg><desc><table><title><img src=x onerror=x()></title>",
    "<textarea><p id='</textarea><img src=x onerror=x()>'>",
    "<title><p id='</title><img src=x onerror=x()>'>",
    "<xmp><p id='</xmp><img src=x onerror=x()>'>",
    "<noembed><p id='</noembed><img src=x onerror=x()>'>",
    "<iframe><p id='</iframe><img src=x onerror=x()>'>",
    "<select><template><img src=x onerror=x()></template></select>",
    "<template><p id='</template><img src=x onerror=x()>'>",
    "<plaintext><img src=x onerror=x()>",
    "<!--><img src=x onerror=x()>-->",
    "<![CDATA[><img src=x onerror=x()>]]>",
    "&lt;img src=x onerror=x()&gt;",
    "<style></style x><img src=x onerror=x()>",
    "<table><td><p></table><a href='javascript:x()'>y</a>",
    "<im\0g src=x onerror=x()><IMG SRC=x ONERROR=x()>",
    "<p/onclick=x()/style='background: url(//x.example)'>y</p>",
    "<svg><annotation-xml encoding='text/html'><img src=x onerror=x()>",
    "<div>" * 2000 + "<img src=x onerror=x()>",
]


@pytest.mark.parametrize("html", MUTATING)
@pytest.mark.parametrize("scripting", [True, False])
def test_nothing_comes_alive_however_often_it_is_parsed(html, scripting):
    made = clean(html)
    for page in (made, LexborHTMLParser(made, scripting=scripting).body.inner_html):
        nodes = list(LexborHTMLParser(page, scripting=scripting).body.traverse())[1:]
        assert {node.tag for node in nodes} <= {"div", "p", "table", "tbody", "tr", "td", "-text"}
        assert not any(node.attributes for node in nodes if node.is_element_node)
