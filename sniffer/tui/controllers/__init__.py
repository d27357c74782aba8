"""What keys and prompts do: navigation, notes and filters, export and copying."""
