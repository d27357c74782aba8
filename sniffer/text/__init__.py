"""Words for people: descriptions of records, fault cards and advice."""
