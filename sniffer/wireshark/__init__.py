"""A Wireshark dissector for captures of ours, made from the protocol's definition."""
