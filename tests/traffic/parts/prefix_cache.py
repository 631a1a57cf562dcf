"""The prefix cache of an engine: whole blocks of tokens, the least recently used ones leave."""

from collections import OrderedDict
from collections.abc import Sequence

BLOCK = 16
"""Tokens of a block (vllm/config/cache.py, CacheConfig.block_size on ROCm)."""


class PrefixCache:
    """Remembers prefixes, up to a number of blocks."""

    def __init__(self, blocks: int) -> None:
        self.blocks = blocks
        self._known: OrderedDict[int, None] = OrderedDict()

    def hits(self, tokens: Sequence[int]) -> int:
        """How many of the first tokens are known. Changes nothing."""
        found = 0
        for key in _keys(tokens):
            if key not in self._known:
                break
            found += BLOCK
        return found

    def use(self, tokens: Sequence[int]) -> int:
        """The same, and remember all of them."""
        found, keys = self.hits(tokens), _keys(tokens)
        # The end of a prompt leaves first, because it is worth nothing without its beginning.
        for key in reversed(keys):
            self._known[key] = None
            self._known.move_to_end(key)
        while len(self._known) > self.blocks:
            self._known.popitem(last=False)
        return found

    def __len__(self) -> int:
        return len(self._known)


def _keys(tokens: Sequence[int]) -> list[int]:
    """A hash of each whole block and of all before it."""
    keys: list[int] = []
    key = 0
    for place in range(0, len(tokens) - len(tokens) % BLOCK, BLOCK):
        key = hash((key, *tokens[place : place + BLOCK]))
        keys.append(key)
    return keys
