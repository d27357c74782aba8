"""Start-up: registration at the central system, and restarts."""
