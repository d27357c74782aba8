"""All records of a session in little memory, the charger as it was at each of them, and the session's timeline."""
