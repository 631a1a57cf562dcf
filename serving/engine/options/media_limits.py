"""Checks `limit-mm-per-prompt`: how many images, videos and sounds a request may contain.

Source: vLLM 0.33.0, vllm/config/multimodal.py (BaseDummyOptions and its subclasses, which forbid other fields).
"""

from collections.abc import Iterator, Mapping
from typing import Final, cast

from facts.problem import Problem
from facts.vllm_values import field_value, json_value

OPTION: Final = "--limit-mm-per-prompt"

_SIZES: Final[Mapping[str, tuple[str, ...]]] = {
    "audio": ("length",),
    "image": ("width", "height"),
    "video": ("num_frames", "width", "height"),
}
"""Fields that must be above 0, by modality. Other modalities have only a count."""


def media_problems(path: str, value: object, place: str) -> Iterator[Problem]:
    """Problems for limits below 0, sizes of 0, and unknown fields. `path` has the keys after a dot."""
    if not path:
        for modality, limit in json_value(value).items():
            yield from _limit_problems(modality, limit, f"{place}.{modality}")
        return
    modality, _, field = path.partition(".")
    found = field_value(value)
    yield from _limit_problems(modality, {field: found} if field else found, place, told=bool(field))


def _limit_problems(modality: str, limit: object, place: str, *, told: bool = False) -> Iterator[Problem]:
    if not isinstance(limit, Mapping):
        if not _is_whole(limit, 0):
            yield Problem(place, limit, "must be a whole number of 0 or more, or an object with a count")
        return
    known = ("count", *_SIZES.get(modality, ()))
    for name, value in cast("Mapping[str, object]", limit).items():
        at = place if told else f"{place}.{name}"
        if name not in known:
            yield Problem.not_one_of(
                at, name, known, f"is not a field of the limit of {modality}", shown=value
            )
        elif not _is_whole(value, 0 if name == "count" else 1):
            least = 0 if name == "count" else 1
            yield Problem(at, value, f"must be a whole number of {least} or more")


def _is_whole(value: object, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least
