"""Which differences between units (providers, areas, months) are more than chance."""
