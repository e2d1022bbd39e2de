"""Values that the text states and no cell prints: calculated here, and looked for there."""

import json
import math
import re
from collections import Counter

import numpy as np
import pages
import pytest
from scipy.optimize import brentq, minimize_scalar
from scipy.stats import binom, norm

import arbook
from arbook import Parameters, RunLog, agents, laboratory, landscapes, logs, noise, programs
from arbook._numerics.shipped import read_shipped
from arbook.noise import simulate_noisy


def text(page: str) -> str:
    """Return a page's source, its lines joined."""
    return re.sub(r"\s+", " ", (pages.ROOT / f"{page}.md").read_text(encoding="utf-8"))


def test_rounding_changes_what_is_kept():
    said = "No strictly increasing function of the loss changes what is kept"
    assert said in text("chapters/01-update-rule")
    assert arbook.keep(0.9712, 0.9714)
    assert not arbook.keep(round(0.9712, 3), round(0.9714, 3))


def test_what_the_reader_was_tried_on():
    lines = (pages.ROOT / "tests/runs/public.tsv").read_text(encoding="utf-8").splitlines()
    names, *rows = [line.split("\t") for line in lines]
    files = [dict(zip(names, row, strict=True)) for row in rows]
    first, later = (Counter(file[name] for file in files) for name in ("first_read", "read"))
    better = {kind: later[kind] - first[kind] for kind in ("right", "refused", "open")}
    known = re.compile("TSV|JSONL|JSON Lines|CSV|JSON|Markdown")
    kinds = Counter(known.search(file["format"])[0] for file in files)
    by_line = kinds["JSON Lines"] + kinds["JSONL"]
    page = text("appendix/logs")
    for said in (
        f"{len(files)} files of {len({file['repository'] for file in files})} public repositories",
        f"{kinds['TSV']} tables between tabs, {by_line} files with a JSON",
        f"{kinds['CSV']} in CSV, {kinds['JSON']} JSON documents and {kinds['Markdown']} pages",
        f"It read {first['right']} as a person would. It refused {first['refused']} that",
        f"and {first['open']} leave open",
        f"It misread {first['wrong']}: speed",
        f"reads {better['right']} of the {first['wrong']} files right, refuses {better['refused']}",
        f"and of {better['open']} says what it took",
        f"0 to {max(int(file['rows']) for file in files)} rows",
    ):
        assert said in page
    assert later["wrong"] == 0


def test_first_falls():
    """How far the mean falls beyond |mu| an experiment, and when it is zero."""
    rate = np.array([0, 0.001, 0.002, 0.005])
    runs = [Parameters(0.010, 0.97, -mu) for mu in rate]
    falls = np.array([1 - float(arbook.expected_frontier(p, 4000)) for p in runs]) - 4000 * rate
    first = "At $\\mu = 0$ that is {:.3f}; for these three it is {:.3f}, {:.3f} and {:.3f}"
    zeros = [f"${1 - fall:.2f}/|\\mu|$" for fall in falls[1:]]
    page = text("chapters/02-perturbation-model")
    assert first.format(*falls) in page
    assert f"{zeros[0]}, {zeros[1]} and {zeros[2]} at which the mean is zero" in page


def test_what_is_found_early_goes_on_paying():
    """The verb is no link to the term KEEP."""
    assert "What the agent found early goes on paying" in text("chapters/05-gain-area")


def best_step(curvatures: np.ndarray, axis: int) -> float:
    """Return the best step at distance 1 on an axis of a bowl, where many dimensions add up."""

    def loss(log_s: float) -> float:
        s = np.exp(log_s)
        step, harm = 2 * s * curvatures[axis], s**2 * curvatures.sum()
        return -float(arbook.expected_improvement(Parameters(step, 1.0, harm, extended=True), 0))

    return float(np.exp(minimize_scalar(loss, bounds=(-9, 0), method="bounded").x))


def test_best_steps_on_an_uneven_bowl():
    uneven = np.where(np.arange(100) < 10, 10.0, 1.0)
    steep, flat, even = best_step(uneven, 0), best_step(uneven, 99), best_step(np.ones(100), 0)
    page = text("chapters/06-trade-offs")
    assert f"the best step is {steep:.3f} on a steep flank and {flat:.4f} where" in page
    assert f"on the round bowl it is {even:.4f}" in page
    z = np.random.default_rng(1).standard_normal((20_000, 100))
    steps = np.geomspace(0.5, 2, 21)
    for curvatures, axis, best in ((uneven, 0, steep), (uneven, 99, flat)):
        first, second = 2 * curvatures[axis] * z[:, axis], z**2 @ curvatures
        gains = [np.maximum(0, -(s * first + s * s * second)).mean() for s in best * steps]
        assert abs(np.log(steps[np.argmax(gains)])) < 0.15
    assert "larger on a steep flank, and smaller where only flat" in text("chapters/16-landscapes")


