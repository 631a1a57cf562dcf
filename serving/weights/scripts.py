"""The programs of serving/weights/node as the text that a ConfigMap holds."""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

NODE = Path(__file__).parent / "node"
LEASE = "lease.py"
"""The one program that engines run; it needs none of the others."""


@cache
def node_scripts() -> Mapping[str, str]:
    """All programs by file name."""
    return {file.name: file.read_text(encoding="utf-8") for file in sorted(NODE.glob("*.py"))}


def digest(scripts: Mapping[str, str]) -> str:
    """Eight digits that change with the programs: part of a ConfigMap's name, so that pods follow a change."""
    text = "".join(f"{name}\0{content}\0" for name, content in sorted(scripts.items()))
    return hashlib.sha256(text.encode()).hexdigest()[:8]
