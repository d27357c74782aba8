"""The simulated charger: communication processor and power board on one simulated line."""
