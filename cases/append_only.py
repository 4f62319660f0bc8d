"""Database triggers that refuse to change or remove a line of the journal."""

TABLE = "cases_journalentry"

SQLITE = [
    f"""CREATE TRIGGER IF NOT EXISTS {TABLE}_no_{verb.lower()} BEFORE {verb} ON {TABLE}
        BEGIN SELECT RAISE(ABORT, 'the journal is only added to'); END"""
    for verb in ("UPDATE", "DELETE")
]
POSTGRESQL = [
    f"""CREATE OR REPLACE FUNCTION {TABLE}_only_added() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'the journal is only added to'; END $$""",
    f"""CREATE OR REPLACE TRIGGER {TABLE}_only_added BEFORE UPDATE OR DELETE ON {TABLE}
        FOR EACH ROW EXECUTE FUNCTION {TABLE}_only_added()""",
]


def install(connection):
    """Make the journal append-only on this connection's database."""
    with connection.cursor() as cursor:
        for statement in SQLITE if connection.vendor == "sqlite" else POSTGRESQL:
            cursor.execute(statement)


def remove(connection):
    """Take the triggers away, as tests that empty tables need."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for verb in ("update", "delete"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_no_{verb}")
        else:
            cursor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_only_added ON {TABLE}")
