"""A router sends the turns of a conversation to the engine that has its beginning in its cache."""

from pathlib import Path

import pytest

from tests.traffic.parts.conversations import cache_blocks, in_turns, oracle, simulated, turns
from tests.traffic.parts.prefix_cache import BLOCK, PrefixCache
from tests.traffic.prefix_hits import ENGINES, compare


def test_a_cache_remembers_whole_blocks_from_the_beginning() -> None:
    cache, prompt = PrefixCache(10), [*range(40)]
    assert cache.use(prompt) == 0
    assert cache.hits(prompt) == 2 * BLOCK, "the last 8 tokens are no whole block"
    assert cache.hits([0, *prompt]) == 0, "another beginning"
    assert cache.hits([*prompt[:BLOCK], *range(100, 140)]) == BLOCK


def test_a_full_cache_forgets_what_was_not_used_for_longest() -> None:
    cache = PrefixCache(2)
    first, second, third = ([start] * BLOCK for start in range(3))
    for prompt in (first, second, first, third):
        cache.use(prompt)
    assert [cache.hits(prompt) for prompt in (first, second, third)] == [BLOCK, 0, BLOCK]


def test_an_oracle_finds_more_than_round_robin_and_no_more_than_there_is() -> None:
    bodies, blocks = [*turns(40, 5)], cache_blocks(40, 5)
    best = simulated(bodies, ENGINES, blocks, oracle)
    worst = simulated(bodies, ENGINES, blocks, in_turns)
    assert worst.hit < best.hit < best.queried == worst.queried


@pytest.mark.prove
def test_the_default_router_finds_most_of_what_an_oracle_finds(tmp_path: Path) -> None:
    found = compare(tmp_path, conversations=40, each=5)
    assert not found.failed
    assert found.of_round_robin >= 1.5
    assert found.of_oracle >= 0.85
