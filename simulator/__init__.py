"""What happens: reads scenarios, steps them, keeps sessions, plays them. Imports scoring, never facilitator."""
