"""Coordinators on a PostgreSQL server: a login that may look at its agency's sessions and the shared ones, and no more.

The server itself keeps the wall, row by row, whatever program asks. A session is *seen* by a coordinator if somebody of
the coordinator's agency sat in it, or if nobody in it named an agency. Everything else follows the session; of aliases
only those of the own agency are seen, of remarks none. Of panels, the votes are seen where they are ten or more, of panelists none. Sums over groups of sessions are not told apart by agency, so
they are out of reach: a coordinator's figures are made from the sessions seen.

Agencies are compared without their spaces around and, for the letters A to Z, their case.
"""

from __future__ import annotations

from scoring.panel import AT_LEAST
from simulator.log import LogError
from simulator.log.dialect import Sql
from simulator.log.read_models import DETAILS

GROUP = "handoff_coordinator"  # roles are the whole server's, so its name says whose it is
_MAKE_GROUP = f"""DO $$ BEGIN
    CREATE ROLE {GROUP} NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- made from another database in this moment
END $$"""

_MINE = "SELECT agency FROM coordinators WHERE login = session_user"

# Which agencies sat in a session, kept beside it: one row each, or one without a name where nobody named any. To work
# it out from the aliases for every question would take a second for a hundred thousand sessions.
_NAMED = "SELECT DISTINCT lower(btrim(agency)), session FROM aliases WHERE btrim(agency) <> ''"
_SHARED = (
    "SELECT '', id FROM sessions WHERE NOT EXISTS"
    " (SELECT 1 FROM aliases WHERE aliases.session = sessions.id AND btrim(agency) <> '')"
)
_CHANGED = "IN (SELECT session FROM changed)"
_SAT = (
    "CREATE TABLE IF NOT EXISTS coordinators (login TEXT NOT NULL, agency TEXT NOT NULL, PRIMARY KEY (login, agency))",
    """CREATE TABLE IF NOT EXISTS session_agencies (
        agency TEXT NOT NULL, session TEXT NOT NULL REFERENCES sessions ON DELETE CASCADE, PRIMARY KEY (agency, session)
    )""",
    "CREATE INDEX IF NOT EXISTS session_agencies_session ON session_agencies (session)",
    "DELETE FROM session_agencies",
    f"INSERT INTO session_agencies (agency, session) {_NAMED} UNION ALL {_SHARED}",
    f"""CREATE OR REPLACE FUNCTION keep_session_agencies() RETURNS trigger LANGUAGE plpgsql
        SET search_path = handoff, pg_temp AS $$ BEGIN
            DELETE FROM session_agencies WHERE session {_CHANGED};
            INSERT INTO session_agencies (agency, session) {_NAMED} AND session {_CHANGED}
                UNION ALL {_SHARED} AND id {_CHANGED};
            RETURN NULL;
        END $$""",
    *(
        f"CREATE OR REPLACE TRIGGER session_agencies_{event.lower()} AFTER {event} ON aliases REFERENCING {rows} TABLE"
        " AS changed FOR EACH STATEMENT EXECUTE FUNCTION keep_session_agencies()"
        for event, rows in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD"))
    ),
)

# Views that run with the owner's rights: what the login behind the question may see.
_VIEWS = (
    f"CREATE OR REPLACE VIEW own_agencies WITH (security_barrier) AS {_MINE}",
    f"""CREATE OR REPLACE VIEW seen WITH (security_barrier) AS SELECT session FROM session_agencies
        WHERE agency IN ({_MINE} UNION ALL SELECT '' FROM coordinators WHERE login = session_user)""",
    """CREATE OR REPLACE VIEW seen_groups WITH (security_barrier) AS
        SELECT summaries.grp FROM seen JOIN summaries ON summaries.session = seen.session WHERE summaries.grp IS NOT NULL""",
    f"""CREATE OR REPLACE VIEW seen_panels WITH (security_barrier) AS SELECT scenario, scene, asked FROM votes
        WHERE EXISTS ({_MINE}) GROUP BY scenario, scene, asked HAVING count(*) >= {AT_LEAST}""",
)


def _followed(table: str, column: str) -> str:
    """The row is seen if the session in `column` is."""
    return f"EXISTS (SELECT 1 FROM seen WHERE seen.session = {table}.{column})"


