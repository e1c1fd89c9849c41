"""What was read, kept and set aside, source by source, and why."""

import pandas as pd

from vbhc import wording
from vbhc.cleaning import Cleaned
from vbhc.publish.disclosure.policies import Policy
from vbhc.publish.results import Result, Table

CAREFUL = ("guessed", "in quarantine")  # words of the notes that every reader has to know of


def rows_read(flow: pd.DataFrame) -> pd.DataFrame:
    """Return `source, read, kept, set_aside, reason`: rows of each source, and the rule broken most often.

    Parameters
    ----------
    flow : DataFrame
        From `cleaning.clean`. Rows read = rows kept + rows set aside; `reason` is "" where none was.
    """
    sums = flow[flow["source"] != ""].groupby(["source", "step"], sort=False)["n"].sum()
    wide = sums.unstack(sort=False).reindex(columns=["assessed", "kept", "excluded"]).fillna(0).astype(int)
    rules = rules_broken(flow).drop_duplicates("source").set_index("source")["reason"]
    table = wide.set_axis(["read", "kept", "set_aside"], axis=1).reset_index()
    return table.assign(reason=[rules.get(name, "") for name in table["source"]])


def rules_broken(flow: pd.DataFrame) -> pd.DataFrame:
    """Return `source, reason, set_aside`; a row with several faults counts once, under its first."""
    out = flow.loc[flow["step"] == "excluded", ["source", "detail", "n"]]
    return out.set_axis(["source", "reason", "set_aside"], axis=1).reset_index(drop=True)


def show_rows(rows: pd.DataFrame, policy: Policy) -> Result:
    """Show the rows of each source; a policy that protects gets what was set aside in a table of its own."""
    table = Table(
        rows[["source", "kept"]] if policy.protects else rows,
        "Rows read, kept and set aside, by source",
        labels={"reason": "Most often because"},
        notes=["Rows read = rows kept + rows set aside, checked on every run."],
    )
    return Result("rows", table=table)


def show_set_aside(rows: pd.DataFrame, cleaned: Cleaned, policy: Policy) -> Result | None:
    """Say what was set aside or guessed, as a limit; nothing where nothing was."""
    if policy.protects:
        table = Table(rows[["source", "set_aside"]], "Rows set aside, by source", rules={"parts": False})
        return Result("set-aside", table=table)
    careful = [f"{note}." for note in cleaned.notes if any(word in note for word in CAREFUL)]
    says = [_set_aside(rows), *careful]
    return Result("set-aside", says=says, role="limit") if any(says) else None


def _set_aside(rows: pd.DataFrame) -> str:
    gone = rows[rows["set_aside"] > 0]
    if gone.empty:
        return ""
    read, out = int(rows["read"].sum()), int(gone["set_aside"].sum())
    each = wording.listing(f"{row.set_aside:,} in {row.source}" for row in gone.itertuples())
    where = f" ({each})" if len(rows) > 1 else ""
    return f"Of {read:,} rows read, {out:,} were set aside{where}: nothing on any page counts them."


def show_rules(flow: pd.DataFrame) -> Result:
    """Show every rule that was broken, with the rows that broke it."""
    table = Table(
        rules_broken(flow),
        "Why rows were set aside",
        labels={"reason": "Column and rule that was broken"},
        notes=["A row that breaks several rules counts once, under its first."],
    )
    return Result("rules", table=table)
