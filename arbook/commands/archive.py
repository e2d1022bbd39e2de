"""`arbook archive`: keep one, an archive, islands, restarts, or a sample."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import click

from arbook import logs
from arbook.commands._json import write_json
from arbook.commands._options import not_negative, positive, reads_logs
from arbook.commands._reading import answer_of
from arbook.commands._words import echo, line, say_issues
from arbook.model.parameters import Parameters
from arbook.model.run import RunLog


@click.command()
@click.argument("file", metavar="[FILE]", required=False)
@click.option(
    "--experiments",
    type=click.IntRange(1, logs.MOST_AHEAD),
    default=100,
    show_default=True,
    help="Further experiments.",
)
@click.option("--sigma0", type=float, callback=positive, help="Next step, in place of a log.")
@click.option("--gamma", type=float, callback=positive, help="Decay rate, with --sigma0.")
@click.option("--mu", type=float, help="Bias, with --sigma0; 0 if not given.")
@click.option(
    "--noise",
    type=float,
    callback=not_negative,
    help="Standard deviation of a measurement, from repeats. Without it, what the log tells of it; "
    "0 with --sigma0.",
)
@click.option(
    "--seed", type=click.IntRange(0), default=0, show_default=True, help="Same seed, same answer."
)
@reads_logs
def archive(
    file: str | None,
    experiments: int,
    sigma0: float | None,
    gamma: float | None,
    mu: float | None,
    noise: float | None,
    seed: int,
    as_json: bool,
    how: Mapping[str, Any],
) -> None:
    """Say whether to keep one incumbent, an archive, islands, restarts or a sample.

    Without FILE, --sigma0 and --gamma give the parameters, or the opening night of the book stands
    in for a log.
    """
    if (sigma0 is None) != (gamma is None) or (mu is not None and sigma0 is None):
        raise click.UsageError("--sigma0 and --gamma go together, and --mu with them.")
    if file is not None and sigma0 is not None:
        raise click.UsageError("--sigma0, --gamma and --mu are for an answer without a log.")
    given: dict[str, Any] = {"experiments": experiments, "noise": noise, "seed": seed}

    def work(log: RunLog | None) -> logs.Ways:
        p = sigma0 and gamma and Parameters(sigma0, gamma, mu or 0.0, extended=True)
        return logs.archive(log, p=p or None, **given)

    run, head, found = answer_of(file, how, work)
    if as_json:
        write_json(
            {
                **head,
                "answer": found.words,
                "experiments": found.experiments,
                "sigma0": found.p.sigma0,
                "gamma": found.p.gamma,
                "mu": found.p.mu,
                "noise": found.noise,
                "best": asdict(found.best),
                "ways": [asdict(way) for way in found.ways],
                "own": found.own and asdict(found.own),
                "reasons": list(found.reasons),
            }
        )
        return
    echo(found.words)
    for reason in found.reasons:
        echo(reason)
    for way in found.ways:
        line(way.kind if way.size == 1 else f"{way.kind} {way.size}", way.gain_in_words)
    if run is not None:
        say_issues(run)
