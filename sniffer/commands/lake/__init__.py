"""`evse-sniff lake`: sessions of many benches are added to a lake, asked about in SQL, and reported on."""
