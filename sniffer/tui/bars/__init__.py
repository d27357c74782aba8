"""The bars of the screen: header, keys, progress of a replay or an export, and the prompt."""
