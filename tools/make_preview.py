"""`make preview`: preview the stack on the sandbox, check it against the policies, and report what it means."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.entry import stack_named, start
from tools.policies import engine_words, judge
from tools.sandbox_command import run_sandbox


def main() -> int:
    """Run both parts. Stops after a refused preview, which ends without a report."""
    stack, verbose = stack_named("--verbose"), "--verbose" in sys.argv
    through_engine = engine_words(stack)
    with TemporaryDirectory() as folder:
        events = str(Path(folder) / "events.json")
        status = run_sandbox(
            "preview", "--stack", stack, *through_engine, "--event-log", events, verbose=verbose
        )
        return status if status or through_engine else judge(stack, events)


if __name__ == "__main__":
    start(main)