# Table → which of its rows are seen. A table that is not here is out of reach.
POLICIES = {
    "sessions": _followed("sessions", "id"),
    "events": _followed("events", "session"),
    "session_texts": _followed("session_texts", "session"),
    "texts": "EXISTS (SELECT 1 FROM session_texts AS played WHERE played.digest = texts.digest)",
    "aliases": f"lower(btrim(agency)) IN (SELECT agency FROM own_agencies) AND {_followed('aliases', 'session')}",
    "remarks": "false",  # readable and empty: a debrief opens as one in which nobody wrote
    "summaries": _followed("summaries", "session"),
    **{table: _followed(table, "session") for table in DETAILS},
    "votes": "(scenario, scene, asked) IN (SELECT scenario, scene, asked FROM seen_panels)",
    "panelists": "false",  # who voted, and their reasons
    "groups": "id IN (SELECT grp FROM seen_groups)",
    "names": "EXISTS (SELECT 1 FROM own_agencies)",  # what the texts call their scenes and duties
}
_OPEN = ("migrations", "own_agencies", "seen", "seen_groups", "seen_panels")  # no rows of anybody's


def admit(db: Sql, login: str, agency: str) -> None:
    """Let a login of the server look at an agency's sessions. In a transaction, alone. Raises LogError."""
    _may_be_one(db, login)
    if not _found(db, "SELECT 1 FROM pg_roles WHERE rolname = ?", GROUP):
        db.execute(_MAKE_GROUP)
    if not _found(db, "SELECT 1 WHERE pg_has_role(?, ?, 'MEMBER')", login, GROUP):
        db.execute(f"GRANT {GROUP} TO {_quoted(login)}")
    raise_walls(db)
    db.execute(
        "INSERT INTO coordinators (login, agency) VALUES (?, lower(btrim(?))) ON CONFLICT DO NOTHING", (login, agency)
    )


def dismiss(db: Sql, login: str, agency: str | None) -> int:
    """Take a login's look at an agency's sessions away, or at all. Returns at how many agencies'."""
    if not has_walls(db):
        return 0
    which, values = ("", (login,)) if agency is None else (" AND agency = lower(btrim(?))", (login, agency))
    gone = db.execute(f"DELETE FROM coordinators WHERE login = ?{which}", values).rowcount
    if gone and not _found(db, "SELECT 1 FROM coordinators WHERE login = ?", login):
        db.execute(f"REVOKE {GROUP} FROM {_quoted(login)}")
    return gone


def has_walls(db: Sql) -> bool:
    """Whether the store has ever had a coordinator."""
    return _found(db, "SELECT 1 WHERE to_regclass('coordinators') IS NOT NULL")


def raise_walls(db: Sql) -> None:
    """Everything that keeps a coordinator to what is seen; done again whenever the tables have changed."""
    for statement in (*_SAT, *_VIEWS):
        db.execute(statement)
    there = {
        name for (name,) in db.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()").fetchall()
    }
    db.execute(f"GRANT USAGE ON SCHEMA handoff TO {GROUP}")
    for table in there - set(POLICIES):
        db.execute(f"REVOKE ALL ON {table} FROM {GROUP}")
    for table, seen in POLICIES.items():
        if table in there:
            db.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            db.execute(f"DROP POLICY IF EXISTS seen ON {table}")
            db.execute(f"CREATE POLICY seen ON {table} FOR SELECT TO {GROUP} USING ({seen})")
            db.execute(f"GRANT SELECT ON {table} TO {GROUP}")
    for name in _OPEN:
        db.execute(f"GRANT SELECT ON {name} TO {GROUP}")


def _may_be_one(db: Sql, login: str) -> None:
    row = db.execute(
        "SELECT rolcanlogin, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = ?", (login,)
    ).fetchone()
    if row is None or not row[0]:
        raise LogError(
            f"The server knows no login “{login}”; have an administrator make it: CREATE ROLE {_quoted(login)} LOGIN."
        )
    owner = "SELECT 1 FROM pg_class WHERE oid = to_regclass('sessions') AND pg_has_role(?, relowner, 'MEMBER')"
    if row[1] or _found(db, owner, login):
        raise LogError(
            f"“{login}” may see and change everything in this store already; a coordinator needs a login of its own."
        )


def _found(db: Sql, query: str, *values: str) -> bool:
    return db.execute(query, values).fetchone() is not None


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
