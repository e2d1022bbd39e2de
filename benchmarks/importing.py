"""Time to import the package, against NumPy alone."""

import os
import subprocess
import sys
import tempfile

import numpy as np

from benchmarks._measure import Table, ratio, verdict

ROUNDS = 25


def table() -> Table:
    """Measure and return the table."""
    with tempfile.TemporaryDirectory() as folder:
        # compiled once, as after any installation
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": folder}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)

        def seconds(module: str) -> float:
            code = (
                f"import time; t = time.process_time(); import {module};"
                "print(time.process_time() - t)"
            )
            command = [sys.executable, "-c", code]
            return float(subprocess.check_output(command, env=environment))

        modules = ("numpy", "arbook")
        for module in modules:
            seconds(module)
        rounds = np.array([[seconds(module) for module in modules] for _ in range(ROUNDS)])
    numpy, arbook = rounds.T
    value = ratio(arbook, numpy)
    return Table(
        "Import",
        ("what", "ms", "ratio", "target"),
        [
            ("`import numpy`", f"{np.median(numpy) * 1e3:.0f}", "1.00", ""),
            (
                "`import arbook`",
                f"{np.median(arbook) * 1e3:.0f}",
                f"{value:.2f}",
                verdict(value, 1.15),
            ),
        ],
        f"Processor time in fresh interpreters, their own start not counted; medians of {ROUNDS} "
        "interleaved rounds.",
    )
