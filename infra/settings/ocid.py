"""What makes a string the OCID of the wanted kind, in the wanted region."""

from collections.abc import Iterator

from facts.ocids import is_placeholder, parse_ocid
from facts.problem import Problem
from facts.regions import find_region


def ocid_problems(text: str | None, *kinds: str, path: str, region: str | None = None) -> Iterator[Problem]:
    """`text` is no OCID of one of `kinds` (`image`, `key`, …), or one of another region than `region`.

    None is no problem, and a placeholder is judged elsewhere.
    """
    if text is None or is_placeholder(text):
        return
    parsed = parse_ocid(text)
    if parsed is None:
        yield Problem(path, text, f"must be an OCID: {' or '.join(f'ocid1.{kind}.…' for kind in kinds)}")
    elif parsed.resource_type not in kinds:
        yield Problem(path, text, f"must be the OCID of {' or '.join(kinds)}, not of {parsed.resource_type}")
    elif region and parsed.region:
        found = find_region(parsed.region)
        if found is None or found.name != region:
            yield Problem(path, text, f"must be in the environment's region {region}, not in {parsed.region}")
