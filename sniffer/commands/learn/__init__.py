"""`evse-sniff learn`: propose what the definition lacks, each proposal with its evidence."""
