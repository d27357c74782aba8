"""The commands on what frames mean: explain one, print the definition, propose what it lacks, dissect in Wireshark."""
