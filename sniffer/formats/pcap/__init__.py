"""The classic capture format, pcap, as other programs write it."""
