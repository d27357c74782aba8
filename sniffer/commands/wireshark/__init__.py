"""`evse-sniff wireshark`: the Wireshark dissector, generated from the definition."""
