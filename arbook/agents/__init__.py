r"""Many agents: rounds, teams and their costs, archives and islands, and a night divided."""

from arbook.agents.archives import (
    LARGEST_ARCHIVE,
    ArchiveSimulation,
    archive_rate,
    simulate_archive,
)
from arbook.agents.budget import (
    MOST_MACHINES,
    MOST_ROUNDS,
    Split,
    best_split,
    budget_gain,
    precision_weight,
    simulate_budget,
)
from arbook.agents.fidelity import (
    Fidelity,
    best_length,
    carry_over,
    rank_correlation,
)
from arbook.agents.islands import elitism_advantage, expected_restarts, simulate_islands
from arbook.agents.killing import Kill, best_kill, kill_rule, simulate_killing
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
    "MOST_MACHINES",
    "MOST_ROUNDS",
    "ArchiveSimulation",
    "AsyncSimulation",
    "EqualBudget",
    "Fidelity",
    "Kill",
    "RoundSimulation",
    "SpeedUp",
    "Split",
    "archive_rate",
    "best_kill",
    "best_length",
    "best_split",
    "best_team",
    "budget_gain",
    "carry_over",
    "effective_agents",
    "elitism_advantage",
    "equal_budget",
    "expected_async_frontier",
    "expected_longest",
    "expected_restarts",
    "expected_round_frontier",
    "kill_rule",
    "precision_weight",
    "rank_correlation",
    "relative_price",
    "round_frontier_std",
    "simulate_archive",
    "simulate_async",
    "simulate_budget",
    "simulate_islands",
    "simulate_killing",
    "simulate_rounds",
    "speed_up",
    "spread_of_durations",
    "team_threshold",
]
