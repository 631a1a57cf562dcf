"""Lists of names, written as one line of words."""


def words(text: str) -> tuple[str, ...]:
    """The words of a text."""
    return tuple(text.split())
