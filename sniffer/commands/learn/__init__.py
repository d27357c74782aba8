"""`evse-sniff learn`: proposals for what the definition lacks, each with its evidence."""
