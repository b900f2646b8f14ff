"""The one exception of the importer, and how it quotes others."""


class CatalogueError(Exception):
    """A release that cannot be loaded. The message says what happened, where, and what to do."""


def first_line(error: Exception) -> str:
    """What another library's error says first, short enough for a sentence."""
    return (str(error).splitlines() or [type(error).__name__])[0][:300]
