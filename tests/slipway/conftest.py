"""Databases to test on: every test of the store runs on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import os
from itertools import count

import pytest

from slipway.store.store import Store
from tests.slipway import servers

_numbers = count(1)


@pytest.fixture(autouse=True, scope="session")
def own_turns(tmp_path_factory):
    """Requests to arXiv are paced over the whole machine: the tests wait for no run of the user."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def postgres_url():
    """The URL of a PostgreSQL: SLIPWAY_TEST_POSTGRES, else a server of our own, else the test is skipped."""
    pytest.importorskip("psycopg", reason="no psycopg: the store is not tested on PostgreSQL")
    if given := os.environ.get("SLIPWAY_TEST_POSTGRES"):
        yield given
        return
    binaries = servers.find_binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL here (apt-get install postgresql, or set SLIPWAY_TEST_POSTGRES)")
    with servers.postgres(binaries) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request, tmp_path):
    """An empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'state' / 'slipway.db'}"
        return
    from sqlalchemy import create_engine, make_url, text

    whole = make_url(request.getfixturevalue("postgres_url"))
    schema = f"slipway_test_{os.getpid()}_{next(_numbers)}"
    engine = create_engine(whole)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    yield whole.update_query_dict({"options": f"-csearch_path={schema}"}).render_as_string(hide_password=False)
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    engine.dispose()


@pytest.fixture
def store(database_url):
    """An empty store in each kind of database."""
    with Store.open(database_url) as opened:
        yield opened
