"""Management commands of the notices room."""
