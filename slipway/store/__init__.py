"""The database: tables, transactions, and one door to them."""
