"""Check a project against the REFI-QDA schema.

Project.xsd 1.0 of 18 March 2019 (MIT licence) lies beside this file.

The schema uses a small part of the XSD language: sequences, choices, attributes and three kinds of patterns.
Each content model becomes a regular expression over the names of the children.
"""

import re
from datetime import date, datetime
from functools import cache
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

XSD = "{http://www.w3.org/2001/XMLSchema}"
NAMESPACE = "urn:QDA-XML:project:1.0"
_ZONE = r"(Z|[+-]\d\d:\d\d)?"
_PATTERNS = {
    "xsd:integer": r"[+-]?\d+",
    "xsd:decimal": r"[+-]?(\d+(\.\d*)?|\.\d+)",
    "xsd:boolean": "true|false|1|0",
    "xsd:date": r"-?\d{4,}-\d\d-\d\d" + _ZONE,
    "xsd:dateTime": r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?" + _ZONE,
}
_DATES = {"xsd:date": (date, 10), "xsd:dateTime": (datetime, 19)}  # the class, and the letters before a zone


@cache
def _types() -> tuple[dict[str, Element], dict[str, Element]]:
    root = ElementTree.parse(Path(__file__).with_name("project-1.0.xsd")).getroot()
    by_name = {
        kind: {t.get("name"): t for t in root.findall(XSD + kind)} for kind in ("complexType", "simpleType")
    }
    return by_name["complexType"], by_name["simpleType"]


@cache
def _content(kind: str) -> tuple[re.Pattern, dict[str, str], dict[str, tuple[str, bool]]]:
    """Return (pattern over the children, type of each child, type and duty of each attribute)."""
    definition = _types()[0][kind]
    children: dict[str, str] = {}
    pattern = "".join(_pattern(part, children) for part in definition if part.tag != XSD + "attribute")
    attributes = {
        a.get("name"): (a.get("type"), a.get("use") == "required")
        for a in definition.findall(XSD + "attribute")
    }
    return re.compile(pattern), children, attributes


def _pattern(part: Element, children: dict[str, str]) -> str:
    if part.tag == XSD + "element":
        children[part.get("name")] = part.get("type")
        inner = f"(?:<{part.get('name')}>)"
    elif part.tag in (XSD + "sequence", XSD + "choice"):
        joint = "|" if part.tag.endswith("choice") else ""
        inner = f"(?:{joint.join(_pattern(p, children) for p in part)})"
    else:
        return ""
    least, most = part.get("minOccurs", "1"), part.get("maxOccurs", "1")
    return f"{inner}{{{least},{'' if most == 'unbounded' else most}}}"


def schema_faults(root: Element) -> list[str]:
    """Return every departure of a parsed project from the schema; an empty list if it is valid."""
    if root.tag != f"{{{NAMESPACE}}}Project":
        return [f"the root is {root.tag}, not Project in {NAMESPACE}"]
    faults: list[str] = []
    stack = [(root, "ProjectType")]
    while stack:
        element, kind = stack.pop()
        name = element.tag.rpartition("}")[2]
        if kind.startswith("xsd:"):
            if len(element) or not _fits(kind, element.text or ""):
                faults.append(f"{name}: {(element.text or '')[:40]!r} is not {kind[4:]}")
            faults += [f"{name}: unknown attribute {a!r}" for a in element.attrib]
            continue
        if any((text or "").strip() for text in (element.text, *(c.tail for c in element))):
            faults.append(f"{name}: text between its elements")
        pattern, children, attributes = _content(kind)
        stack += [(c, children[n]) for c in element if (n := _local(c)) in children]
        faults += _attribute_faults(name, element, attributes)
        inside = [_local(c) for c in element]
        if not pattern.fullmatch("".join(f"<{n}>" for n in inside)):
            faults.append(
                f"{name}: children {', '.join(dict.fromkeys(inside)) or 'none'} in a wrong order or number"
            )
    return faults


def _local(element: Element) -> str:
    namespace, _, name = element.tag.rpartition("}")
    return name if namespace == "{" + NAMESPACE else element.tag


def _attribute_faults(name: str, element: Element, attributes: dict[str, tuple[str, bool]]) -> list[str]:
    faults = [
        f"{name}: unknown attribute {a!r}" for a in element.attrib if a not in attributes and "}" not in a
    ]
    for attribute, (kind, required) in attributes.items():
        value = element.get(attribute)
        if value is None and required:
            faults.append(f"{name}: no attribute {attribute!r}")
        elif value is not None and not _fits(kind, value):
            faults.append(f"{name}: {attribute}={value[:40]!r} is not {kind.removeprefix('xsd:')}")
    return faults


def _fits(kind: str, value: str) -> bool:
    if kind == "xsd:string":
        return True
    text = " ".join(value.split())
    if kind not in _PATTERNS:
        return _fits_simple(kind, text)
    if kind in _DATES and re.fullmatch(_PATTERNS[kind], text):
        day, length = _DATES[kind]
        try:
            day.fromisoformat(text[:length])
        except ValueError:
            return False
    return bool(re.fullmatch(_PATTERNS[kind], text))


def _fits_simple(kind: str, text: str) -> bool:
    restriction = _types()[1][kind][0]
    patterns = [p.get("value") for p in restriction.findall(XSD + "pattern")]
    allowed = [e.get("value") for e in restriction.findall(XSD + "enumeration")]
    return any(re.fullmatch(p, text) for p in patterns) or text in allowed
