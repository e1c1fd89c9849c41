"""What a report says about where it comes from, and how to cite it."""

import hashlib
from collections.abc import Mapping
from typing import Any

import yaml

from vbhc.publish.disclosure.policies import get_policy
from vbhc.study import Study

_TIMES = ("durations", "seconds", "started", "finished", "time")
ALL_FILES = "all files together"
_SHOWN = "pandas numpy scipy statsmodels pingouin matplotlib seaborn papermill"  # packages


def published(info: Any, study: Study) -> Any:
    """Return the run's description without clock times and without paths of the machine it ran on.

    Under a policy that protects people it holds one hash over all data files.
    """
    if isinstance(info, list | tuple):
        return [published(value, study) for value in info]
    if not isinstance(info, Mapping):
        return hide_path(info, study) if isinstance(info, str) else info
    kept = {str(key): published(value, study) for key, value in info.items() if key not in _TIMES}
    data = kept.get("data")
    if isinstance(data, dict) and data and get_policy(study.config.disclosure).protects:
        # The hash of a short file of people can be guessed back by trying what it may hold; all files
        # together hold too much to be tried.
        text = "\n".join(f"{name} {value}" for name, value in sorted(data.items()))
        kept["data"] = {ALL_FILES: hashlib.sha256(text.encode()).hexdigest()}
    return kept


def hide_path(text: str, study: Study) -> str:
    """Return a text in which the study's folder and the project's are named from the project folder."""
    text = text.replace(str(study.folder), f"data/{study.name}").replace(str(study.root) + "/", "")
    return "(a path)" if text.startswith(("/", "~")) or text[1:3] in (":\\", ":/") else text


def foot(study: Study, info: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the foot of every page says: policy, software, data, and how to cite the report."""
    policy, packages = get_policy(study.config.disclosure), info.get("packages", {})
    versions = [f"{name} {packages[name]}" for name in _SHOWN.split() if name in packages]
    python = [f"Python {info['python']}"] if info.get("python") else []
    rows = [
        ("Study", info.get("study", "")),
        ("Library", f"vbhc {info.get('vbhc', '')}, commit {info.get('commit') or 'unknown'}"),
        ("Software", ", ".join([*python, *versions])),
        ("Lock file", f"sha256 {str(info.get('lock', ''))[:16]}" if info.get("lock") else ""),
        ("Disclosure policy", f"{policy.name}. {policy.rule} Source: {policy.source}."),
    ]
    return {
        "policy": policy,
        "provenance": [(what, value) for what, value in rows if value],
        "data": [(name, str(value)[:16]) for name, value in sorted(info.get("data", {}).items())],
        "citation": citation(study, info),
    }


def citation(study: Study, info: Mapping[str, Any]) -> str:
    """Return how to cite the report, in one line: who, what, with which version of the suite."""
    suite = suite_citation(study)
    people = "; ".join(study.config.authors) or suite.get("authors", "")
    version = f"vbhc {info.get('vbhc', '')}".strip()
    commit = f", commit {info['commit']}" if info.get("commit") else ""
    made = f"{study.config.title.rstrip('.')}. Report made with {version}{commit}."
    return " ".join(filter(None, (f"{people}." if people else "", made, suite.get("url"))))


def suite_citation(study: Study) -> dict[str, str]:
    """Return authors, address and release date of the suite from CITATION.cff, as far as it gives them."""
    path = study.root / "CITATION.cff"
    if not path.is_file():
        return {}
    cff = yaml.safe_load(path.read_text(encoding="utf-8"))
    names = [
        person.get("name") or " ".join(filter(None, (person.get("given-names"), person.get("family-names"))))
        for person in cff.get("authors", [])
    ]
    url, released = cff.get("url") or cff.get("repository-code"), cff.get("date-released")
    return {"authors": "; ".join(filter(None, names)), "url": str(url or ""), "released": str(released or "")}
