"""Databases of a test run, each by its name."""

from sqlalchemy import create_engine, make_url, text


def make_database(template_url: str, name: str) -> str:
    """Copy a database under another name, which must say that it is one for tests, and give its URL."""
    if not name.endswith("_test"):
        raise ValueError(f"{name} may hold somebody's data: the name of a test database ends in _test")
    url = make_url(template_url)
    administration = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with administration.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {url.database}"))
    administration.dispose()
    return url.set(database=name).render_as_string(hide_password=False)
