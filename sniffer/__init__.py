"""evse-sniff: the live serial-bus sniffer and monitor for EV chargers."""

__version__ = "0.1.0"
