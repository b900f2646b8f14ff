"""What leaves the studio: YAML and the files made of it."""
