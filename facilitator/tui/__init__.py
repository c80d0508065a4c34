"""Screens for those who look after a training: what was played, and how it went."""
