"""The timeline pane: the whole session on one axis of time."""
