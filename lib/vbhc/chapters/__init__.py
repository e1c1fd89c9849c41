"""One folder for each notebook of the walk: takes a study, calls the floors below, returns what is shown."""
