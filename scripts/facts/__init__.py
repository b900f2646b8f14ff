"""The facts about Falco in rules_export/catalog/facts: reading Falco's output, storing it, and writing the tables."""
