"""`python -m serving.catalogue` writes the JSON Schema that editors check catalogue files with."""

import json

from .loader import FOLDER, model_schema

(FOLDER / "schema.json").write_text(json.dumps(model_schema(), indent=2) + "\n", encoding="utf-8")