def test_ratios_of_sizes():
    """Those of one normal, and of the mixture that was fitted to the run."""
    normal = norm.ppf([0.55, 0.95, 0.995])
    run = logs.load_run("h100-mar8")
    p = logs.fit(run).parameters
    sigma = arbook.step_size(p, np.arange(run.n_experiments))

    def quantile(q: float) -> float:
        def above(size: float) -> float:
            inside = norm.cdf((size - p.mu) / sigma) - norm.cdf((-size - p.mu) / sigma)
            return float(inside.mean()) - q

        return brentq(above, 0, 0.1)

    mixed = [quantile(q) for q in (0.1, 0.9, 0.99)]
    page = text("chapters/06-trade-offs")
    ratios = "a ratio of {:.0f} between its 90 % and 10 % quantiles of size, and of {:.1f}"
    assert ratios.format(normal[1] / normal[0], normal[2] / normal[1]) in page
    assert f"the ratios are {mixed[1] / mixed[0]:.1f} and {mixed[2] / mixed[1]:.1f}" in page


def test_eight_of_the_first_ten():
    assert 100 * binom.sf(7, 10, 0.5) == pytest.approx(5, abs=0.5)
    quiet = Parameters(0.0036, 0.988)
    kept = simulate_noisy(quiet, 10, 20_000, noise=0.0005, seed=1).kept.sum(axis=1)
    assert 100 * (kept >= 8).mean() == pytest.approx(5, abs=0.5)
    said = "eight or more of ten are kept in 5 runs of 100, with noise or without"
    assert said in text("chapters/06-trade-offs")


def home(start: float, gamma: float, n_runs: int = 4000) -> float:
    """Return the share of searches that end at home, of the exercise on local optima."""
    rng, x = np.random.default_rng(1), np.full(n_runs, 9.0)

    def f(x: np.ndarray) -> np.ndarray:
        return x**2 / 20 + 1 - np.cos(2 * x)

    for t in range(300):
        variant = x + start * gamma**t * rng.standard_normal(n_runs)
        x = np.where(f(variant) < f(x), variant, x)
    return float((np.abs(x) < 1).mean())


def test_searches_that_get_home():
    page = text("chapters/06-trade-offs")
    said = re.search(
        r"(\d+) % are at home at \$\\gamma = 0.98\$, (\d+) % at 0.99 and (\d+) % at 0.995", page
    )
    for share, gamma in zip(said.groups(), (0.98, 0.99, 0.995), strict=True):
        assert 100 * home(2, gamma) == pytest.approx(float(share), abs=2.5)
    assert "from $s_0 = 1$ hardly one run gets home at any of these" in page
    assert home(1, 0.99) < 0.01
    assert "from $s_0 = 3$ the border is already near 0.95" in page
    assert home(3, 0.94) < 0.5 < home(3, 0.96)


def test_serial_search_wins_with_equal_steps():
    """With equal steps, whatever the bias; with a decay per round the team overtakes."""
    page = text("chapters/07-multi-agent")
    assert "With equal steps serial search wins" in page
    assert "a team that is still bold can overtake" in page
    assert "At equal numbers of experiments and equal steps, serial search is ahead" in page
    for mu in (-0.001, 0.0, 0.01):
        p = Parameters(0.010, 1.0, mu, extended=True)
        serial = float(arbook.expected_frontier(p, 120))
        assert serial < agents.expected_round_frontier(p, 30, 4)
    p = Parameters(0.010, 0.97)
    serial = float(arbook.expected_frontier(p, 120))
    assert agents.expected_round_frontier(p, 30, 4) < serial
    fair = agents.expected_round_frontier(Parameters(0.010, 0.97**4), 30, 4)
    assert f"ends lower, at {serial:.4f} against {fair:.4f}" in page


def test_bound_on_the_best_of_many():
    """It holds with a zero, too, which the sum alone does not show."""
    k = np.unique(np.geomspace(2, 1e6, 60).round())
    bound = np.sqrt(2 * np.log(k))
    naive = minimize_scalar(lambda x: np.log(1 + 2 * np.exp(x * x / 2)) / x, bounds=(0.5, 3)).fun
    assert f"{naive:.2f} at $k = 2$, where the bound is {bound[0]:.2f}" in text(
        "chapters/07-multi-agent"
    )
    assert (2.0**-k <= k**2 * norm.sf(bound)).all()
    p = Parameters(1.0, 1.0, extended=True)
    best = [arbook.expected_best_improvement(p, 0, int(one)) for one in k[:30]]
    assert (np.array(best) < bound[:30]).all()


