"""The one-line bars of the screen: header, keys, progress and prompt."""
