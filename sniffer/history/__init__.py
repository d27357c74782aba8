"""All records of a session in little memory, the charger as it was at each record, and the timeline."""
