"""What a browser would load, run, hide or show although a plainer parser does not see it: all is named."""

import base64

import pandas as pd
import pytest
from report_maker import make_study

from vbhc.report.audit import audit

POLICY = '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">'
HEAD = (
    f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">{POLICY}<title>T</title></head>\n<body>\n'
)
LIVE = '<img alt="" src="http://x.example/a.png">'
LOADED, NEVER, RUNS = "something to be loaded", "which a report never has", "a script that is not"
FEW, COMMENT, LOST = "a sentence that counts too few", "a comment that readers", "text that no browser shows"
UTF16 = base64.b64encode("<svg><text>3 patients died</text></svg>".encode("utf-16")).decode()


@pytest.fixture
def found(tmp_path):
    """What the audit says of one file."""
    study = make_study(tmp_path, disclosure="nhs-proms")
    study.clean.mkdir()
    pd.DataFrame({"patient_id": ["P0001", "P0002"]}).to_parquet(study.clean / "patients.parquet")
    folder = tmp_path / "published"
    folder.mkdir()

    def problems(content, name="a.html"):
        (folder / name).write_text(content, encoding="utf-8")
        return [str(problem) for problem in audit(study, folder)]

    return problems


def test_a_page_of_harmless_words_is_clean(found):
    page = "<p>90 patients, <b>R&amp;D</b> &#8211; x</p><svg viewBox='0 0 1 1'><path fill='url(#a)'/></svg>"
    assert found(f"{HEAD}{page}<br/></b></body></html>\n") == []


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        # raw text that ends where a browser says it does
        (f"<style></style x>{LIVE}", LOADED),
        (f"<style>p {{}}</style\n/>{LIVE}", LOADED),
        (f"<script></script/>{LIVE}", LOADED),
        (f"<svg><style>{LIVE}</style></svg>", LOADED),
        (f"<svg><title><style></title>{LIVE}</style></svg>", "a style that may load"),
        (f"<textarea></textarea >{LIVE}", LOADED),
        (f"<noscript>{LIVE}</noscript>", NEVER),
        (f'<noscript><p title="</noscript>{LIVE}">', NEVER),
        (f"<template>{LIVE}</template>", NEVER),
        (f"<xmp>{LIVE}</xmp>", NEVER),
        (f"<plaintext>{LIVE}", NEVER),
        ("<noembed>3 patients died</noembed>", NEVER),
        # comments, and what a browser takes for one
        (f"<!-->{LIVE}-->", LOADED),
        (f"<!--->{LIVE}-->", LOADED),
        (f"<!-- --!>{LIVE}<!-- -->", LOADED),
        (f"<!--[if IE]>{LIVE}<![endif]-->", COMMENT),
        ("<!-- never closed", COMMENT),
        (f"<![CDATA[>{LIVE}]]>", LOADED),
        ("<?php 3 patients ?>", COMMENT),
        ("</ 3 patients>", COMMENT),
        # tags that break out of where they stand
        (f"<svg><desc>{LIVE}</desc></svg>", LOADED),
        (f"<svg><p>{LIVE}</svg>", LOADED),
        (f"<math><mtext>{LIVE}</mtext></math>", LOADED),
        (f'<math><annotation-xml encoding="text/html">{LIVE}</annotation-xml></math>', NEVER),
        (f"<svg><foreignObject>{LIVE}</foreignObject></svg>", NEVER),
        (f"<table><tr>{LIVE}</table>", LOADED),
        ("<table><tr><td>x</td></tr><p>3 patients died</p></table>", FEW),
        ("<select><option>3 patients died</select>", NEVER),
        (f"</body></html>{LIVE}", LOADED),
        ("</body></html><p>3 patients died</p>", FEW),
        # attributes
        ('<img alt="" src="http://x.example/a.png" src="data:image/png;base64,AA==">', LOADED),
        ('<p title="x" title="3 patients died">x</p>', LOST),
        ('<p>x</p title="3 patients died">', LOST),
        ('<!DOCTYPE html SYSTEM "3 patients">', LOST),
        ("<IMG/SRC=http://x.example/a.png>", LOADED),
        ("<img src\n=\n'//x.example/a.png'>", LOADED),
        ('<img alt=">" src="http&#58;//x.example/a.png">', LOADED),
        ('<img alt="" lowsrc="a.png">', LOADED),
        ('<p future="https://x.example/a">x</p>', LOADED),
        ('<script src="data:image/png,x()"></script>', LOADED),
        ('<svg><use href="data:image/svg+xml,%3Csvg/%3E#a"/></svg>', LOADED),
        ('<svg><image href="a.png"/></svg>', LOADED),
        ('<svg><image XLINK:HREF="a.png"/></svg>', LOADED),
        ("<svg/onload=x()>", RUNS),
        ("<details ontoggle=x() open>x</details>", RUNS),
        ("<svg><script>x()</script></svg>", RUNS),
        ("<svg><script href='#a'/></svg>", RUNS),
        ("<script src=''>3 patients died</script>", RUNS),
        ("<a href='java&#10;script:x()'>x</a>", "a link that runs"),
        ("<a href='&#1;javascript:x()'>x</a>", "a link that runs"),
        ("<math href='javascript:x()'><mi>x</mi></math>", LOADED),
        ("<button formaction='javascript:x()'>x</button>", LOADED),
        ("<svg><a href='x'><animate attributeName='href' to='javascript:x()'/></a></svg>", NEVER),
        ('<img alt="" src="data:image/SVG+xml; base64,PHN2Zz4=">', "a drawing that cannot be read"),
        (f'<img alt="" src="data:image/svg+xml;charset=utf-16;base64,{UTF16}">', "cannot be read"),
        # tags that few parsers know
        ("<meta http-equiv=Refresh content='0; url=//x.example'>", "sends its reader elsewhere"),
        ("<meta charset=iso-2022-jp>", "a page in other letters"),
        ("<frameset><frame src=a></frameset>", LOST),
        ("<bgsound src=a>", NEVER),
        ("<x-y>3</x-y> patients", NEVER),
        ("<fencedframe></fencedframe>", NEVER),
        (f"<im\0g>{LIVE}", LOADED),
        # styles
        ("<svg><rect fill='url(//x.example/a)'/></svg>", "a style that loads"),
        ("<svg><rect filter='\\75rl(//x.example/a)'/></svg>", "a style that loads"),
        (r"<p style='background: u\r\l(//x.example/a)'>x</p>", "a style that loads"),
        ("<style>@import/**/'a.css';</style>", "a style that loads"),
        ("<style>@import'a.css';</style>", "a style that loads"),
        ("<style>p::after { content: '4 ' /**/ 'patients' }</style>", "a style that writes a count"),
        ("<style>:root { --a: '4 patients' } p::after { content: var(--a) }</style>", "a style that writes"),
        ("<style>/* 4 patients died */</style>", "a style that writes a count"),
        ("<style>p { background: url(data:image/svg+xml,%3Csvg%3E%3Ctext%3E4 patients%3C/text%3E%3C/svg%3E) }"
         "</style>", FEW),
        ("<style>p { background: image('a.png') }</style>", "a style that may load"),
        # words
        ("<p>3<br>patients died</p>", FEW),
        ("<p>3 pati<wbr>ents died</p>", FEW),
        ("<p>3 pati&shy;ents died</p>", FEW),
        ("<p>3 pati<!-- -->ents died</p>", FEW),
        ("<p>P&#8203;0002</p>", "a character that readers do not see"),
        ('<p>P<b title=">">0002</b></p>', "the identifier 'P0002'"),
        ("<pre>x<p>3 patients died</p>", FEW),
        ("<p data-of='3 patients died'>x</p>", FEW),
        ("<title>3 patients died</title>", FEW),
    ],
)  # fmt: skip
def test_what_is_smuggled_into_a_page_is_named(found, words, problem):
    problems = found(f"{HEAD}{words}")
    assert any(problem in one for one in problems), problems


