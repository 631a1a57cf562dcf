"""Words for counts."""

import re


def plural(noun: str, count: int) -> str:
    """`3 subnets`, `1 policy`, `2 policies`."""
    if count == 1:
        return f"1 {noun}"
    if re.search(r"[^aeiou]y$", noun):
        return f"{count} {noun[:-1]}ies"
    return f"{count} {noun}" + ("es" if re.search(r"(s|x|ch)$", noun) else "s")
