"""A session's summary, and what differs between two: as text, as one HTML page, as one JSON object."""
