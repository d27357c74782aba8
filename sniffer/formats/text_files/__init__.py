"""Text files of serial traffic, whatever printed them: the charger's log after any prefix, and hex text."""
