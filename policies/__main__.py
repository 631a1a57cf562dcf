"""`python -m policies` judges the engine's JSON. The engine runs this folder, and gets a server."""

import sys
from pathlib import Path

if __package__:
    from policies.command import main

    sys.exit(main())

# The engine runs the folder itself, so its parent is not on the path.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from policies.engine import serve

serve()