def test_a_hundred_agents():
    """The limit would give another factor than the exact value, and the answer says so."""
    ten, hundred = agents.speed_up(Parameters(0.01, 0.97), [10, 100]).per_round
    page = text("chapters/07-multi-agent")
    assert f"Ten agents gain {ten:.2f} times as much as one; a hundred, {hundred:.1f} times" in page
    assert f"a factor of $\\sqrt2$, to {ten * 2**0.5:.1f}" in page
    assert f"the exact value is {hundred:.1f}" in page


def test_idle_machines_cost_or_not():
    """Two beat one from a longer wait, and teams are smaller, where idle machines are billed."""
    p, k = Parameters(0.010, 0.97), np.arange(1, 101)
    gain, longest = agents.speed_up(p, k).per_round, agents.expected_longest(k, 1.0)
    ratio = gain[1] / longest[1]
    assert (2 - ratio) / (ratio - 1) == pytest.approx(4.49, abs=0.005)
    assert agents.team_threshold(p, 2, variation=1.0) == pytest.approx(1.11, abs=0.005)
    billed = [int(k[np.argmin((k + w) * longest / gain)]) for w in (1, 10, 100)]
    assert billed == [1, 2, 5]
    assert agents.best_team(p, [1, 10, 100], variation=1.0).tolist() == [1, 4, 6]
    page = text("chapters/08-what-agents-cost")
    assert "Machines that have finished are taken to be free for other work" in page
    assert "Where every machine is paid for until the round is over" in page
    assert "prices = [(k + w) * longest / gain for w in (1, 10, 100)]" in page


def worth(delta: np.ndarray, k: int) -> float:
    """Return what the best of k changes from an urn gains, in units of one."""
    gains = np.sort(np.where(delta < 0, -delta, 0.0))
    return float(gains @ np.diff((np.arange(gains.size + 1) / gains.size) ** k) / gains.mean())


def test_rounds_of_real_changes():
    page, delta = text("chapters/07-multi-agent"), logs.load_run("h100-mar8").delta
    rng = np.random.default_rng(1)
    drawn = np.maximum(0, -rng.choice(np.nan_to_num(delta, nan=1.0), (20_000, 10)).min(axis=1))
    one = np.where(delta < 0, -delta, 0.0).mean()
    error = float(drawn.std()) / 20_000**0.5 / one
    assert abs(drawn.mean() / one - worth(delta, 10)) < 5 * error
    heavier = 0
    for name in logs.available_runs():
        changes = logs.load_run(name).delta
        like = Parameters(1.0, 0.97, norm.isf(np.mean(changes < 0)), extended=True)
        heavier += worth(changes, 10) > agents.speed_up(like, 10).per_round + 0.05
    assert heavier == 5
    assert "in five of the seven runs tails are heavier" in page
    half = delta.size // 2
    after = [
        next(k for k in range(1, 200) if worth(part, k + 1) - worth(part, k) < 0.1)
        for part in (delta, delta[:half], delta[half:])
    ]
    gain = agents.speed_up(Parameters(0.010, 0.97), np.arange(1, 20)).per_round
    alone = 1 + int(np.argmax(np.diff(gain) < 0.1))
    said = "after {} agents, {} and {}, where the model without bias says {}"
    assert said.format(*after, alone) in page


def test_three_runs_of_nine_ways():
    """What the contest would say if its nine means were true, and what a race would do with it."""
    ways = logs.contest().values()
    gains = np.array([[run.first(286).average_gain for run in runs] for runs in ways])
    mean, spread = gains.mean(axis=1), gains.var(axis=1, ddof=1).mean() ** 0.5
    first, second = np.sort(mean)[::-1][:2]
    said = programs.selection_bias(mean, 9 * [spread / 3**0.5])
    page = text("chapters/09-meta-optimisation")
    assert 1.7 < spread / (first - second) < 2
    assert "is nearly twice the distance between the first and the second" in page
    assert said.win_probability.max() == pytest.approx(0.7, abs=0.05)
    assert f"reported some {100 * said.bias / said.true:.0f} % too high" in page
    given = {"indifference": 0.001}
    few, more = (programs.race_margin(2 * spread**2, 9, first_runs=n, **given) for n in (3, 20))
    assert few > 20 * more
    leave = np.maximum(20, np.ceil(more / (first - np.sort(mean)[::-1][1:])))
    assert leave.tolist() == [30, *7 * [20]]
    page = text("chapters/10-racing")
    assert "more than twenty times as wide as with twenty of them" in page
    assert "seven of the eight rivals leave at the first decision, and the last one ten" in page


def test_runs_against_luck():
    above = {}
    for name in logs.available_runs():
        delta = logs.load_run(name).delta
        n = int(np.isfinite(delta).sum())
        luck = arbook.expected_records(n), arbook.records_std(n)
        above[name] = float((np.sum(delta < 0) - luck[0]) / luck[1])
    random, pr246 = above.pop("mol-nlp-random-nas-1"), above.pop("pr246-rmse")
    assert round(random) == -1
    assert min(above.values()) > 3
    said = f"one standard deviation below luck, pr246-rmse {pr246:.1f} above; all others are more"
    assert said in text("chapters/11-reading-a-run")


