"""The analyst's desk."""

from soc.admin import alerts, cases, comments, registers, tasks, templates, timeline

__all__ = ["alerts", "cases", "comments", "registers", "tasks", "templates", "timeline"]
