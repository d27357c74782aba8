"""Sources of bytes: serial ports, files, pipes, connections and the simulated charger."""
