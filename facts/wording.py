"""Words for counts."""

import re


def plural(noun: str, count: float) -> str:
    """`3 subnets`, `1 policy`, `2 policies`."""
    number = int(count) if count == int(count) else count
    if count == 1:
        return f"1 {noun}"
    if re.search(r"[^aeiou]y$", noun):
        return f"{number} {noun[:-1]}ies"
    return f"{number} {noun}" + ("es" if re.search(r"(s|x|ch)$", noun) else "s")
