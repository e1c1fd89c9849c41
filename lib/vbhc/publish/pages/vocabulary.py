"""What a report is made of: anything else may load, run or hide something, today or in the next browser."""

import re

_PAGE = """html head title meta link style script body header footer main nav article aside section div p
h1 h2 h3 h4 h5 h6 hr br wbr pre blockquote figure figcaption ul ol li dl dt dd table caption colgroup col
thead tbody tfoot tr th td a abbr address b bdi bdo cite code data del dfn em i ins kbd mark q s samp small
span strong sub sup time u var img button details summary input label ruby rt rp"""
_DRAWING = """svg g defs symbol use path rect circle ellipse line polyline polygon text tspan textpath desc
clippath mask pattern lineargradient radialgradient stop marker image filter fecomposite metadata"""
_FORMULA = """math mrow mi mn mo mtext ms mspace msub msup msubsup mfrac msqrt mroot munder mover munderover
mmultiscripts mprescripts mtable mtr mtd mstyle mpadded mphantom menclose mfenced merror none semantics
annotation"""
TAGS = frozenset(f"{_PAGE} {_DRAWING} {_FORMULA}".split())
_LINKS = """src href xlink:href srcset data poster action formaction background ping manifest longdesc classid
codebase imagesrcset attributionsrc lowsrc dynsrc archive profile"""
LINKS = frozenset(_LINKS.split())
_READ = frozenset(("alt", "title", "content", "placeholder", "label", "summary", "value", "desc", "alttext"))
_ADDRESS = re.compile(r"\s*([a-z][\w+.-]*:)?//|\s*(data|javascript|blob|file):", re.IGNORECASE)
_STYLED = re.compile(r"url|\\", re.IGNORECASE)


def is_read(name: str) -> bool:
    """Whether people get to read an attribute: by hovering, by ear, or through a style that writes it."""
    return name in _READ or name.startswith(("aria-", "data-"))


def is_link(name: str, value: str) -> bool:
    """Whether an attribute names a place: by its name, or because its value looks like an address."""
    if name in LINKS:
        return True
    return bool(_ADDRESS.match(value)) and not is_read(name) and not name.startswith("xmlns")


def is_style(name: str, value: str) -> bool:
    """Whether an attribute is read as a style, as those are that paint a drawing (`fill="url(#a)"`)."""
    return name == "style" or (name not in LINKS and not is_read(name) and bool(_STYLED.search(value)))
