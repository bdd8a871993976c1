"""Incidents from the files of others: a record becomes a draft, without a database."""
