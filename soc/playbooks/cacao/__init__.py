"""Playbooks as CACAO 2.0 files (OASIS CACAO Security Playbooks Version 2.0)."""
