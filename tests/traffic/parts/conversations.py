"""Conversations of several turns, and how many of their tokens an engine finds in its cache.

The same prompts go to real engines behind a router, and to two choices of the engine that are computed here: in turns
(round robin), and by an oracle that knows every cache.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from tests.traffic.parts.engine import tokens_of
from tests.traffic.parts.fleet import MODEL
from tests.traffic.parts.prefix_cache import BLOCK, PrefixCache

WORDS = 60
"""Words that a user adds in a turn: about 100 tokens of four letters."""

ANSWER_TOKENS = 4
ANSWER = "".join(f"w{place} " for place in range(ANSWER_TOKENS))


@dataclass(frozen=True, kw_only=True)
class Hits:
    """Tokens of all prompts, and those that were in a cache."""

    queried: int
    hit: int

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.hit / self.queried


def turns(conversations: int, each: int, seed: int = 1) -> Iterator[dict[str, Any]]:
    """The requests, turn by turn, each turn in another order."""
    chance = random.Random(seed)
    messages: list[list[dict[str, str]]] = [[] for _ in range(conversations)]
    for _ in range(each):
        for place in chance.sample(range(conversations), conversations):
            text = " ".join(str(chance.randrange(100_000)) for _ in range(WORDS))
            messages[place].append({"role": "user", "content": text})
            yield {"model": MODEL, "messages": [*messages[place]], "max_tokens": ANSWER_TOKENS}
            messages[place].append({"role": "assistant", "content": ANSWER})


def cache_blocks(conversations: int, each: int) -> int:
    """The blocks of an engine's cache that holds a quarter of the conversations at their full length."""
    last = [*turns(conversations, each)][-conversations:]
    return sum(len(tokens_of(body)) // BLOCK for body in last) // 4


def simulated(
    bodies: Sequence[dict[str, Any]], engines: int, blocks: int, choose: Callable[..., int]
) -> Hits:
    """The hits if `choose` picks the engine, from the caches, the tokens and the number of the request."""
    caches = [PrefixCache(blocks) for _ in range(engines)]
    queried = hit = 0
    for number, body in enumerate(bodies):
        tokens = tokens_of(body)
        queried += len(tokens)
        hit += caches[choose(caches, tokens, number)].use(tokens)
    return Hits(queried=queried, hit=hit)


def in_turns(caches: Sequence[PrefixCache], tokens: Sequence[int], number: int) -> int:
    """Round robin."""
    return number % len(caches)


def oracle(caches: Sequence[PrefixCache], tokens: Sequence[int], number: int) -> int:
    """The engine that knows the most of the prompt. If none knows anything, the one with the most room."""
    return max(range(len(caches)), key=lambda place: (caches[place].hits(tokens), -len(caches[place])))


def send_all(bodies: Sequence[dict[str, Any]], send: Callable[[dict[str, Any]], bool], turn: int) -> int:
    """Sends the requests, four at once and turn after turn. Returns how many failed."""
    failed = 0
    with ThreadPoolExecutor(4) as clients:
        for start in range(0, len(bodies), turn):
            failed += sum(not done for done in clients.map(send, bodies[start : start + turn]))
    return failed
