"""The options that vLLM takes, and what it refuses of them."""
