"""A dissector for Wireshark, generated from the protocol's definition."""
