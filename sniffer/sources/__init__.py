"""Where bytes come from: ports, files, streams and the simulated charger."""
