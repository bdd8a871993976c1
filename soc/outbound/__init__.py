"""Calls to the outside: what may be reached, and how much of an answer is read."""
