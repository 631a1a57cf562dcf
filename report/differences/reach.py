"""Which connections are possible on one side only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from facts.oke_pairs import PAIRS, Kind, Pair
from facts.service_pairs import SERVICE_PAIRS
from report.cluster_networks import as_node_pools
from report.reach import Endpoint, Network
from report.reach_endpoints import blocked_between, endpoints_of, program_network

from .sides import Side, Sides

State = Literal["open", "closed", "absent"]
"""absent: the side has no such ends."""


@dataclass(frozen=True, kw_only=True)
class PairStates:
    """A connection, and whether it is possible on each side."""

    pair: Pair
    states: tuple[State, State]


def pairs_that_differ(sides: Sides) -> list[PairStates]:
    """Connections that Oracle's tables list and that only one side has or allows.

    A connection is open if it is possible between all of its ends.
    """
    first, second = (_states(side) for side in (sides.first, sides.second))
    return [
        PairStates(pair=pair, states=(first[pair], second[pair]))
        for pair in first
        if first[pair] != second[pair]
    ]


def _states(side: Side) -> Mapping[Pair, State]:
    resources = as_node_pools(side.resources)
    network = program_network(resources)
    ends = endpoints_of(resources, network)
    return {pair: _state(pair, ends, network) for pair in (*PAIRS, *SERVICE_PAIRS)}


def _state(pair: Pair, ends: Mapping[Kind, Sequence[Endpoint]], network: Network) -> State:
    if not ends.get(pair.source) or not ends.get(pair.target):
        return "absent"
    return "closed" if any(blocked_between([pair], ends, ends, network)) else "open"
