"""All records of a session in little memory: pages of packed records, and what is searched in them."""
