"""The metrics of one session for a dashboard: an observer that samples it, and the page that Prometheus reads.

The loop of the session makes an immutable sample each second; a thread turns the last sample into text when it is asked
for. So nothing that reads the page can hold up the tap. `docs/fleet.md` lists the metrics.
"""
