"""What the measurements use: traffic and captures to measure on, a line, a terminal, and probes of a process."""
