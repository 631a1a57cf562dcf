"""Options of an engine by name, in any way of writing them."""

from collections.abc import Mapping

from facts.vllm import SERVE_OPTIONS
from facts.vllm_values import field_value, json_value, size_of
from serving.catalogue.model import OptionValue


def dashed(name: str) -> str:
    """An option as vLLM lists it: leading dashes, and dashes where vLLM also takes underscores.

    What follows a dot is a key inside a JSON option and stays as it is.
    """
    stem, dot, rest = name.lstrip("-").partition(".")
    dashes = "-" if f"-{stem}" in SERVE_OPTIONS else "--"
    return f"{dashes}{stem.replace('_', '-')}{dot}{rest}"


def is_true(value: object) -> bool:
    """Whether a field of a JSON option is on, as JSON or as a word."""
    return str(value).lower() == "true"


class Given:
    """Options by name, in any way of writing them."""

    def __init__(self, options: Mapping[str, OptionValue]) -> None:
        self._options = {name.lstrip("-").replace("_", "-"): value for name, value in options.items()}

    def __contains__(self, name: str) -> bool:
        return name in self._options

    def text(self, name: str) -> str | None:
        """The value as text, or None."""
        value = self._options.get(name)
        return None if value is None else str(value)

    def number(self, name: str) -> int | None:
        """The value as vLLM reads numbers with units, or None."""
        return size_of(self._options.get(name))

    def decimal(self, name: str) -> float | None:
        """The value as a number, or None."""
        try:
            return float(str(self._options[name]))
        except (KeyError, ValueError):
            return None

    def flag(self, name: str, *, default: bool) -> bool:
        """Whether a switch is on, its opposite forms considered."""
        word = name.removeprefix("enable-").removeprefix("disable-")
        opposite = f"enable-{word}" if name.startswith("disable-") else f"disable-{word}"
        forms = ((name, True), (f"no-{name}", False), (opposite, False), (f"no-{opposite}", True))
        for written, means in forms:
            if written in self._options:
                return (str(self._options[written]).lower() == "true") is means
        return default

    def json(self, *names: str) -> dict[str, object]:
        """A JSON option, keys given after a dot included."""
        found: dict[str, object] = {}
        for name in names:
            found |= json_value(self._options.get(name, "{}"))
            for key in (each for each in self._options if each.startswith(f"{name}.")):
                _put(found, key.partition(".")[2].replace("-", "_"), self._options[key])
        return found


def _put(found: dict[str, object], path: str, value: OptionValue) -> None:
    """Sets a key given after dots; with a plus sign it is a list."""
    stem, _, rest = path.partition(".")
    if rest:
        inner = json_value(found.get(stem) or {})
        _put(inner, rest, value)
        found[stem] = inner
    elif stem.endswith("+"):
        found[stem[:-1]] = [field_value(each) for each in str(value).split(",")]
    else:
        found[stem] = field_value(value)
