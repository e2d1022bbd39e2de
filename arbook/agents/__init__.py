r"""Many agents: rounds of k, agents that do not wait, what a team costs, archives and islands."""

from arbook.agents.archives import (
    LARGEST_ARCHIVE,
    ArchiveSimulation,
    archive_rate,
    simulate_archive,
)
from arbook.agents.islands import elitism_advantage, expected_restarts, simulate_islands
from arbook.agents.prices import (
    LARGEST_TEAM,
    best_team,
    expected_longest,
    relative_price,
    team_threshold,
)
from arbook.agents.rounds import (
    LONGEST_ROUNDS,
    RoundSimulation,
    expected_round_frontier,
    round_frontier_std,
    simulate_rounds,
)
from arbook.agents.unhurried import (
    LONGEST_EXACT,
    AsyncSimulation,
    expected_async_frontier,
    simulate_async,
    spread_of_durations,
)
from arbook.agents.worth import EqualBudget, SpeedUp, effective_agents, equal_budget, speed_up

__all__ = [
    "LARGEST_ARCHIVE",
    "LARGEST_TEAM",
    "LONGEST_EXACT",
    "LONGEST_ROUNDS",
    "ArchiveSimulation",
    "AsyncSimulation",
    "EqualBudget",
    "RoundSimulation",
    "SpeedUp",
    "archive_rate",
    "best_team",
    "effective_agents",
    "elitism_advantage",
    "equal_budget",
    "expected_async_frontier",
    "expected_longest",
    "expected_restarts",
    "expected_round_frontier",
    "relative_price",
    "round_frontier_std",
    "simulate_archive",
    "simulate_async",
    "simulate_islands",
    "simulate_rounds",
    "speed_up",
    "spread_of_durations",
    "team_threshold",
]
