"""Tables in which the authors of a study say what belongs together: joint display, codes, contradictions."""
