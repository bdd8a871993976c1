"""The words of incidents, checked in the application; columns are text."""

SEVERITIES = ("low", "medium", "high", "critical")
NOTIFIABILITY = ("assessing", "notifiable", "not_notifiable")
IMPACTS = ("none", "low", "medium", "high")
