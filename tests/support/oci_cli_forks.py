"""Runs commands of the OCI CLI, each in a fork of one process that has imported the CLI.

The Python of the CLI's environment runs this file. Each line of its input is a command. Its answer is one line, the
exit status. The process does what the script `oci` does: it loads the service that the words name, and calls `cli`.
It keeps a service for the next command, because loading takes most of the time.
"""

import gc
import json
import os
import sys


def main() -> int:
    """Answer commands until the input ends."""
    script, *_ = sys.argv = sys.argv[1:]
    from oci_cli import dynamic_loader  # pyright: ignore
    from oci_cli.cli import cli  # pyright: ignore

    for line in sys.stdin:
        command = json.loads(line)
        sys.argv = [script, *command["words"]]
        dynamic_loader.load_required_services_for_invocation()
        # Otherwise the fork visits, and so copies, every object of the CLI before it ends.
        gc.freeze()
        fork = os.fork()
        if not fork:
            _take(command)
            return cli()
        _, status = os.waitpid(fork, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201 - it is the answer
    return 0


def _take(command: dict[str, dict[str, str]]) -> None:
    """Take over the environment of a command and its files."""
    os.environ.clear()
    os.environ.update(command["environment"])
    for number, path in enumerate((os.devnull, command["output"], command["errors"])):
        file = os.open(str(path), os.O_RDWR)
        os.dup2(file, number)
        os.close(file)


if __name__ == "__main__":
    sys.exit(main())
