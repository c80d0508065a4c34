"""`handoff host`: seats in browsers, all played in this process. `command` begins it, `server` answers, `tab` runs a seat's app."""
