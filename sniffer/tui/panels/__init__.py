"""The side panels: connector, faults, link and exchanges."""
