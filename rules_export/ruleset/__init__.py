"""Rules files as data: what the YAML says, what is collected from it, and the texts that lists and exceptions make."""
