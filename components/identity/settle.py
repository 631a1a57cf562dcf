"""The wait until a grant has spread: IAM answers at once and takes minutes to tell every region and service.

A resource hook of the engine waits after a policy was written. The engine holds everything that depends on the policy
until the hook has ended, so a dependency on the policy is a dependency on the settled grant.
"""

import asyncio
import re
from collections.abc import Mapping
from datetime import UTC, datetime

import pulumi

DEFAULT_SECONDS = 120
"""Time for a grant to spread. Oracle gives no bound; minutes are usual for other regions than the home region."""

MOST_SECONDS = 900

_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)")


def settled(name: str, seconds: int) -> pulumi.ResourceOptions:
    """Options of a policy: what depends on it waits `seconds` after its statements were written; a preview does not."""
    if seconds <= 0:
        return pulumi.ResourceOptions()

    async def wait(args: pulumi.ResourceHookArgs) -> None:
        if _statements(args.old_inputs) == _statements(args.new_inputs):
            return
        created = _text(args.new_outputs, "timeCreated") if args.old_inputs is None else ""
        left = remaining(seconds, created, datetime.now(UTC))
        if left > 0:
            pulumi.log.info(f"{args.name}: waiting {left:.0f} s for its grants to spread")
            await asyncio.sleep(left)

    hook = pulumi.ResourceHook(f"{name}-settle", wait)
    return pulumi.ResourceOptions(hooks=pulumi.ResourceHookBinding(after_create=[hook], after_update=[hook]))


def remaining(seconds: int, created: str, now: datetime) -> float:
    """What is left of `seconds` since `created`, as OCI writes it; all of it where that time is none, or to come.

    The engine runs hooks one after the other: without this, five new policies would wait five times.
    """
    found = _TIME.match(created)
    if not found:
        return seconds
    passed = (now - datetime.fromisoformat(f"{found[1]}T{found[2]}+00:00")).total_seconds()
    return seconds if passed < 0 else max(0.0, seconds - passed)


def _statements(inputs: Mapping[str, object] | None) -> object:
    return (inputs or {}).get("statements")


def _text(outputs: Mapping[str, object] | None, name: str) -> str:
    return str((outputs or {}).get(name, ""))
