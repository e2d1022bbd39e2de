"""`arbook hook`: what an agent should hear of the row that it has just logged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click
import numpy as np

from arbook import logs
from arbook._numerics.validation import ParameterError
from arbook.commands._json import head_of, write_json
from arbook.commands._options import log_argument, noise_option, reads_logs
from arbook.commands._reading import read
from arbook.commands._words import echo
from arbook.commands.stop import price_options, prices_of
from arbook.commands.stop import sentence as advice
from arbook.commands.verdict import sentence as verdicts
from arbook.model.run import RunLog
from arbook.noise import Decision

# What to do where a row was decided otherwise than the posterior rule would.
_OTHERWISE = {
    ("keep", Decision.AGAIN): "measure the same code again, and log it as a discarded re-run",
    ("keep", Decision.DISCARD): "go back to the code before it, measure that, and log it as kept",
    ("discard", Decision.AGAIN): "measure it again before you give it up",
    ("discard", Decision.KEEP): "take it up again",
}


@click.command()
@log_argument
@noise_option
@price_options(required=False)
@reads_logs
def hook(
    file: str,
    noise: float | None,
    cost: float | None,
    value: float | None,
    fresh: float | None,
    as_json: bool,
    how: Mapping[str, Any],
) -> None:
    """Say what an agent should hear of the row that it has just logged, or nothing.

    For a loop that runs a program after each experiment and gives the agent what it prints. It
    speaks where `judge` would have decided otherwise, of what is real after each keep, and, with
    --cost and --value, when the run is not worth going on with.
    """
    prices = prices_of(cost, value, fresh)
    run = read(file, how).segments[-1]
    said = []
    for work in (_decision, _keeps, _price):
        try:
            said.append(work(run, noise or "estimate", prices))
        except ParameterError:  # too little to go by yet is no news
            continue
    said = [words for words in said if words]
    if as_json:
        write_json({**head_of(run), "said": said})
    else:
        for words in said:
            echo(words)


def _decision(run: RunLog, noise: float | str, prices: Mapping[str, Any]) -> str:
    """Return what to do with the last change, if it is not what was done.

    A re-run belongs to the change that it measures again.
    """
    last = run.value.size - 1
    rows = next((rows for rows in logs.repeats(run).rows if last in rows), (last,))
    first = rows[0]
    if first < 2 or np.isnan(run.value[last]):
        return ""
    said = logs.judge(run.first(first - 1), run.value[list(rows)], noise=noise)
    status = str(run.status[first])
    do = _OTHERWISE.get((status, said.decision))
    which = "last change" if first == last else "change that was measured again"
    was = "kept" if status == "keep" else "discarded"
    return f"The {which} was {was}, and is better with {said.probability:.0%}: {do}." if do else ""


def _keeps(run: RunLog, noise: float | str, prices: Mapping[str, Any]) -> str:
    """Return what is real so far, after a keep."""
    return f"{verdicts(logs.verdict(run, noise=noise))}." if run.status[-1] == "keep" else ""


def _price(run: RunLog, noise: float | str, prices: Mapping[str, Any]) -> str:
    """Return why the run is not worth going on with, if it is not."""
    said = logs.stop(run, **prices) if prices else None
    return advice(said) if said and said.advice else ""
