"""The session over time: statuses, faults, gaps and measured values on one axis."""
