"""Logs that the command is given."""

import math

import pytest
from command import RUN


@pytest.fixture
def results(tmp_path):
    """Return the path of a log with 125 experiments."""
    rows = ["commit\tval_bpb\tstatus\tdescription"]
    for i, (value, status) in enumerate(zip(RUN.value, RUN.status, strict=True)):
        rows.append(f"{i:07x}\t{0.0 if math.isnan(value) else value:.6f}\t{status}\tchange {i}")
    path = tmp_path / "results.tsv"
    path.write_text("\n".join(rows) + "\n")
    return path


@pytest.fixture
def restarted(tmp_path):
    path = tmp_path / "restarted.tsv"
    rows = ["commit\tval_bpb\tstatus\tdescription", "a1\t1.0\tkeep\tbaseline"]
    rows += [f"a{i}\t{1 - i / 100:.2f}\tkeep\tchange {i}" for i in range(2, 6)]
    rows += ["b1\t1.2\tkeep\tbaseline"]
    rows += [f"b{i}\t{1.2 - math.sqrt(i) / 100:.4f}\tkeep\tchange {i}" for i in range(2, 14)]
    path.write_text("\n".join(rows))
    return path
