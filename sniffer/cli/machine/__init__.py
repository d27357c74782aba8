"""The commands on this machine: its ports, what keeps the tool from working, and the simulated charger."""
