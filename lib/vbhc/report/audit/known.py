"""What the audit knows of the study besides its report: policy, identifiers, quotations."""

from dataclasses import dataclass

from vbhc.publish.disclosure.policies import Policy, get_policy
from vbhc.study import Study


@dataclass(frozen=True)
class Known:
    """The study's policy, the values of its key column, and the quotations that may stand (None: no list)."""

    policy: Policy
    keys: frozenset[str]
    allowed: frozenset[str] | None
    people: int | None = None  # how many the study has; None: not known


def known_of(study: Study) -> Known:
    """Return what is known of a study; identifiers only where its policy protects people."""
    policy = get_policy(study.config.disclosure)
    keys = identifiers(study) if policy.protects else frozenset()
    return Known(policy, keys, quotations(study), people_of(study))


def people_of(study: Study) -> int | None:
    """Return how many people the study's clean table has; None where there is no such table."""
    path = study.clean / "patients.parquet"
    if not path.is_file():
        return None
    from pyarrow.parquet import read_metadata

    return read_metadata(path).num_rows or None


def identifiers(study: Study) -> frozenset[str]:
    """Return the values of the study's key column, as far as they tell a person.

    Those of three characters or more that mix letters and digits, words of four letters or more, and numbers
    of six digits or more: shorter ones stand in every report by chance.
    """
    path = study.clean / "patients.parquet"
    if not path.is_file():
        return frozenset()
    import pandas as pd

    table = pd.read_parquet(path)
    if study.config.key not in table.columns:
        return frozenset()
    return frozenset(value for value in table[study.config.key].dropna().astype(str) if _tells(value))


def _tells(value: str) -> bool:
    letters, digits = any(map(str.isalpha, value)), any(map(str.isdigit, value))
    return len(value) >= (3 if letters and digits else 4 if letters else 6)


def quotations(study: Study) -> frozenset[str] | None:
    """Return the quotations that may be published, from `quotations.yml`; None where there is no such list.

    The file is a list of texts, or a mapping of names to texts.
    """
    path = study.folder / "quotations.yml"
    if not path.is_file() or study.config.interviews is not None:
        return None  # what interviewees said is looked for by `quotations.pages`
    import yaml

    listed = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    return frozenset(plain(str(text)) for text in (listed.values() if isinstance(listed, dict) else listed))


def plain(text: str) -> str:
    """Return a quotation as it is compared: one space between words, no marks around it, lower case."""
    return " ".join(text.split()).strip("'\"“”‘’ ").lower()
