"""The commands for many benches: publish to a broker, store and query their sessions, show them on a dashboard."""
