"""What a command sets up before it reads a session: settings, sources, the recorder and the garbage collector."""
