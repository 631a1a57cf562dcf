"""What is wrong with an input, said in the user's terms."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True)
class Problem:
    """One wrong value: where it stands, what it is, what is allowed, how to mend it."""

    path: str
    value: object
    allowed: str
    fix: str = ""

    def __str__(self) -> str:
        text = f"{self.path}: {self.value!r}; {self.allowed}"
        return f"{text}. {self.fix}" if self.fix else text


class InvalidInput(ValueError):  # noqa: N818 - it names what the input is
    """All problems of an input at once, one a line. Nothing has been created when it is raised."""

    def __init__(self, problems: Iterable[Problem], subject: str = "the input") -> None:
        self.problems = tuple(problems)
        count = f"{len(self.problems)} problem" + ("" if len(self.problems) == 1 else "s")
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(f"{count} in {subject}:\n{lines}")


def refuse(problems: Iterable[Problem], subject: str = "the input") -> None:
    """Raise InvalidInput if there is any problem."""
    found = tuple(problems)
    if found:
        raise InvalidInput(found, subject)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that a misspelt one most likely meant, or None."""
    by_lower = {name.lower(): name for name in known}
    matches = get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[matches[0]] if matches else None
