"""What a study folder declares: configuration, dictionary, survey; the one place that knows paths."""

from vbhc.study.folder import Loaded, Study, load_study, project_root, read_study, study_names
