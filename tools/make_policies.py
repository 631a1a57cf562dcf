"""`make policies`: check what is deployed on the sandbox against the policies."""

import subprocess
import sys

from tools.entry import stack_named, start
from tools.policies import engine_words, judge
from tools.sandbox_command import output_of
from tools.system_tools import BIN


def main() -> int:
    """Judge the state of a stack, through the engine if it can run the pack."""
    stack = stack_named("--json")
    through_engine = engine_words(stack)
    if through_engine:
        command = [str(BIN / "sandbox"), "policy", "analyze", "--stack", stack, *through_engine]
        return subprocess.run([*command, *_options()], check=False).returncode
    return judge(stack, "-", given=output_of("stack", "export", "--stack", stack), words=_options())


def _options() -> list[str]:
    return [word for word in sys.argv[1:] if word.startswith("-")]


if __name__ == "__main__":
    start(main)
