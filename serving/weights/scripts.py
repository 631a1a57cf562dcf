"""The programs of serving/weights/node as texts for a ConfigMap."""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

NODE = Path(__file__).parent / "node"
LEASE = "lease.py"
"""The only program that engines run. It does not import the others."""


@cache
def node_scripts() -> Mapping[str, str]:
    """All programs by file name."""
    return {file.name: file.read_text(encoding="utf-8") for file in sorted(NODE.glob("*.py"))}


def digest(scripts: Mapping[str, str]) -> str:
    """Eight hexadecimal digits that change with the programs. In a ConfigMap's name, they restart the pods after a
    change."""
    text = "".join(f"{name}\0{content}\0" for name, content in sorted(scripts.items()))
    return hashlib.sha256(text.encode()).hexdigest()[:8]
