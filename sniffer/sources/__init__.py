"""Where bytes come from: serial ports, files, pipes, connections and the simulated charger."""
