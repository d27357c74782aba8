"""`serve`: the screen of a session in browsers, to look at."""
