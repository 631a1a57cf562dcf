"""Reads names and types from vLLM's installed or unpacked wheel. It does not import vLLM, which needs PyTorch and a
GPU.

Only facts are read: names, types, limits and places of refusals. No code, help text or message is copied.
"""
