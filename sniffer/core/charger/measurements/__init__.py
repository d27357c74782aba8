"""The measured quantities of a charger: their last values, and whether these are plausible."""
