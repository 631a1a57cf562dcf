"""Misspelt names of the project's own environment variables, which would have no effect."""

from collections.abc import Iterable, Mapping

from facts.problem import Problem, nearest, suggestion


def misspelt_variable(environment: Mapping[str, str], prefix: str, known: Iterable[str]) -> Problem | None:
    """The first variable with the prefix that resembles a known one. Variables of other software resemble none."""
    words = {name.removeprefix(prefix) for name in known}
    for name, value in environment.items():
        word = name.removeprefix(prefix)
        meant = None if word in (name, *words) else nearest(word, words, cutoff=0.8)
        if meant:
            return Problem(name, value, "is not a known variable", suggestion(f"{prefix}{meant}"))
    return None
