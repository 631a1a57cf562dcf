"""Errors in an input, in the user's terms."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Self, cast

from facts.wording import plural

MOST_LISTED = 50
"""Most words that an error lists if none of them is similar. A longer list does not help."""


@dataclass(frozen=True)
class Problem:
    """One wrong value: its path, the value, what is allowed, how to fix it."""

    path: str
    value: object
    allowed: str
    fix: str = ""

    @classmethod
    def not_one_of(
        cls,
        path: str,
        word: str,
        known: Iterable[str],
        allowed: str = "",
        *,
        shown: object = None,
        otherwise: str = "",
    ) -> Self:
        """An unknown word. The error suggests the most similar known word, or lists the known words.

        `allowed`: replaces `must be one of …`. `shown`: the value to show, if it is not the word itself.
        `otherwise`: the fix if no known word is similar.
        """
        names = list(known)
        listed = ", ".join(names)
        allowed = allowed or (f"must be one of {listed}" if names else "must be left out: there is none")
        few = listed and listed not in allowed and len(names) <= MOST_LISTED
        fix = did_you_mean(word, names) or otherwise or (f"There are: {listed}" if few else "")
        return cls(path, word if shown is None else shown, allowed, fix)

    def __str__(self) -> str:
        text = f"{self.path}: {shown(self.value)}; {self.allowed}"
        return f"{text}. {self.fix}" if self.fix else text


def shown(value: object) -> str:
    """A value as YAML writes it, not Python. None is shown as missing."""
    if value is None:
        return "missing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        entries = cast(Mapping[object, object], value).items()
        return "{" + ", ".join(f"{key}: {shown(inner)}" for key, inner in entries) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(shown, cast(Sequence[object], value))) + "]"
    return repr(value)


class InvalidInput(ValueError):  # noqa: N818 - it names what the input is
    """All problems of an input at once, one per line. It is raised before anything is created."""

    def __init__(self, problems: Iterable[Problem], subject: str = "the input") -> None:
        self.problems = tuple(problems)
        count = plural("problem", len(self.problems))
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(f"{count} in {subject}:\n{lines}")


def refuse(problems: Iterable[Problem], subject: str = "the input") -> None:
    """Raise InvalidInput if there is any problem."""
    found = tuple(problems)
    if found:
        raise InvalidInput(found, subject)


def nearest(word: str, known: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """The known word that is most similar to a misspelled one, or None. `cutoff`: the least similarity, 0 to 1."""
    by_lower = {name.lower(): name for name in known}
    matches = get_close_matches(word.lower(), by_lower, n=1, cutoff=cutoff)
    return by_lower[matches[0]] if matches else None


def unknown_keys(data: Mapping[str, object], known: Iterable[str], path: str = "") -> Iterator[Problem]:
    """Keys of an object that nothing reads. `path`: of the object; none at the top."""
    names = list(known)
    for key in data:
        if key not in names:
            yield Problem.not_one_of(f"{path}.{key}" if path else key, key, names, shown=data[key])


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A question that suggests the most similar known word; empty if none is similar."""
    guess = nearest(word, known)
    return suggestion(guess) if guess else ""


def suggestion(word: str) -> str:
    """A question that suggests this word."""
    return f"Did you mean `{word}`?"


def moved(problems: Iterable[Problem], old: str, new: str) -> Iterator[Problem]:
    """The problems of a component with the path in the settings: `new` replaces `old` at the start of the path."""
    for problem in problems:
        rest = problem.path.removeprefix(old)
        if problem.path.startswith(old) and rest[:1] in ("", ".", "["):
            yield replace(problem, path=new + rest)
        else:
            yield problem
