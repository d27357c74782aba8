"""Every record of a session, in little memory, and the session as it was known at any of them."""
