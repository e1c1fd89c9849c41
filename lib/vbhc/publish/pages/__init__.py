"""Read a finished page or drawing as a browser builds it: its words, its tags, and what its styles do."""
