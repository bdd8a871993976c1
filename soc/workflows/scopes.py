"""What a move of soc may ask of a person."""

WRITE = "soc:write"
RESPOND = "sentinel:respond"
RUN_PLAYBOOKS = "playbooks:run"
# What the worker does to a run. No role has it: only the platform makes these moves.
ENGINE = "playbooks:engine"