def score(draws: np.ndarray, truth: float) -> float:
    """Return the continuous ranked probability score."""
    x, n = np.sort(draws), draws.size
    spread = (2 * np.arange(1, n + 1) - n - 1) @ x / n**2
    return float(np.abs(x - truth).mean() - spread)


def test_forecasts_of_differences_and_of_factors():
    """Scores at half-time, in gains so far; from logarithms, gains are turned back into units."""
    change, at_zero = {}, {}
    for name in logs.available_runs():
        run = logs.load_run(name)
        seen, there = int(run.n_experiments / 2), run.value > 0
        status = np.where(there, run.status, "crash")
        factors = RunLog(value=np.log(np.where(there, run.value, np.nan)), status=status)
        made, of_factors = (
            logs.forecast(fitted, run.n_experiments - seen, population=None)
            for fitted in (logs.fit(x.first(seen), family="two-part") for x in (run, factors))
        )
        now, truth = run.frontier[seen], run.frontier[seen] - run.frontier[-1]
        back = now * -np.expm1(-of_factors.improvement)
        change[name] = score(back, truth) / score(made.improvement, truth)
        at_zero[name] = made.at_floor
    page = text("chapters/14-another-night")
    assert "lower by two fifths and one fifth; the other five change by less than a tenth" in page
    assert change.pop("pr246-rmse") == pytest.approx(3 / 5, abs=0.05)
    assert change.pop("pr109-loop") == pytest.approx(4 / 5, abs=0.05)
    assert max(abs(ratio - 1) for ratio in change.values()) < 0.1
    assert "one continuation in ten has `pr246-rmse` at an error of 0" in page
    assert at_zero["pr246-rmse"] == pytest.approx(0.1, abs=0.02)


def test_limit_of_progress():
    """How far the limit of many dimensions is off, at its best step."""
    best = minimize_scalar(
        lambda s: -float(landscapes.progress_rate(s)), bounds=(0.5, 2), method="bounded"
    ).x
    below = {}
    for d in (1, 2, 5, 10, 100):
        exact = float(landscapes.sphere_expected_improvement(d, best / d))
        below[d] = 1 - exact / (2 / d * float(landscapes.progress_rate(best)))
    said = f"{100 * below[1]:.0f} % below the limit for d = 1, {100 * below[2]:.0f} % for 2 and"
    assert said in text("chapters/16-landscapes")
    assert max(map(abs, (below[5], below[10], below[100]))) < 0.015


@pytest.mark.parametrize(
    "page",
    [
        "README",
        "intro",
        *(f"chapters/{p.stem}" for p in sorted((pages.ROOT / "chapters").glob("*.md"))),
    ],
)
def test_nothing_is_said_of_agents_that_logs_cannot_say(page):
    """A positive bias is one of logged changes, and no log rejects another of the agent's."""
    wrong = (
        r"[Rr]eal agents have \$\\mu > 0", r"rejected by the data", r"data reject",
        r"every (claim|statement) is held", r"serial search wins, always",
        r"second night like the first brings a tenth", r"every smooth", r"not an accident",
    )  # fmt: skip
    assert [one for one in wrong if re.search(one, text(page))] == []


# ---------------------------------------------------------------- the atlas

CLAIMS = json.loads(read_shipped("claims.json"))


def test_what_the_atlas_says_of_doublings():
    page, of = text("chapters/15-an-atlas-of-runs"), CLAIMS["doublings"]
    nats, low, high = of["power less geometric"]
    said = f"in {of['power better']} of {of['runs']}, by {nats:.0f} nats in all"
    assert said in page
    assert f"that sum ranges from {low:.0f} to {high:.0f}".replace("-", "−") in page
    above = [of[name][1] > 0 for name in ("index", "index from 10", "index in units")]
    assert above == [True, True, False]
    assert "two of three intervals for the index lie above 0" in page
    shares = [mean for mean, *_ in of["shares"]]
    assert shares[1:] == sorted(shares[1:])
    assert "the shares of the last four doublings rise" in page
    assert (round(shares[0], 2), round(shares[-1], 2)) == (0.34, 0.23)
    drawn = "Dots at {:.2f}, {:.2f}, {:.2f}, {:.2f} and {:.2f} over five parts".format(*shares)
    assert drawn in page
    assert f"{of['long']['runs']} runs of agents got in the first sixteenth" in page
    repositories = Counter(source.repository for source in logs.sources().values())
    assert sum(n for _, n in repositories.most_common(4)) > 117 / 2
    assert sum(n for _, n in repositories.most_common(3)) < 117 / 2
    assert "four repositories have half of them" in page


