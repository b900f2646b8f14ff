"""Pages of the team's own behaviours, below /behaviours/own/."""
