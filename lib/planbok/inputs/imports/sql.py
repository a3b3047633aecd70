"""A query to a database, read-only, as one export: last and small. Needs the extra planbok[sql]."""

import os
from hashlib import sha256

import pandas as pd

from planbok.base.errors import Fault, InputError
from planbok.inputs.imports.export import KIND, Export
from planbok.inputs.imports.profile import Profile
from planbok.inputs.tables.xlsx import Sheet

SHOWN = "databasfrågan"
ALLOWED = ("select", "with")


def query_export(profile: Profile) -> Export:
    """The answer to a profile's query, as an export. The address comes from the environment and is never shown.

    Raises
    ------
    InputError
        If the address is missing, SQLAlchemy is not installed, or the query is anything but a question.
    """
    query = profile.kalla
    assert query is not None  # whoever calls has seen that the profile asks a database
    address = os.environ.get(query.anslutning)
    if not address:
        _refuse(f"miljövariabeln {query.anslutning} är inte satt. Där ska databasens adress stå.", "no_address")
    if not query.sql.lstrip().lower().startswith(ALLOWED) or ";" in query.sql.rstrip().rstrip(";"):
        _refuse(
            "frågan ska vara en enda SELECT, utan kommentar före och semikolon i. Den får bara läsa.", "not_a_question"
        )
    try:
        import sqlalchemy
    except ImportError:
        _refuse("databasfrågor kräver tillägget: pip install 'planbok[sql]'.", "no_sqlalchemy")
    try:
        engine = sqlalchemy.create_engine(str(address))
        with engine.connect() as connection:
            _read_only(connection, sqlalchemy)
            found = connection.execute(sqlalchemy.text(query.sql))
            heads, rows = list(found.keys()), [list(row) for row in found]
            connection.rollback()
        engine.dispose()
    except (sqlalchemy.exc.SQLAlchemyError, ImportError) as error:
        _refuse(f"databasen svarade inte som väntat ({type(error).__name__}). Pröva frågan för sig.", "query_failed")
    cells = pd.DataFrame([heads, *([_cell(value) for value in row] for row in rows)], dtype=object)
    cells.index += 1
    made = sha256(repr((heads, rows)).encode()).hexdigest()
    return Export([Sheet("", cells)], profile, SHOWN, made)


def _read_only(connection, sqlalchemy) -> None:
    """Lets the database itself refuse to write."""
    if connection.dialect.name == "sqlite":
        connection.execute(sqlalchemy.text("PRAGMA query_only = ON"))
    elif connection.dialect.name == "postgresql":
        connection.execute(sqlalchemy.text("SET TRANSACTION READ ONLY"))


def _cell(value: object) -> object:
    """A database's value as a cell: numbers as they are, an exact decimal as text with a point."""
    if value is None:
        return ""
    return value if isinstance(value, (str, int, float)) and not isinstance(value, bool) else str(value)


def _refuse(text: str, code: str) -> None:
    raise InputError([Fault(KIND, SHOWN, 0, "", text, code)]) from None