def test_doublings_are_made_again():
    """The index and the shares, of the runs that the text names."""
    runs = [
        run
        for source, run in zip(logs.sources().values(), logs.atlas(), strict=True)
        if source.kind == "LLM agent" and run.gain > 0
    ]
    of = CLAIMS["doublings"]
    some = [run for run in runs if run.n_experiments >= 30]
    assert len(some) == of["runs"]
    assert logs.tail_index(some) == pytest.approx(of["index"][0], abs=1e-4)
    long = [logs.gain_by_doubling(run) for run in runs if run.n_experiments >= 60]
    assert np.mean(long, axis=0) == pytest.approx([mean for mean, *_ in of["shares"]], abs=1e-4)


def test_what_the_atlas_says_of_the_first_survey():
    page, claims = text("chapters/15-an-atlas-of-runs"), CLAIMS["claims"]
    counted = claims["counted"]
    known = {
        source.repository: run
        for source, run in zip(logs.sources().values(), logs.atlas(), strict=True)
        if np.isfinite(run.delta).sum() >= 30
    }
    assert counted["repositories"] == len(known)
    some = f"on the {counted['runs']} runs of the atlas with 30 measured changes, of "
    assert f"{some}{len(known)} repositories" in page
    second = claims["second half over first"]
    low, high = second["interval"]
    assert f"{second['value']:.2f}, and anything between {low:.2f} and {high:.2f}" in page
    assert claims["mean change positive"]["value"] == pytest.approx(0.75, abs=0.02)
    assert "It is in three quarters of them" in page
    luck = counted["random search"]
    expected = f"{luck['expected']:.1f} ± {luck['std']:.1f}"
    assert f"improved {luck['improvements']:.0f} times where the law of records expects" in page
    assert expected in page


def test_what_the_contest_says():
    page, rows = text("chapters/15-an-atlas-of-runs"), CLAIMS["methods"]
    gains: dict[str, list[float]] = {}
    for row in rows:
        gains.setdefault(row["method"], []).append(row["gain"])
    timid, chance = gains["Karpathy Agent (14 HPs)"], gains["Random"]
    assert f"gained {min(timid):.4f} to {max(timid):.4f}, where 286 measurements" in page
    assert f"gained {min(chance):.0f} to {max(chance):.4f}" in page
    proposed = gains["LLAMBO (Optuna)"] + gains["LLAMBO (Paper)"]
    assert np.mean(gains["SMAC"]) / np.mean(proposed) == pytest.approx(3.3, abs=0.2)
    assert "gained three times as much" in page
    gamma = [row["gamma"] for row in rows]
    assert f"between {min(gamma):.3f} and {max(gamma):.3f} in all {len(rows)} runs" in page
    step = {
        name: np.median([row["sigma0"] for row in rows if row["method"] == name]) for name in gains
    }
    ratio = step["Random"] / step["Karpathy Agent (14 HPs)"]
    assert ratio == pytest.approx(400, abs=50)
    assert {row["n"] for row in rows} == {286}
    one = logs.contest()["TPE"][0]
    found = logs.fit(one).parameters
    shipped = next(row for row in rows if row["method"] == "TPE")
    assert found.sigma0 == pytest.approx(shipped["sigma0"], rel=1e-3)
    assert one.first(286).gain == pytest.approx(shipped["gain"], rel=1e-3)


def test_stopping_at_six_in_the_morning():
    """The price and the advice, and what patience would have done to that run and to all."""
    page, run = text("chapters/19-when-to-stop"), logs.load_run("h100-mar8")
    assert "its last improvement was seven experiments ago" in page
    assert logs.pace(run).since == 7
    said = logs.stop(run, cost=0.5, value=25_000)
    assert "$b = 0.5 \\cdot 0.01/250 = 0.00002$" in page
    assert said.price == pytest.approx(0.00002)
    assert (said.advice.name, said.probability < 0.5) == ("GO_ON", True)
    assert said.waiting / (said.profit + said.waiting) == pytest.approx(0.5, abs=0.1)
    assert said.change_share < 0.3
    assert logs.stop(run, cost=0.5, value=2500).advice.name == "STOP"
    much = logs.stop(run, cost=0.5, value=250_000)
    assert much.n == much.forecast.n_experiments
    gain = run.improvement
    n = int(arbook.patience_stop(gain > 0, 5))
    left = gain[n:].sum() / gain.sum()
    assert f"stopped it after {n} experiments, with {100 * left:.0f} % of its gain" in page
    survey = logs.patience_survey(patience=[5])
    assert f"would have stopped {survey.stopped[0]} of {survey.runs} runs" in page
    assert survey.position[0, 0] < 0.2
    assert survey.to_come[0, 0] == pytest.approx(0.5, abs=0.05)
    assert survey.again[0, 0] == pytest.approx(0.9, abs=0.02)


