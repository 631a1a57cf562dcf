"""The sizes of models and the requests at the same time that figures span together.

A box would also span its corners: a small model with few requests, if there are figures of a large model with few and
of the small one with many. What takes most of the time differs there, so the figures do not say how long it takes. The
convex hull of the figures leaves such corners out. Both scales are logarithmic.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

Point = tuple[float, float]
"""Billion parameters, and requests at the same time."""

Limits = tuple[float, float]


def corners(points: Iterable[Point]) -> tuple[Point, ...]:
    """The corners of the convex hull, ordered by size: first those of the lower edge, then those of the upper one."""
    ordered = sorted(set(points))
    if len(ordered) <= 1:
        return tuple(ordered)
    return (*_edge(ordered), *_edge(ordered[::-1]))


def limits_between(hull: Sequence[Point], least: float, most: float) -> Limits | None:
    """Least and most requests at the same time that the hull has for models of these sizes. None: it has none."""
    found = [requests for size, requests in hull if least <= size <= most]
    found += [*_crossings(hull, least), *_crossings(hull, most)]
    return (min(found), max(found)) if found else None


def _edge(ordered: Sequence[Point]) -> list[Point]:
    kept: list[Point] = []
    for point in ordered:
        while len(kept) > 1 and _turn(kept[-2], kept[-1], point) <= 0:
            kept.pop()
        kept.append(point)
    return kept[:-1]


def _turn(first: Point, second: Point, third: Point) -> float:
    """Positive: the way over the three points turns left."""
    a, b, c = ((math.log(x), math.log(y)) for x, y in (first, second, third))
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _crossings(hull: Sequence[Point], size: float) -> Iterator[float]:
    for (one, fewer), (other, more) in pairwise((*hull, *hull[:1])):
        if min(one, other) < size < max(one, other):
            share = math.log(size / one) / math.log(other / one)
            yield math.exp(math.log(fewer) + share * math.log(more / fewer))
