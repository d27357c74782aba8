"""Texts for people: descriptions of records, events and codes, fault cards and advice."""
