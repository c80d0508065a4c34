"""The engine made fast: many states a step, in numpy. `engine` is the definition; tests prove the two equal."""
