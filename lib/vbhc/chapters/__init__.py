"""One folder for each notebook of the walk: takes a study, calls the floors below, returns what is shown."""

from vbhc.chapters.opening import open as open
