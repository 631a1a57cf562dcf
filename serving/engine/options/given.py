"""Options of an engine by name, in whatever form they are written."""

import json
import re
from collections.abc import Mapping

from facts.json_text import DEEPEST
from facts.vllm import SERVE_OPTIONS, SHORT_OPTIONS
from facts.vllm_values import field_value, json_value, size_of
from serving.catalogue.model import OptionValue


def dashed(name: str) -> str:
    """The long form of an option as vLLM lists it, with leading dashes and without underscores.

    The text after a dot is a key inside a JSON option and does not change.
    """
    stem, dot, rest = name.lstrip("-").partition(".")
    short = f"-{stem}"
    option = SHORT_OPTIONS.get(short, short if short in SERVE_OPTIONS else f"--{stem.replace('_', '-')}")
    return f"{option}{dot}{rest}"


def is_true(value: object) -> bool:
    """Whether a switch or a field of a JSON option is true, as a boolean or as text."""
    return str(value).lower() == "true"


def same_option(name: str) -> str:
    """A name that all forms of an option share: short and long, on and off, with dashes or underscores."""
    stem, dot, rest = dashed(name).lstrip("-").partition(".")
    for prefix in ("no-", "enable-", "disable-"):
        stem = stem.removeprefix(prefix)
    return f"{stem}{dot}{rest}"


def overridden(model: Mapping[str, OptionValue], user: Mapping[str, OptionValue]) -> dict[str, OptionValue]:
    """The catalogue's options, overridden by the user's. Each option of the user replaces all of its forms there."""
    given = {same_option(name) for name in user}
    kept = {
        name: value
        for name, value in model.items()
        if not {same_option(name), same_option(name).partition(".")[0]} & given
    }
    return kept | dict(user)


def one_form(options: Mapping[str, OptionValue]) -> dict[str, OptionValue]:
    """Options by their long names. A JSON option that is also given by keys after a dot becomes one JSON object.

    vLLM would ignore the object and use only these keys (vllm/utils/argparse_utils.py, FlexibleArgumentParser).
    """
    found = {dashed(name): value for name, value in options.items()}
    for both in {stem for name in found if (stem := name.partition(".")[0]) != name and stem in found}:
        found[both] = json.dumps(Given(options).json(both.lstrip("-")))
        found = {name: value for name, value in found.items() if not name.startswith(f"{both}.")}
    return found


class Given:
    """Options by their long names without dashes in front, in whatever form they are written."""

    def __init__(self, options: Mapping[str, OptionValue]) -> None:
        self._options: dict[str, OptionValue] = {}
        self._keys: dict[str, str] = {}
        for key, value in options.items():
            name = dashed(key).lstrip("-")
            self._options[name], self._keys[name] = value, key

    def __contains__(self, name: str) -> bool:
        return name in self._options

    def text(self, name: str) -> str | None:
        """The value as text, or None."""
        value = self._options.get(name)
        return None if value is None else str(value)

    def number(self, name: str) -> int | None:
        """The value as a number, as vLLM reads numbers with units, or None."""
        return size_of(self._options.get(name))

    def decimal(self, name: str) -> float | None:
        """The value as a number of at most 18 digits, or None: size_of has the same limit."""
        try:
            found = float(str(self._options[name]))
        except (KeyError, ValueError):
            return None
        return found if abs(found) < 10**18 else None

    def flag(self, name: str, *, default: bool) -> bool:
        """Whether a switch is on. Its opposite forms count too."""
        for form, means in _forms(name).items():
            if form in self._options:
                return is_true(self._options[form]) is means
        return default

    def json(self, name: str) -> dict[str, object]:
        """A JSON option, with the keys that are given after a dot."""
        found = json_value(self._options.get(name, "{}"))
        for each in self._after_dots(name):
            _put(found, each.partition(".")[2], self._options[each])
        return found

    def written(self, name: str, says: str = "") -> tuple[str, OptionValue]:
        """The key that gives an option, as the user or the catalogue wrote it, and its value.

        Short forms, opposite forms and keys after a dot count. Of several keys after a dot, the one whose field a
        problem `says` first. The name itself and "" where nothing gives the option.
        """
        dotted = sorted(self._after_dots(name), key=lambda each: _mention(each, says))
        for each in (name, *dotted, *_forms(name)):
            if each in self._options:
                return self._keys[each], self._options[each]
        return name, ""

    def _after_dots(self, name: str) -> list[str]:
        return [each for each in self._options if each.startswith(f"{name}.")]


def _mention(name: str, text: str) -> int:
    """The place in a text where a field after a dot is named; after the end if it is not."""
    fields = name.removesuffix("+").split(".")[1:]
    found = (re.search(rf"\b{re.escape(field)}\b", text) for field in fields)
    return min((match.start() for match in found if match), default=len(text))


def _forms(name: str) -> dict[str, bool]:
    """The forms of a switch, each with whether it means the same."""
    word = name.removeprefix("enable-").removeprefix("disable-")
    opposite = f"enable-{word}" if name.startswith("disable-") else f"disable-{word}"
    return {name: True, f"no-{name}": False, opposite: False, f"no-{opposite}": True}


def _put(found: dict[str, object], path: str, value: OptionValue) -> None:
    """Set a key that is given after dots. With a plus sign at its end it is a list. Too many keys are left out."""
    if path.count(".") >= DEEPEST:
        return
    stem, _, rest = path.partition(".")
    if rest:
        inner = json_value(found.get(stem) or {})
        _put(inner, rest, value)
        found[stem] = inner
    elif stem.endswith("+"):
        found[stem[:-1]] = [field_value(each) for each in str(value).split(",")]
    else:
        found[stem] = field_value(value)
