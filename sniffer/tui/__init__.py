"""The Textual screen: a view of one session, live or replayed. It never changes what is read, counted or recorded."""
