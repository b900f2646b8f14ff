"""Two rules or rule sets held against each other by what they mean, and the version that follows."""
