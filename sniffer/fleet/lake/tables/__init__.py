"""From the records of a session to the rows of the tables, and to their files."""
