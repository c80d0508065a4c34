"""The app's screens: everything a person sees while choosing, playing and debriefing a scenario.

A screen draws what `view` gives it and hands choices to a `Session`; it decides nothing itself. `facilitator.app`
composes the one App from these screens and its own.
"""
