"""The native capture: pcapng with link type 250, which stock Wireshark opens (contract.md, Captures)."""
