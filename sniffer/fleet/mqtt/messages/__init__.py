"""The messages that are published: what they hold, and the key by which each is known."""
