"""The component package: what `pulumi package add` starts, see PulumiPlugin.yaml."""

import sys

from pulumi.provider import main

from infra.package.classes import components
from infra.package.typed_provider import TypedComponentProvider

if __name__ == "__main__":
    main(TypedComponentProvider(components(), "genai", version="0.1.0"), sys.argv[1:])
