"""`python -m serving.catalogue` writes the JSON Schema with which editors check catalogue files."""

import json

from .loader import FOLDER, model_schema

(FOLDER / "schema.json").write_text(json.dumps(model_schema(), indent=2) + "\n", encoding="utf-8")
