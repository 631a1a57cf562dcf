"""Faults of a page in a real browser: errors, requests, sideways scrolling, overlapping texts, weak contrast."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any

from tools.browser import Look, Tab

_SCRIPT = Path(__file__).with_suffix(".js").read_text("utf-8")

CONTRAST = 4.5
"""The least contrast of text. Source: WCAG 2.2, success criterion 1.4.3 (level AA), text of any size."""

_SLACK = 0.6
"""Pixels: a browser rounds places."""

_LOUD = ("error", "warning", "assert")


def faults(tab: Tab, file: Path, look: Look) -> list[str]:
    """What is wrong with a page of a look, in words."""
    tab.open(file, look)
    found = tab.run(_SCRIPT)
    texts = found["texts"]
    return [
        *told(tab.browser.events, file.resolve().as_uri()),
        *([f"{found['width']} pixels wide in {found['room']}"] if found["width"] > found["room"] else []),
        *(
            f"{each['text']!r} leaves its box"
            for each in texts
            if each["box"] and not _holds(each["box"], each)
        ),
        *(f"{one['text']!r} overlaps {other['text']!r}" for one, other in overlapping(texts)),
        *_weak(texts),
    ]


def told(events: Sequence[Mapping[str, Any]], page: str) -> Iterator[str]:
    """Requests beside that for the page, and every error and warning."""
    for event in events:
        given = event["params"]
        match event["method"]:
            case "Network.requestWillBeSent":
                url = given["request"]["url"]
                if url != page and not url.startswith("data:"):
                    yield f"request: {url}"
            case "Runtime.exceptionThrown":
                yield f"exception: {given['exceptionDetails'].get('exception', {}).get('description')}"
            case "Runtime.consoleAPICalled" if given["type"] in _LOUD:
                yield f"console: {given['args']}"
            case "Log.entryAdded" if given["entry"]["level"] in _LOUD:
                yield f"log: {given['entry']['text']}"
            case _:
                pass


def overlapping(texts: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Pairs of texts with a common area."""
    ordered = sorted(texts, key=lambda each: each["y"])
    for index, one in enumerate(ordered, 1):
        bottom = one["y"] + one["height"] - _SLACK
        for other in takewhile(lambda each, end=bottom: each["y"] < end, ordered[index:]):
            beside = (
                one["x"] + one["width"] - _SLACK <= other["x"]
                or other["x"] + other["width"] - _SLACK <= one["x"]
            )
            if not beside:
                yield one, other


def _holds(box: Mapping[str, float], text: Mapping[str, Any]) -> bool:
    return all(
        box[start] - _SLACK <= text[start] and text[start] + text[size] <= box[start] + box[size] + _SLACK
        for start, size in (("x", "width"), ("y", "height"))
    )


def _weak(texts: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    samples = {(each["colour"], each["ground"]): each["text"] for each in texts}
    for (colour, ground), text in samples.items():
        if (reached := contrast(colour, ground)) < CONTRAST:
            yield f"contrast {reached:.1f} of {colour} on {ground}: {text!r}"


def contrast(colour: str, ground: str) -> float:
    """The contrast of two opaque colours, from 1 to 21. Source: WCAG 2.2, "contrast ratio"."""
    light, dark = sorted((_luminance(colour), _luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    """Source: WCAG 2.2, "relative luminance". Raises ValueError for a colour that lets others through."""
    match = re.fullmatch(r"rgb\((\d+), (\d+), (\d+)\)", colour)
    if match is None:
        raise ValueError(f"not an opaque colour: {colour}")
    shares = [int(each) / 255 for each in match.groups()]
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
