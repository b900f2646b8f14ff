"""The interface for programs: tokens, addresses below /api/v1/, and their description."""
