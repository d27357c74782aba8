"""The state behind the screen, without widgets: rows, search, filter, replay and refresh times."""
