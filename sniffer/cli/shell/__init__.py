"""The commands on the command line itself: the documentation, the man page, and the completion of words in shells."""
