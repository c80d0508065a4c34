"""Data only: what is played. Read through importlib.resources, never imported for its code."""
