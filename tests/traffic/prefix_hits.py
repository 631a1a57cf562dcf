"""Prefix hits behind a real router, beside round robin and an oracle."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from serving.routing.smg import LOAD_SECONDS
from tests.traffic.parts.conversations import Hits, cache_blocks, in_turns, oracle, send_all, simulated, turns
from tests.traffic.parts.fleet import fleet, send, stable, wait_for

ENGINES = 4


@dataclass(frozen=True, kw_only=True)
class Compared:
    """The hits of three ways to choose an engine."""

    router: Hits
    in_turns: Hits
    oracle: Hits
    failed: int

    @property
    def of_round_robin(self) -> float:
        """How many times the hits of round robin."""
        return self.router.hit / self.in_turns.hit

    @property
    def of_oracle(self) -> float:
        """The share of the oracle's hits, from 0 to 1."""
        return self.router.hit / self.oracle.hit


def compare(folder: Path, conversations: int, each: int, implementation: str = "smg") -> Compared:
    """Runs the conversations behind a router, and computes the other two."""
    bodies = [*turns(conversations, each)]
    blocks = cache_blocks(conversations, each)
    real, failed = _behind_a_router(folder, bodies, blocks, conversations, implementation)
    return Compared(
        router=real,
        in_turns=simulated(bodies, ENGINES, blocks, in_turns),
        oracle=simulated(bodies, ENGINES, blocks, oracle),
        failed=failed,
    )


def _behind_a_router(
    folder: Path, bodies: Sequence[dict[str, Any]], blocks: int, turn: int, implementation: str
) -> tuple[Hits, int]:
    with fleet(folder) as made, made.router(implementation) as router:
        for place in range(ENGINES):
            made.engine(f"engine-{place}", stable(), blocks=blocks)
        url = f"{router.url}/v1/chat/completions"
        wait_for(router.ready)
        wait_for(lambda: router.workers() == ENGINES)
        if implementation == "smg":
            # Until all have reported, the one that has gets most new conversations. With smg's default it takes 10 s.
            wait_for(lambda: router.reports() == ENGINES, 5 * LOAD_SECONDS)
        failed = send_all(bodies, lambda body: send(url, body)[0] == 200, turn)
        seen = [engine.seen() for engine in made.engines.values()]
        hits = Hits(queried=sum(e["queried"] for e in seen), hit=sum(e["hit"] for e in seen))
        return hits, failed
