"""Which techniques the team's rules catch, which the library could, and where nothing stands."""
