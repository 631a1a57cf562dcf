"""`make preview`: preview the stack on the sandbox, check it against the policies, and report what it means."""

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from report.engine_json import digest_of
from report.resources import as_mapping, as_sequence
from tools.entry import stack_named, start
from tools.policies import engine_words, judge
from tools.system_tools import BIN


def main() -> int:
    """Run the three parts. Stops after a refused preview. The report is shown below broken policies too.

    A new stack is reported from the program: its preview does not know yet which parts belong together.
    """
    stack = stack_named()
    through_engine = engine_words(stack)
    with TemporaryDirectory() as folder:
        events = str(Path(folder) / "events.json")
        words = [*through_engine, "--event-log", events]
        status = run("sandbox", "preview", "--stack", stack, *words)
        if status:
            return status
        judged = 0 if through_engine else judge(stack, events)
        source = [] if is_new(events) else ["--preview", events]
        return run("playground", "report", stack, *source) or judged


def is_new(events: str) -> bool:
    """Whether nothing of the stack exists before the change."""
    digest = digest_of(Path(events).read_text(encoding="utf-8"))
    return not any(as_mapping(each).get("oldState") for each in as_sequence(digest.get("steps")))


def run(*words: str) -> int:
    """Run one of the project's commands on this terminal."""
    return subprocess.run([str(BIN / words[0]), *words[1:]], check=False).returncode


if __name__ == "__main__":
    start(main)
