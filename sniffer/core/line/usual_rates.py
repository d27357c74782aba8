"""The baud rates that a serial line has as a rule."""

ASSUMED_BAUD = 115200
"""The rate where none is given and none can be found: `assumed`, as the protocol documents none."""

USUAL_RATES = (9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600)
"""The rates that people choose from."""
