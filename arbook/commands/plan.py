"""`arbook plan`: divide a night's machines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import click

from arbook import logs
from arbook.agents.budget import MOST_MACHINES
from arbook.commands._json import write_json
from arbook.commands._options import noise_option, not_negative, positive, reads_logs
from arbook.commands._reading import answer_of
from arbook.commands._words import echo, say_issues


@click.command()
@click.argument("file", metavar="[FILE]", required=False)
@click.option("--hours", type=float, required=True, callback=positive, help="Length of the night.")
@click.option(
    "--machines",
    type=click.IntRange(1, MOST_MACHINES),
    default=1,
    show_default=True,
    help="Machines, paid for whether they are used or not.",
)
@click.option(
    "--overhead",
    type=float,
    default=0.5,
    show_default=True,
    callback=not_negative,
    help="Minutes that an experiment takes beside its training.",
)
@click.option(
    "--minutes",
    type=float,
    default=5.0,
    show_default=True,
    callback=positive,
    help="Minutes that the experiments of the log trained.",
)
@click.option(
    "--curve",
    type=float,
    default=1.0,
    show_default=True,
    callback=not_negative,
    help="Minutes of training after which what passes of a change is as large as what lasts; "
    "assumed, as no log of one length tells it.",
)
@noise_option
@reads_logs
def plan(
    file: str | None,
    hours: float,
    machines: int,
    overhead: float,
    minutes: float,
    curve: float,
    noise: float | None,
    as_json: bool,
    how: Mapping[str, Any],
) -> None:
    """Say how long experiments should be, and how many agents and repeats machines are for.

    Without FILE, the opening night of the book stands in for a log.
    """
    given: dict[str, Any] = {
        "hours": hours,
        "machines": machines,
        "overhead": overhead,
        "minutes": minutes,
        "curve": curve,
        "noise": noise,
    }
    run, head, found = answer_of(file, how, lambda log: logs.plan(log, **given))
    if as_json:
        first, last = found.noise_shares
        write_json(
            {
                **head,
                **given,
                "plan": {**asdict(found.split), "experiments": found.split.experiments},
                "as_now": asdict(found.as_now),
                "measured_gain": found.measured[0],
                "measured_gain_se": found.measured[1],
                "own": asdict(found.own),
                "others": [{"curve": x, **asdict(split)} for x, split in found.others],
                "sigma0": found.p.sigma0,
                "gamma": found.p.gamma,
                "mu": found.p.mu,
                "noise_length": found.fidelity.noise,
                "noise_share_first": first,
                "noise_share_last": last,
                "reasons": list(found.reasons),
            }
        )
        return
    echo(found.words)
    for reason in found.reasons:
        echo(reason)
    if run is not None:
        say_issues(run)
