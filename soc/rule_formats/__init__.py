"""Formats of rules as their authors publish them: pure functions from a file's text to drafts."""
