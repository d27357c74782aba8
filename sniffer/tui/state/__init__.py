"""What the screen knows of the session: rows, search, filter, replay and refresh times."""
