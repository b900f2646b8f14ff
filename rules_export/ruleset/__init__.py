"""Rules files as data: read, collected, resolved."""
