import numpy as np

from arbook.laboratory import Knob, Space, Task
from arbook.noise import Decision

BUDGET = 200  # measurements, that of the baseline among them
NOISE = 0.2  # standard deviation of one
SPACE = Space([Knob(f"x{i}", -2, 2, start=0) for i in range(10)])


class Valley(Task):
    """A bowl, turned and stretched as the seed says; the baseline has metric 1, the optimum 0."""

    name, metric, unit, space = "valley", "f", "", SPACE

    def __init__(self, seed):
        rng = np.random.default_rng(seed)
        d = len(SPACE)
        self.axes = np.linalg.qr(rng.standard_normal((d, d)))[0]  # a rotation
        self.weights = np.geomspace(1, 10, d)  # some directions are steeper than others
        optimum = rng.standard_normal(d)
        self.optimum = optimum / np.sqrt(np.sum(self.weights * (self.axes @ optimum) ** 2))

    def truth(self, theta):
        knobs = 4 * SPACE.points(theta) - 2  # SPACE.values(theta), ten times faster
        offset = (knobs - self.optimum) @ self.axes.T
        return np.sqrt(np.sum(self.weights * offset**2, axis=-1))

    def measure(self, theta, rng):
        value = self.truth(theta)
        seen = value + NOISE * rng.standard_normal(np.shape(value))
        return np.where(value < 4, seen, np.nan)[()]  # what is very bad crashes


def make_task(seed):
    """Return a task: how to measure, where to start, and the true metric (for judges only)."""
    task, luck, spent = Valley(seed), np.random.default_rng([1, seed]), 0

    def measure(theta):
        nonlocal spent
        if spent == BUDGET:
            raise RuntimeError("the budget is spent")
        spent += 1
        return float(task.measure(theta, luck))

    return measure, SPACE.start, task.truth


def night(measure, proposer, keep_rule, rng):
    """Let a proposer and a keep rule spend the budget; return the last incumbent."""
    best, spent, t = SPACE.start, 1, 0
    agent, judge = proposer.start(SPACE), keep_rule.start(measure(best))
    while spent < BUDGET:
        theta = agent.propose(best, rng)
        seen, decision = [], Decision.AGAIN
        while decision == Decision.AGAIN and spent < BUDGET:
            seen.append(measure(theta))
            spent += 1
            decision = judge.decide(t, seen[-1])
        kept = decision == Decision.KEEP
        agent.learn(theta, float(np.mean(seen)), bool(kept))
        best, t = theta if kept else best, t + 1
    return best


def true_improvements(researcher, seeds):
    """Return what a researcher truly improves, one number a task; 0 if it fails."""
    gains = []
    for seed in seeds:
        measure, start, true = make_task(seed)
        try:
            gain = 1.0 - true(researcher(measure, start, np.random.default_rng([2, seed])))
        except Exception:
            gain = 0.0
        gains.append(gain if np.isfinite(gain) else 0.0)
    return np.array(gains)
