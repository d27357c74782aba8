"""Text files of serial traffic, whatever printed them: the charger's log behind any prefix, and hex text."""
