"""Who runs it: the command line, the one App, authoring, review and reports. Imports simulator and scoring."""