def test_patience_of_coins_and_of_a_night():
    page = text("chapters/19-when-to-stop")
    coins, night = arbook.streak_waiting_time([0.5, 0.18], 5)
    assert f"five failures in a row take {coins:.0f} experiments on average" in page
    assert round(night) == 9
    assert "18 %, they take nine" in page
    assert round(float(arbook.streak_waiting_time(0.1, 5))) == 7
    assert "It is stopped after seven experiments on average" in page
    waits = arbook.streak_waiting_time(0.2, [13, 14])
    assert f"it is $(0.8^{{-14}} - 1)/0.2 = {waits[1]:.1f}$, for 13 it is {waits[0]:.1f}" in page
    p, b = Parameters(0.010, 0.97), 0.0005
    assert "after 69 experiments" in page
    assert arbook.stopping_time(p, b) == 69
    away = 1 - arbook.patience_gain(p, 100, 1) / (1 - arbook.expected_frontier(p, 100))
    assert f"falls from {100 * away:.0f} % at a patience of one" in page


def test_what_is_enough():
    """What the text says of the sixty runs, of equal programs, and of the model's nights."""
    page = text("chapters/20-what-is-enough")
    astra, sol = (nights.holdout for nights in [*logs.sixty_runs().values()][:2])
    rng = np.random.default_rng(1)
    many = (rng.choice(astra, (1000, 20)), rng.choice(sol, (1000, 20)))
    lead = np.sign((many[0][:, :, None] - many[1][:, None, :]).round(6))
    low, high = np.quantile((1 - lead).mean(axis=(1, 2)) / 2, [0.025, 0.975])
    assert (low, high) == pytest.approx((0.07, 0.34), abs=0.02)
    assert "from 7 to 34 %" in page
    m = programs.best_night_bias([2, 3, 5, 10])
    assert "{:.2f}, {:.2f}, {:.2f} and {:.2f} for two".format(*m) in page
    bold, usual = Parameters(0.011, 0.971), Parameters(0.010, 0.97)
    exact = programs.area_misranking(bold, usual, 100)
    assert f"misranks these two with {100 * exact:.1f} %" in page
    envelope = [programs.nights_needed(0.002, 0.006, correlation=rho) for rho in (None, 0.75)]
    assert "`nights_needed` says {:.0f} and {:.0f}".format(*envelope) in page
    assert programs.nights_needed(0.1, 0.42) == pytest.approx(280, abs=5)
    assert programs.comparison_power(1.0, 1.0, 10) == pytest.approx(0.6, abs=0.05)
    assert programs.comparison_power(0.5, 1.0, 40) == pytest.approx(0.6, abs=0.01)


def test_looking_every_night():
    page = text("chapters/20-what-is-enough")
    a, b = programs.simulate_nights(1.2, 1.0, 100, 5000, seed=4)
    ends = (programs.e_values(a - b) >= 20).argmax(axis=1) + 1
    assert ends.mean() == pytest.approx(17, abs=0.5)
    assert "takes 17 nights of each on average" in page
    a, b = programs.simulate_nights(0.0, 1.0, 6, 5000, seed=4)
    wrong = (programs.t_test_p_values(a - b) < 0.05).any(axis=1).mean()
    assert wrong == pytest.approx(0.15, abs=0.015)
    assert "one of the first six looks finds something in about 15 %" in page
    runs = logs.contest()
    gains = np.array([[run.first(286).gain for run in each] for each in runs.values()])
    pairs = np.corrcoef(gains)[np.triu_indices(9, 1)]
    assert pairs.mean() == pytest.approx(-0.015, abs=0.002)
    assert "correlation of the final gains over the 36 pairs of methods is −0.02" in page


def along(task: str, step: float, name: str) -> list[tuple[float, float]]:
    """Return means over the runs of the laboratory, with their errors, at each time."""
    rows = [r for r in laboratory.measured_changes(task) if r["step"] == step]
    times = sorted({row["t"] for row in rows})
    found = [np.array([r[name] for r in rows if r["t"] == t]) for t in times]
    return [(float(x.mean()), float(x.std(ddof=1) / x.size**0.5)) for x in found]


