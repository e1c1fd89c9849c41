"""From raw files alone to a study that can be checked: what each file and column is, as far as cells tell."""
