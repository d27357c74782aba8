"""The commands that follow a session: on the screen, as lines, as a status, in browsers, into a capture."""
