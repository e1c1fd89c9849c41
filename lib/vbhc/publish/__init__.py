"""The door: what may leave, in which form, and how it is said and drawn."""
