"""The one door out: only what passes here under the study's disclosure policy reaches a report.

In plain Python nothing is shown; the finding is returned either way.
"""

from vbhc.publish.disclosure.policies import get_policy
from vbhc.publish.findings.door import Door
from vbhc.publish.findings.marks import findings_in
from vbhc.study import Study

__all__ = ["Door", "door", "read"]


def door(study: Study, notebook: str) -> Door:
    """Return the door of `notebook` (such as "02-value-quota") under the study's disclosure policy."""
    return Door(study, notebook, get_policy(study.config.disclosure))


def read(study: Study) -> list[dict]:
    """Return all findings of the study's executed notebooks, in reading order; empty before a first run."""
    return [finding for path in sorted(study.runs.glob("*.ipynb")) for finding in findings_in(path)]
