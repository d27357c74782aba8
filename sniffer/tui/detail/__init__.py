"""The detail pane: fields and bytes of the chosen record."""
