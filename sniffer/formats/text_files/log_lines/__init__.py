"""The lines of the charger's log, whatever stands before them and however they were wrapped."""
