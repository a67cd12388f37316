"""The driver's errors for torn files, as it raises them."""

from __future__ import annotations

import sqlite3

import pytest

from index.storage.sqlite_errors import SQLITE_ERRORS, is_corruption, message_of
from tests.tearing import NO_TEXT, tear_schema


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "a.db"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE about (version TEXT)")
        db.execute("INSERT INTO about VALUES ('somewhat')")
    db.close()
    return path


def error_of(file, statement="SELECT version FROM about"):
    db = sqlite3.connect(file, timeout=0)
    try:
        with pytest.raises(SQLITE_ERRORS) as raised:
            db.execute(statement).fetchall()
    finally:
        db.close()
    return raised.value


def test_a_message_that_is_no_text_is_damage(file):
    tear_schema(file, "about")
    error = error_of(file)
    assert isinstance(error, UnicodeDecodeError)
    assert is_corruption(error)
    assert message_of(error) == "malformed database schema (\ufffd\ufffdout)"


def test_a_value_that_is_no_text_is_damage(file):
    file.write_bytes(file.read_bytes().replace(b"somewhat", NO_TEXT + b"mewhat"))
    error = error_of(file)
    assert is_corruption(error)
    assert "Could not decode" in message_of(error)


def test_no_database_is_damage(file):
    file.write_bytes(b"no database" * 500)
    assert is_corruption(error_of(file))


def test_a_wrong_statement_or_a_lock_is_none(file):
    assert not is_corruption(error_of(file, "SELECT nothing FROM about"))
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    assert not is_corruption(error_of(file))
    holder.close()
