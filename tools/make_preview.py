"""`make preview`: preview the stack on the sandbox, check it against the policies, and show its cost."""

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.entry import stack_named, start
from tools.policies import engine_words, judge
from tools.system_tools import BIN


def main() -> int:
    """Run the three parts. Stops after a refused preview. The cost is shown below broken policies too."""
    stack = stack_named()
    through_engine = engine_words(stack)
    with TemporaryDirectory() as folder:
        events = str(Path(folder) / "events.json")
        words = [*through_engine, "--event-log", events]
        status = run("sandbox", "preview", "--stack", stack, *words)
        if status:
            return status
        judged = 0 if through_engine else judge(stack, events)
    return run("playground", "report", stack) or judged


def run(*words: str) -> int:
    """Run one of the project's commands on this terminal."""
    return subprocess.run([str(BIN / words[0]), *words[1:]], check=False).returncode


if __name__ == "__main__":
    start(main)
