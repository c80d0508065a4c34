"""What good looks like: pure rules of weighing. Imports nothing of ours, no I/O, no screen, no wall clock."""
