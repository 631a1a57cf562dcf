"""The limits of autoscaled pools, which only the stack file has."""

from collections.abc import Mapping

from report.resources import as_mapping, as_sequence


def pool_limits(sections: Mapping[str, object], stack: str) -> dict[str, tuple[int, int]]:
    """The fewest and most nodes of each autoscaled pool, by the pool's name, from the sections of the stack file."""
    pools = [
        as_mapping(pool)
        for section in ("cluster", "gpu")
        for pool in as_sequence(as_mapping(sections.get(section)).get("pools"))
    ]
    found = [(pool.get("name"), pool.get("minNodes"), pool.get("maxNodes")) for pool in pools]
    return {
        f"{stack}-{name}": (least, most)
        for name, least, most in found
        if isinstance(least, int) and isinstance(most, int)
    }