def test_what_the_laboratory_measured_of_changes():
    page = text("chapters/18-a-loop-of-your-own")
    gain, normal = along("sphere", 0.02, "gain"), along("sphere", 0.02, "normal_gain")
    assert f"promises {normal[0][0] / gain[0][0] - 1:.0%}".replace("%", " %") in page
    gain, normal = along("automl", 0.1, "gain"), along("automl", 0.1, "normal_gain")
    assert normal[0][0] / gain[0][0] == pytest.approx(4, abs=0.5)
    assert normal[-1][0] / (gain[-1][0] + 2 * gain[-1][1]) > 100
    assert f"from {gain[0][0]:.4f} to {gain[-1][0]:.5f}, a fiftieth of the noise" in page
    assert laboratory.Surrogate().noise / gain[-1][0] == pytest.approx(50, abs=5)
    mean, better = along("automl", 0.1, "mean"), along("automl", 0.1, "better")
    assert f"from {mean[0][0]:.3f} to {mean[-1][0]:.3f}" in page
    assert f"{better[0][0]:.0%} of the proposals".replace("%", " %") in page
    assert f"and {better[-1][0]:.0%} better".replace("%", " %") in page
    spread = along("automl", 0.1, "std")
    share, error = spread[-1][0] / spread[0][0], spread[-1][1] / spread[0][0]
    assert f"{100 * share:.0f} ± {100 * error:.0f} %" in page
    small = along("automl", 0.025, "std")
    assert small[-1][0] / small[0][0] == pytest.approx(0.5, abs=0.05)
    assert (spread[0][0] / small[0][0]) ** 0.5 == pytest.approx(1.5, abs=0.05)
    bowl = [along("sphere", step, "std")[0][0] for step in (0.01, 0.04)]
    assert (bowl[1] / bowl[0]) ** 0.5 == pytest.approx(2, abs=0.1)
    assert f"the skewness is {along('automl', 0.1, 'skewness')[0][0]:.1f} at the baseline" in page
    for step in (0.025, 0.05, 0.1):
        assert all(x > 3 * e for x, e in along("automl", step, "skewness"))
    (first, e), *_, (last, late) = along("language", 0.1, "mean")
    assert f"rises, from {first:.2f} ± {e:.2f} to {last:.2f} ± {late:.2f}" in page
    (first, e), *_, (last, late) = along("language", 0.1, "gain")
    assert f"{first:.3f} ± {e:.3f} at the baseline and {last:.3f} ± {late:.4f} after" in page
    spread = along("language", 0.1, "std")
    assert spread[-1][0] > spread[0][0]
    (skewness, e), *_ = along("language", 0.1, "skewness")
    assert f"with a skewness of {skewness:.1f} ± {e:.1f}" in page
    low, high = (along("automl", 0.1, "gain")[i][0] for i in (-1, 0))
    assert high / low == pytest.approx(80, abs=5)


def test_the_trees_of_the_laboratory_rank_as_its_chapter_says():
    report = laboratory.Surrogate().report["by run"]
    said = f"a correlation of {report['rank_correlation']:.2f}, and the good ones among them"
    page = text("chapters/18-a-loop-of-your-own")
    assert said in page
    assert f"below 0.99, with {report['good']['rank_correlation']:.2f}" in page


LENGTHS = json.loads(read_shipped("lengths.json"))
NIGHT = Parameters(0.0032, 0.9864, 0.0005, extended=True)


def test_a_night_divided():
    """The flat top, agents against repeats, kill rules, and the plan for the opening night."""
    page, hides = text("chapters/21-the-budget"), agents.Fidelity(noise=0.075, curve=1.0)
    best = agents.best_split(NIGHT, hides, 8, 4, 0.5)
    assert (best.agents, round(best.minutes)) == (4, 4)

    def less(factor):
        tau = factor * best.minutes
        gain = agents.budget_gain(NIGHT, hides, tau, int(480 / (tau + 0.5)), 4)
        return 1 - gain / best.gain

    assert "costs about a seventh of the gain" in page
    assert (less(0.5) + less(2)) / 2 == pytest.approx(1 / 7, abs=0.01)
    assert "one that is wrong by ten, more than half" in page
    assert min(less(0.1), less(10)) > 0.5
    assert "Double the night, and the time goes into longer experiments" in page
    twice = agents.best_split(NIGHT, hides, 16, 4, 0.5)
    assert twice.minutes / best.minutes > 1.7 > 1.3 > twice.rounds / best.rounds
    two, four = agents.speed_up(Parameters(0.0032, 0.9864), [2, 4]).per_round
    assert "Four variants multiply it by 2.6" in page
    assert [four, two * math.sqrt(2)] == pytest.approx([2.6, 2.4], abs=0.05)
    shares = [1 - 2 / math.log(n) for n in (100, 1000)]
    assert "57 % of a measured change should last; for a thousand, 71 %" in page
    assert shares == pytest.approx([0.57, 0.71], abs=0.005)
    rule = agents.best_kill(0.8, 0.2)
    assert "to 164 % where 71 % are killed" in page
    assert [rule.worth(), rule.killed] == pytest.approx([1.64, 0.71], abs=0.005)
    assert agents.kill_rule(0.8, 0.2).worth() == pytest.approx(1.5)
    assert "next to nothing, 3 %" in page
    assert agents.best_kill(0.8, 0.2, elasticity=0.2).worth(0.2) == pytest.approx(1.03, abs=0.005)
    plan = logs.plan(hours=8, machines=4)
    ends = [split.minutes for _, split in plan.others]
    assert "between 3.1 and 6.3 minutes" in page
    assert ends == pytest.approx([3.1, 6.3], abs=0.05)
    loud = agents.Fidelity(noise=1e4)
    assert agents.best_split(NIGHT, loud, 8, 2, 1.0).repeats == 2


