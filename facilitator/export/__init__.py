"""`handoff export`: what was played, for other programs. As CSV, JSON or xAPI statements, at one of three levels.

    Source ─ Played ─▶ a level's teller ─ Told ─▶ as_csv, as_json, as_xapi ─ text ─▶ whole file

A level decides once what may be told of a session; the formats see nothing else.
"""
