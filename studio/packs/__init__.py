"""What leaves the studio: export runs and their downloads."""
