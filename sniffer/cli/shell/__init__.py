"""The man page and the completion in shells, both made from the parsers of all commands."""
