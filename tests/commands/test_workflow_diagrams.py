import pytest
from django.core.management import CommandError, call_command

from core import workflow
from socplatform import diagrams


def test_the_committed_page_is_what_the_tables_say():
    call_command("workflow_diagrams", check=True)


def test_another_page_is_refused_and_written_anew(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs").mkdir()

    with pytest.raises(CommandError, match="Write it anew"):
        call_command("workflow_diagrams", check=True)
    call_command("workflow_diagrams")
    call_command("workflow_diagrams", check=True)


@pytest.mark.parametrize("cycle", workflow.every(), ids=lambda cycle: cycle.model.__name__)
def test_every_move_is_drawn_and_told(cycle):
    page = diagrams.page()

    assert f"[*] --> {cycle.initial}" in page
    for move in cycle:
        assert (
            f"| `{move.verb}` | {', '.join(move.sources)} | {move.target or 'unchanged'} |" in page
        )
        for source in move.sources:
            assert f"    {source} --> {move.target or source}: " in page
