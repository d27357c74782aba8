"""From recordings to confirmed messages: the outbox, the cursors, and the thread that publishes."""
