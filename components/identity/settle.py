"""The wait until a grant applies. IAM responds at once, but needs minutes to reach every region and service.

A resource hook of the engine waits after a policy is written. The engine does not start the dependents of the policy
before the hook ends, so a dependent of the policy starts only when the grant applies.
"""

import asyncio
import re
from collections.abc import Mapping
from datetime import UTC, datetime

import pulumi

DEFAULT_SECONDS = 120
"""Seconds until a grant applies. Oracle states no limit. Minutes are usual for regions other than the home region."""

MOST_SECONDS = 900

_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)", re.ASCII)


def settled(name: str, seconds: int) -> pulumi.ResourceOptions:
    """Options of a policy: its dependents wait `seconds` after its statements are written. A preview does not wait."""
    if seconds <= 0:
        return pulumi.ResourceOptions()

    async def wait(args: pulumi.ResourceHookArgs) -> None:
        if _statements(args.old_inputs) == _statements(args.new_inputs):
            return
        created = _text(args.new_outputs, "timeCreated") if args.old_inputs is None else ""
        left = remaining(seconds, created, datetime.now(UTC))
        if left > 0:
            pulumi.log.info(f"{args.name}: waiting {left:.0f} s until its grants apply")
            await asyncio.sleep(left)

    hook = pulumi.ResourceHook(f"{name}-settle", wait)
    return pulumi.ResourceOptions(hooks=pulumi.ResourceHookBinding(after_create=[hook], after_update=[hook]))


def remaining(seconds: int, created: str, now: datetime) -> float:
    """The rest of `seconds` since `created`, in OCI's format. All seconds if that time is invalid or in the future.

    The engine runs hooks one after the other. Without this, five new policies would wait five times.
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
