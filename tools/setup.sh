#!/bin/sh
# Create .venv from requirements.lock. Every package is pinned and its hash is checked.
set -eu

"$PYTHON" - <<'CHECK' || exit 1
import sys
if sys.version_info < (3, 11):
    sys.exit(f"python 3.11 or later is needed, {sys.executable} is {sys.version.split()[0]}: "
             "set PYTHON, as in `make up PYTHON=python3.12`")
CHECK

if command -v uv >/dev/null 2>&1; then
    uv=uv
else
    uv=.tools/uv/bin/uv
    if ! [ -x "$uv" ]; then
        echo "setup: uv is not on PATH, installing the pinned version in .tools"
        "$PYTHON" -m venv .tools/uv || {
            echo "setup: python's venv module does not work: install it (Debian: python3-venv), or uv" >&2
            exit 1
        }
        .tools/uv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r bootstrap.lock
    fi
fi

echo "setup: creating the environment from requirements.lock"
# Relocatable, with the code as a relative path: a moved or copied clone runs its own code.
[ -x .venv/bin/python ] || "$uv" venv --quiet --relocatable --python "$PYTHON" .venv
UV_LINK_MODE="${UV_LINK_MODE:-copy}" "$uv" pip sync --quiet --python .venv --require-hashes requirements.lock
"$uv" pip install --quiet --python .venv --no-deps --no-build-isolation --editable .
for packages in .venv/lib/python*/site-packages; do echo ../../../.. > "$packages/_genai_playground.pth"; done
