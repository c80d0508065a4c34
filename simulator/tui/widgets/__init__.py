"""Widgets that more than one place needs, grouped by the part of the screen they draw."""