def test_only_a_policy_in_the_head_is_one(found):
    assert found(f"<!DOCTYPE html><html><head>{POLICY}</head></html>") == []
    for page in (f"<p>x{POLICY}", POLICY.replace("http-equiv", "name"), f"<body>{POLICY}"):
        assert any("no Content-Security-Policy" in one for one in found(f"<!DOCTYPE html>{page}"))


def test_a_script_is_not_let_in_by_a_policy_in_the_body(found):
    digest = "P+kFoyfUeLPYzD2Ks8cyYJ3+RTEzRFg/eVSZbgLQ6K8="
    policy = f"<meta http-equiv=Content-Security-Policy content=\"script-src 'sha256-{digest}'\">"
    assert any(RUNS in one for one in found(f"{HEAD}{policy}<script>x()</script>"))


@pytest.mark.parametrize(
    ("inside", "problem"),
    [
        ("<s:script xmlns:s='http://www.w3.org/2000/svg'>x()</s:script>", RUNS),
        ("<h:img xmlns:h='http://www.w3.org/1999/xhtml' src='a.png'/>", LOADED),
        ("<h:iframe xmlns:h='http://www.w3.org/1999/xhtml'/>", NEVER),
        ("<image y:href='a.png' xmlns:y='http://www.w3.org/1999/xlink'/>", LOADED),
        ("<text><![CDATA[3 patients died]]></text>", FEW),
        ("<text>3 pati<tspan/>ents died</text>", FEW),
        ("<style><![CDATA[@import 'a.css';]]></style>", "a style that loads"),
        ("<!-- x -->", COMMENT),
        ("<?x y?>", COMMENT),
        ("<text>x</svg>", "a drawing that cannot be read"),
        ("<text>&amp;&nbsp;</text>", "a drawing that cannot be read"),
    ],
)
def test_what_is_smuggled_into_a_drawing_is_named(found, inside, problem):
    problems = found(f"<svg xmlns='http://www.w3.org/2000/svg'>{inside}</svg>", "a.svg")
    assert any(problem in one for one in problems), problems


def test_an_entity_of_a_drawing_is_named(found):
    drawing = "<!DOCTYPE svg [<!ENTITY a '3 patients'>]><svg xmlns='http://www.w3.org/2000/svg'><text>&a;</text></svg>"
    assert any(COMMENT in one for one in found(drawing, "a.svg"))


def test_places_are_the_findings_and_headings_that_a_find_stands_in_or_follows(found):
    page = (
        f'{HEAD}<p>x</p><h2 id="who">Who</h2>{LIVE}<p id="s-a" data-finding="a">3 patients died</p><h2>Z</h2>'
    )
    problems = found(page)
    assert any("a.html, who: something to be loaded" in one for one in problems), problems
    assert any("a.html, s-a: a sentence" in one for one in problems), problems
