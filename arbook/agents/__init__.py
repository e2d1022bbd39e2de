r"""Many agents: rounds of k, agents that do not wait, and what a team costs."""

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
    "LARGEST_TEAM",
    "LONGEST_EXACT",
    "LONGEST_ROUNDS",
    "AsyncSimulation",
    "EqualBudget",
    "RoundSimulation",
    "SpeedUp",
    "best_team",
    "effective_agents",
    "equal_budget",
    "expected_async_frontier",
    "expected_longest",
    "expected_round_frontier",
    "relative_price",
    "round_frontier_std",
    "simulate_async",
    "simulate_rounds",
    "speed_up",
    "spread_of_durations",
    "team_threshold",
]
