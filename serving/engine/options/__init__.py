"""The options that vLLM accepts, and those that it refuses."""
