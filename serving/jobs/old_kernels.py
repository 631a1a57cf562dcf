"""Take away what engines of former images compiled on this node: `old_kernels.py ROOT OWN`.

ROOT holds a folder for each image, OWN is this engine's. It is marked as used now. Kept are OWN, the folder that was
used last beside it (engines of the image before may still run, and a rollback finds it), and whatever was used within
14 days. It never fails: an engine that starts slowly is better than one that does not start.
"""

import shutil
import sys
import time
from pathlib import Path

MARK = ".used"
KEPT_SECONDS = 14 * 86_400
GOING = ".going-"


def main(root: Path, own: str) -> None:
    """Mark, look, remove."""
    mark = root / own / MARK
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.touch()
    for left in root.glob(f"{GOING}*"):
        shutil.rmtree(left, ignore_errors=True)
    others = [each for each in root.iterdir() if each.is_dir() and each.name != own]
    by_use = sorted((each for each in others if not each.name.startswith(".")), key=last_use, reverse=True)
    for folder in by_use[1:]:
        if time.time() - last_use(folder) > KEPT_SECONDS:
            # In one step, so that an engine finds all of a folder or none of it.
            going = folder.rename(root / f"{GOING}{folder.name}")
            shutil.rmtree(going, ignore_errors=True)
            print(f"removed {folder}", flush=True)


def last_use(folder: Path) -> float:
    """When an engine last started with it; of a folder without a mark, when it last changed."""
    mark = folder / MARK
    return (mark if mark.exists() else folder).stat().st_mtime


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]), sys.argv[2])
    except OSError as error:
        print(f"left as it is: {error}", flush=True)
