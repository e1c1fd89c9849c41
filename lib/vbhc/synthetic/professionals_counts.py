"""What the published study of 26 professionals counts, counted in coded interviews (see `targets.csv`)."""

import pandas as pd

from vbhc.interviews.tables import Interviews
from vbhc.synthetic.professionals import ACTIVITIES, ROLE
from vbhc.synthetic.professionals_words import mechanisms
from vbhc.synthetic.transcripts import entries


def statistics(coded: Interviews) -> dict[str, int]:
    """Return what `targets.csv` aims at: interviewees by attribute and by aspect of what they say."""
    people = coded.participants.set_index("participant")
    said = coded.segments.merge(coded.codings[["seg", "code"]].drop_duplicates(), on="seg")
    raised = pd.crosstab(said["participant"], said["code"]).reindex(people.index, fill_value=0) > 0
    aspects = said.assign(aspect=said["comment"].str.removeprefix("aspect: "))
    who = aspects[aspects["aspect"] != ""].groupby("aspect")["participant"].agg(set)
    activities = people[list(ACTIVITIES.values())].eq("yes")
    physicians = set(people.index[people[ROLE] == "physician"])
    counts = {
        "n": len(people),
        "n_physicians": len(physicians),
        "n_female": (people["gender"] == "F").sum(),
        "n_hospitals": people["hospital"].nunique(),
        "n_university": people.loc[people["hospital_type"] == "university", "hospital"].nunique(),
        "n_in_group": people.loc[people["hospital_group"] == "yes", "hospital"].nunique(),
        "n_disciplines": people["discipline"].nunique(),
        **{f"n_{name}": activities[name].sum() for name in activities},
        "n_all_three": activities.all(axis=1).sum(),
        "fewest_activities": activities.sum(axis=1).min(),
        "n_low_use": people["proms_use"].isin(["never", "calm shifts", "avoids"]).sum(),
        "n_scaled_back": (people["scaled_back"] == "yes").sum(),
        "n_positive_impact": raised[["M1a", "M1b", "M1c"]].any(axis=1).sum(),
        "n_slow_progress": raised["M1f"].sum(),
        "n_less_joy": raised[["M2f", "M2g"]].any(axis=1).sum(),
        "n_tasks_as_before": raised["M2d"].sum(),
        "n_joy_as_before": raised["M2e"].sum(),
        **{f"n_{name.replace(' ', '_')}": len(who.get(name, ())) for name in _aspect_names()},
        "n_task_shift_physicians": len(who.get("task shift", set()) & physicians),
        "n_surety_of_i07": raised.loc["I07", "S3d"],
        "n_mechanisms": len(mechanisms()),
        "n_frame_codes": len(entries("professionals_codes")) - len(mechanisms()),
    }
    return {name: int(value) for name, value in counts.items()}


def _aspect_names() -> list[str]:
    return list(dict.fromkeys(row["aspect"] for row in entries("professionals_utterances") if row["aspect"]))
