"""From one format of saved sessions to another (contract.md, Commands: `convert`)."""
