"""A graph of steps laid out for a drawing: levels from top to bottom, ways as straight lines."""

from dataclasses import dataclass

from soc.playbooks.graph import FAILURE, SUCCESS, Graph

WIDTH, HEIGHT, GAP_X, GAP_Y, MARGIN = 168, 44, 20, 30, 12
MOST_LETTERS = 22


@dataclass(frozen=True, slots=True)
class Node:
    key: str
    name: str
    kind: str
    label: str
    icon: str
    state: str
    x: int
    y: int

    @property
    def text_x(self) -> int:
        return self.x + 36

    @property
    def icon_x(self) -> int:
        return self.x + 10

    @property
    def name_y(self) -> int:
        return self.y + 18

    @property
    def kind_y(self) -> int:
        return self.y + 34

    @property
    def icon_y(self) -> int:
        return self.y + 28


@dataclass(frozen=True, slots=True)
class Edge:
    """A way from one step to another: `success`, `failure` or `branch`."""

    kind: str
    x1: int
    y1: int
    x2: int
    y2: int


@dataclass(frozen=True, slots=True)
class Drawing:
    nodes: list[Node]
    edges: list[Edge]
    width: int
    height: int


def draw(graph: Graph, states: dict[str, str] | None = None) -> Drawing:
    """Where each step stands, with what a run says of it."""
    levels = _levels(graph)
    rows: dict[int, list[str]] = {}
    for key in graph.steps:
        rows.setdefault(levels[key], []).append(key)
    widest = max((len(row) for row in rows.values()), default=0)
    width = max(1, widest) * (WIDTH + GAP_X) - GAP_X + 2 * MARGIN
    nodes: dict[str, Node] = {}
    for level, row in rows.items():
        begin = (width - len(row) * (WIDTH + GAP_X) + GAP_X) // 2
        for place, key in enumerate(row):
            x = begin + place * (WIDTH + GAP_X)
            y = MARGIN + level * (HEIGHT + GAP_Y)
            nodes[key] = _node(graph, key, (states or {}).get(key, ""), x, y)
    height = len(rows) * (HEIGHT + GAP_Y) - GAP_Y + 2 * MARGIN
    return Drawing(list(nodes.values()), _edges(graph, nodes), width, max(height, 2 * MARGIN))


def _node(graph: Graph, key: str, state: str, x: int, y: int) -> Node:
    step = graph.steps[key]
    cut = step.name if len(step.name) <= MOST_LETTERS else f"{step.name[: MOST_LETTERS - 1]}…"
    return Node(key, cut, step.kind.name, step.kind.label, step.kind.icon, state, x, y)


def _levels(graph: Graph) -> dict[str, int]:
    """The longest way to each step; what nothing leads to stands below all else."""
    levels = dict.fromkeys(graph.steps, 0)
    for _ in graph.steps:  # no way is longer, since none leads back
        for key in graph.steps:
            for target in graph.edges(key):
                levels[target] = max(levels[target], levels[key] + 1)
    led_to = {target for key in graph.steps for target in graph.edges(key)} | {graph.start}
    lowest = max(levels.values(), default=0)
    return {key: level if key in led_to else lowest + 1 for key, level in levels.items()}


def _edges(graph: Graph, nodes: dict[str, Node]) -> list[Edge]:
    found = []
    for key in graph.steps:
        ways = [("branch", each) for each in graph.branches(key)]
        for kind in (SUCCESS, FAILURE):
            target = graph.target(key, kind)
            if target:
                ways.append((kind, target))
        found += [_edge(kind, nodes[key], nodes[target]) for kind, target in ways]
    return found


def _edge(kind: str, begin: Node, end: Node) -> Edge:
    shift = 24 if kind == FAILURE else 0
    middle = WIDTH // 2
    return Edge(kind, begin.x + middle + shift, begin.y + HEIGHT, end.x + middle + shift, end.y)
