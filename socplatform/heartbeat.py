"""How often a worker says that it lives, and after how long a silence its jobs are another's."""

HEARTBEAT_SECONDS = 2.0
STALLED_SECONDS = 6.0
