"""From the resources that a patient used to a cost per patient, in one currency and price year."""
