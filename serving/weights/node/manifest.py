"""What a model's files are: the list that the import writes last and everything after it is checked against."""

import json
from dataclasses import dataclass
from pathlib import PurePosixPath

MANIFEST = ".manifest.json"
"""Name of the list in the bucket and on the node. Where it stands, the model is whole."""

FORMAT = 1
HEX = frozenset("0123456789abcdef")


class BadManifest(ValueError):  # noqa: N818 - it names what was read
    """A list that cannot be trusted."""


@dataclass(frozen=True)
class WeightFile:
    """One file: its path below the model's folder, its size in bytes and its SHA-256."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True)
class ModelId:
    """A model at a commit."""

    model: str
    revision: str

    @property
    def folder(self) -> str:
        """Name of its folder on the node."""
        return f"{self.model}--{self.revision}"

    @property
    def prefix(self) -> str:
        """Where its objects stand in the bucket."""
        return f"models/{self.model}/{self.revision}"


@dataclass(frozen=True)
class Manifest:
    """The files of a model at a commit."""

    model: str
    revision: str
    repository: str
    files: tuple[WeightFile, ...]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)

    def text(self) -> str:
        """The same list gives the same text."""
        files = [vars(file) for file in sorted(self.files, key=lambda file: file.path)]
        document = {
            "format": FORMAT,
            "model": self.model,
            "revision": self.revision,
            "repository": self.repository,
            "files": files,
        }
        return json.dumps(document, indent=1) + "\n"


def read_manifest(text: str | bytes, wanted: ModelId | None = None) -> Manifest:
    """The list, refused if it is not whole, not of the wanted model, or names a path outside its folder."""
    try:
        document = json.loads(text)
        files = tuple(WeightFile(each["path"], each["size"], each["sha256"]) for each in document["files"])
        found = Manifest(document["model"], document["revision"], document["repository"], files)
        version = document["format"]
    except (ValueError, KeyError, TypeError) as error:
        raise BadManifest(f"is no list of files: {type(error).__name__} {error}") from error
    if version != FORMAT:
        raise BadManifest(f"has format {version}; this reads {FORMAT}")
    if wanted is not None and (found.model, found.revision) != (wanted.model, wanted.revision):
        raise BadManifest(
            f"is of {found.model} at {found.revision}, not of {wanted.model} at {wanted.revision}"
        )
    if not files:
        raise BadManifest("names no file")
    if len({file.path for file in files}) != len(files):
        raise BadManifest("names a file twice")
    for file in files:
        _check(file)
    return found


def _check(file: WeightFile) -> None:
    if not is_safe(file.path):
        raise BadManifest(f"names {file.path!r}, which is no path below the model's folder")
    if not isinstance(file.size, int) or file.size < 0:  # pyright: ignore[reportUnnecessaryIsInstance]
        raise BadManifest(f"gives {file.path} the size {file.size!r}")
    if len(file.sha256) != 64 or not HEX.issuperset(file.sha256):
        raise BadManifest(f"gives {file.path} the checksum {file.sha256!r}")


def is_safe(path: str) -> bool:
    """Whether a path stays below its folder and is not the list itself."""
    parts = PurePosixPath(path).parts
    plain = bool(parts) and str(PurePosixPath(path)) == path and "\n" not in path and "\0" not in path
    return plain and parts[0] != "/" and ".." not in parts and path != MANIFEST
