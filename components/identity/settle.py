"""The wait until a grant has spread: IAM answers at once and takes minutes to tell every region and service.

A resource hook of the engine waits after a policy was written. The engine holds everything that depends on the policy
until the hook has ended, so a dependency on the policy is a dependency on the settled grant.
"""

import asyncio

import pulumi

DEFAULT_SECONDS = 120
"""Time for a grant to spread. Oracle gives no bound; minutes are usual for other regions than the home region."""

MOST_SECONDS = 900


def settled(name: str, seconds: int) -> pulumi.ResourceOptions:
    """Options of a policy: what depends on it waits `seconds` after its statements were written; a preview does not."""
    if seconds <= 0:
        return pulumi.ResourceOptions()

    async def wait(args: pulumi.ResourceHookArgs) -> None:
        if _statements(args.old_inputs) == _statements(args.new_inputs):
            return
        pulumi.log.info(f"{args.name}: waiting {seconds} s for its grants to spread")
        await asyncio.sleep(seconds)

    hook = pulumi.ResourceHook(f"{name}-settle", wait)
    return pulumi.ResourceOptions(hooks=pulumi.ResourceHookBinding(after_create=[hook], after_update=[hook]))


def _statements(inputs: object) -> object:
    return inputs.get("statements") if isinstance(inputs, dict) else None  # pyright: ignore
