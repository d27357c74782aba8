"""The Textual program: it shows one session, live or replayed, and never changes what is read, counted or recorded."""
