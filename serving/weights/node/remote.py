"""The bucket, through rclone: a remote of the name `weights`, configured by RCLONE_CONFIG_WEIGHTS_* variables."""

import json
import subprocess
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

from .manifest import WeightFile

NOT_THERE = (3, 4)
"""Exit statuses of rclone: folder not found, file not found."""

QUICK = ("--retries", "3", "--low-level-retries", "5")


class RemoteError(RuntimeError):
    """The bucket did not answer as it should; the message is rclone's."""


class NotThere(RemoteError):  # noqa: N818 - it names what was found
    """The object is not in the bucket."""


class Remote:
    """One bucket. `held` are descriptors that rclone inherits, so that it cannot outlive the lock it works under."""

    def __init__(self, bucket: str, *, remote: str = "weights", held: Sequence[int] = ()) -> None:
        self.root = f"{remote}:{bucket}"
        self.held = tuple(held)

    def read(self, path: str) -> bytes:
        """A small object."""
        done = subprocess.run(
            self._command("cat", f"{self.root}/{path}", *QUICK),
            capture_output=True,
            pass_fds=self.held,
            check=False,
        )
        if done.returncode in NOT_THERE or (done.returncode == 0 and not done.stdout):
            raise NotThere(f"{self.root}/{path} is not there")
        self._check(done.returncode, f"{self.root}/{path}", done.stderr.decode(errors="replace").splitlines())
        return done.stdout

    def sizes(self, prefix: str) -> dict[str, int]:
        """Size of each object below a prefix, by its path from there."""
        where = f"{self.root}/{prefix}"
        options = ("--recursive", "--files-only", "--no-modtime", "--no-mimetype")
        done = subprocess.run(
            self._command("lsjson", where, *options, *QUICK),
            capture_output=True,
            pass_fds=self.held,
            check=False,
        )
        if done.returncode in NOT_THERE:
            return {}
        self._check(done.returncode, where, done.stderr.decode(errors="replace").splitlines())
        return {entry["Path"]: entry["Size"] for entry in json.loads(done.stdout)}

    def upload(self, path: str, size: int) -> "Upload":
        """Begin to write an object of known size. It exists once all its bytes have been given."""
        return Upload(self._command("rcat", f"{self.root}/{path}", "--size", str(size), *QUICK), self.held)

    def write(self, path: str, content: bytes) -> None:
        """A small object, whole or not at all."""
        upload = self.upload(path, len(content))
        upload.give(content)
        upload.finish()

    def fetch(
        self,
        prefix: str,
        files: Sequence[WeightFile],
        folder: Path,
        *,
        streams: int,
        arrived: Callable[[str], None],
        beat: Callable[[], None],
    ) -> None:
        """Copy files into a folder, `streams` transfers at once; `arrived` is told of each that is complete."""
        command = self._copy(prefix, folder, len(files), streams)
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, pass_fds=self.held, text=True
        )
        last: deque[str] = deque(maxlen=5)
        try:
            assert process.stdin is not None  # noqa: S101 - as Popen's arguments say
            assert process.stderr is not None  # noqa: S101
            process.stdin.write("".join(f"{file.path}\n" for file in files))
            process.stdin.close()
            for line in process.stderr:
                beat()
                name = _copied(line, last)
                if name:
                    arrived(name)
            self._check(process.wait(), f"{self.root}/{prefix}", last)
        finally:
            process.kill()
            process.wait()

    def _copy(self, prefix: str, folder: Path, files: int, streams: int) -> list[str]:
        transfers = max(1, min(streams, files))
        return self._command(
            "copy",
            f"{self.root}/{prefix}",
            str(folder),
            *("--files-from-raw", "-"),
            *("--transfers", str(transfers), "--checkers", str(transfers)),
            # Few large files share the streams among them; many files take one each.
            *("--multi-thread-streams", str(streams // transfers if streams >= 2 * transfers else 0)),
            # What stands in the folder is a leftover of unknown content, and SHA-256 is checked after.
            *("--no-check-dest", "--ignore-checksum", "--no-traverse"),
            *("--use-json-log", "-v", "--stats", "1s"),
        )

    def _command(self, verb: str, *words: str) -> list[str]:
        return ["rclone", verb, *words, "--config", ""]

    def _check(self, status: int, where: str, said: Sequence[str]) -> None:
        if status:
            words = " / ".join(line.strip() for line in list(said)[-3:])
            raise RemoteError(f"rclone ended with {status} at {where}: {words}")


class Upload:
    """An object on its way into the bucket."""

    def __init__(self, command: list[str], held: tuple[int, ...]) -> None:
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, pass_fds=held)

    def give(self, content: bytes) -> None:
        """The next bytes."""
        assert self.process.stdin is not None  # noqa: S101 - as Popen's arguments say
        try:
            self.process.stdin.write(content)
        except BrokenPipeError as error:
            raise RemoteError(self._words()) from error

    def finish(self) -> None:
        """Wait until the object exists."""
        words = self._words()
        if self.process.returncode:
            raise RemoteError(words)

    def drop(self) -> None:
        """Give up: no object comes into being."""
        self.process.kill()
        self.process.wait()

    def _words(self) -> str:
        _, said = self.process.communicate()
        return f"rclone ended with {self.process.returncode}: {said.decode(errors='replace').strip()[-500:]}"


def _copied(line: str, last: deque[str]) -> str | None:
    """The file that a line of rclone's log says is complete; other lines of weight are kept for an error."""
    try:
        entry = json.loads(line)
    except ValueError:
        last.append(line)
        return None
    if entry.get("level") in ("error", "critical", "fatal"):
        last.append(str(entry.get("msg")))
    name = entry.get("object")
    return str(name) if name and "Copied" in str(entry.get("msg")) else None