def test_searches_of_one_minute_and_of_five():
    """The table of four searches, their noise, and the seconds of the contest."""
    page = text("chapters/21-the-budget")
    runs = dict(zip(logs.sources(), logs.atlas(), strict=True))
    for number, (minutes, program) in {
        2: ("1 minute", "by hand"), 1: ("1 minute", "generated"),
        4: ("5 minutes", "by hand"), 3: ("5 minutes", "generated"),
    }.items():  # fmt: skip
        run = runs[f"menzhse-autoresearch-cifar10-{number}"]
        best = np.nanmax(run.value)
        row = f"| {minutes} | {program} | {run.n_experiments} | {run.value[0]:.2f} | {best:.2f} |"
        assert row in page
    long = runs["menzhse-autoresearch-cifar10-4"]
    assert np.nanmax(long.value[: 1 + round(1.5 / 8 * long.n_experiments)]) == 92.00
    assert "at equal time? The difference is 0.28, with a standard error of 0.34" in page
    noise = LENGTHS["noise"]
    found = [round(one["noise"], 2) for one in noise["searches"].values()]
    assert found == [0.43, 0.42, 0.22, 0.24]
    assert "0.43 and 0.42 at one minute, 0.22 and 0.24 at five" in page
    assert found[3] * math.sqrt(2) == pytest.approx(0.34, abs=0.005)
    ratio = [noise["ratio"], *noise["interval"]]
    assert "The ratio is 1.9, with an interval from 0.9 to 4.3" in page
    assert ratio == pytest.approx([1.9, 0.9, 4.3], abs=0.05)
    rows = {row["method"]: row for row in LENGTHS["seconds"]}
    trials, crashes, hours, lost = (
        sum(row[name] for row in rows.values())
        for name in ("trials", "crashes", "hours", "hours in crashes")
    )
    assert (trials, crashes) == (11_172, 3828)
    assert [crashes / trials, lost / hours] == pytest.approx([1 / 3, 1 / 20], abs=0.02)
    idle = [
        rows[name]["idle"]["4"]
        for name in ("Random", "Karpathy Agent (Code)", "Karpathy Agent (14 HPs)")
    ]
    assert "45 % of the time with random search, 11 % with the agent that edits code, 1 %" in page
    assert idle == pytest.approx([0.45, 0.11, 0.01], abs=0.005)


def test_luck_bits_and_a_sealed_test():
    """What the chapter says of the opening night, of steps like the noise, and of 13 runs."""
    page, run = text("chapters/22-a-sealed-test"), logs.load_run("h100-mar8")
    assert f"made {run.n_experiments} decisions" in page
    assert f"log shows a gain of {run.gain:.4f} bits" in page
    bent = 0.0005 * np.sqrt(2 * 125 / np.pi)
    bound = noise.luck_bound(125, 0.0005, 22)
    assert f"would have had {bent:.4f}" in page
    assert f"more than {bound:.4f} on average, a fifth of the gain" in page
    assert bound / run.gain == pytest.approx(0.2, abs=0.02)
    far = Parameters(1.0, 0.5, -40.0)
    plain = arbook.expected_best_improvement(far, 0, [101, 126, 501]) - 40
    assert plain.round(1).tolist() == [2.5, 2.6, 3.0]
    same = noise.expected_noisy_gain(Parameters(1.0, 1.0, extended=True), 100, 1.0)
    assert f"a gain of {same.logged:.1f} noises" in page
    assert f"the incumbent's luck is {same.logged - same.true:.1f}" in page
    runs = logs.sealed_runs()
    assert f"After up to {max(one.n_experiments for one in runs)} decisions" in page
    same_year, next_year = np.mean([one.shares for one in runs], axis=0)
    assert 1.1 < same_year < 1.15
    assert next_year < 1 / 3
    assert "all close to a line of 1.13" in page


def test_what_archives_and_sampling_gain():
    page = text("chapters/07-multi-agent")
    assert "five times ahead after 100 experiments" in page
    assert agents.elitism_advantage(Parameters(0.01, 0.97), 100) == pytest.approx(5, abs=0.1)
    hasty = Parameters(1.0, 0.9, 0.5, extended=True)
    assert agents.elitism_advantage(hasty, 2) < 1
    assert "0.81$ of the speed of one, ten at 0.35" in page
    assert agents.archive_rate([2, 10]) == pytest.approx([0.81, 0.35], abs=0.006)
    two, twenty = (
        agents.elitism_advantage(Parameters(1.0, 1.0, -norm.ppf(p), extended=True), 100)
        for p in (0.02, 0.2)
    )
    assert "By half with two keeps, and nearly sevenfold with twenty" in page
    assert (two, twenty) == pytest.approx((1.5, 6.7), abs=0.06)
