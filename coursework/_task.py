import numpy as np

BUDGET = 200  # measurements
NOISE = 0.2  # standard deviation of one


def make_task(seed):
    """Return a task: how to measure, where to start, and the true metric (for judges only)."""
    rng = np.random.default_rng(seed)
    d = 10
    axes = np.linalg.qr(rng.standard_normal((d, d)))[0]  # a rotation
    weights = np.geomspace(1, 10, d)  # some directions are steeper than others
    optimum = rng.standard_normal(d)
    optimum /= np.sqrt(np.sum(weights * (axes @ optimum) ** 2))  # so that the start has metric 1
    spent = 0

    def true(x):
        offset = axes @ (np.asarray(x, dtype=float) - optimum)
        return float(np.sqrt(np.sum(weights * offset**2)))

    def measure(x):
        nonlocal spent
        if spent == BUDGET:
            raise RuntimeError("the budget is spent")
        spent += 1
        value = true(x)
        return value + NOISE * rng.standard_normal() if value < 4 else float("nan")  # a crash

    return measure, np.zeros(d), true


def true_improvements(researcher, seeds):
    """Return what a researcher truly improves, one number a task; 0 if it fails."""
    gains = []
    for seed in seeds:
        measure, start, true = make_task(seed)
        try:
            gain = 1.0 - true(researcher(measure, start, np.random.default_rng(seed + 1)))
        except Exception:
            gain = 0.0
        gains.append(gain if np.isfinite(gain) else 0.0)
    return np.array(gains)
