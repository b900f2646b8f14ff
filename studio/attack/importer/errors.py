"""The one exception of the importer."""


class CatalogueError(Exception):
    """A release that cannot be loaded. The message says what happened, where, and what to do."""
