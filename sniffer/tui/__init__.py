"""The terminal screen: one view of a session, live or replayed. Nothing here changes what is read or counted."""
