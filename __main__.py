"""The component package: what `pulumi package add` starts, see PulumiPlugin.yaml."""

from infra.package.provider import serve

if __name__ == "__main__":
    serve()
