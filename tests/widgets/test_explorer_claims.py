"""What the explorers' questions, answers and presets say in words is true of the model."""

import node
import numpy as np
import pytest
from doubles import agents as teams
from doubles import laboratory, landscapes, model, noise
from doubles import programs as shelves

import arbook
from arbook import Parameters, agents, programs
from arbook.programs import gain_area_moments
from arbook.widgets.trade_off import BOX


def preset(cls, name):
    """Return an explorer with the values of one of its presets."""
    return cls(**next(preset.values for preset in cls.presets if preset.name == name))


# ---------------------------------------------------------------- gain area


def test_same_depth_different_area():
    explorer = preset(model.GainAreaExplorer, "Same depth, different area")
    first, second = explorer._programs().values()
    gains = [1 - float(arbook.expected_frontier(p, explorer.n)) for p in (first, second)]
    assert gains == pytest.approx([0.12, 0.12], abs=0.005)
    assert gains[0] == pytest.approx(gains[1], rel=0.005)
    areas = [float(arbook.expected_gain_area(p, explorer.n)) for p in (first, second)]
    assert areas[0] / areas[1] > 1.5


def test_fast_but_shallow():
    explorer = preset(model.GainAreaExplorer, "Fast but shallow")
    first, second = explorer._programs().values()
    n = np.arange(1, 301)
    deeper = arbook.expected_frontier(second, n) < arbook.expected_frontier(first, n)
    larger = arbook.expected_gain_area(second, n) > arbook.expected_gain_area(first, n)
    assert n[deeper][0] == 55
    assert n[larger][0] == 111
    assert f"experiment {n[deeper][0]} on" in explorer.after.text
    assert f"N = {n[larger][0]}" in explorer.after.answer
    assert deeper[explorer.n - 1]
    assert not larger[explorer.n - 1]


def test_the_run_is_that_of_the_view():
    explorer = model.GainAreaExplorer(seed=3, n=50, mu_first=-0.001)
    for p in explorer._programs().values():
        there = node.run(
            "return model.simulatePaths(data.p, data.n, model.normals(data.seed, 1, data.n), 1);",
            {
                "p": {"sigma0": p.sigma0, "gamma": p.gamma, "mu": p.mu},
                "n": explorer.n,
                "seed": explorer.seed,
            },
        )
        np.testing.assert_allclose(explorer._run(p), there, rtol=0, atol=1e-12)


# ---------------------------------------------------------------- trade-offs


def test_as_stated_the_best_point_is_the_corner():
    explorer = preset(model.TradeOffExplorer, "The corner")
    best = programs.best_parameters(BOX, explorer.n)
    assert (best.parameters.sigma0, best.parameters.gamma) == (explorer.sigma0, explorer.gamma)
    assert arbook.expected_frontier(best.parameters, explorer.n) < 0


def test_tuned_is_the_best_point_with_the_price():
    explorer = preset(model.TradeOffExplorer, "Tuned")
    best = programs.best_parameters(BOX, explorer.n, explorer.price)
    assert explorer.sigma0 == pytest.approx(best.parameters.sigma0, rel=1e-3)
    assert explorer.gamma == best.parameters.gamma


@pytest.mark.parametrize("name", ["Too timid", "Too bold"])
def test_too_timid_and_too_bold(name):
    """At the preset's decay, the best step lies well to the named side."""
    explorer = preset(model.TradeOffExplorer, name)
    box = {"sigma0": BOX["sigma0"], "gamma": (explorer.gamma, explorer.gamma)}
    best = programs.best_parameters(box, explorer.n, explorer.price)
    ratio = explorer.sigma0 / best.parameters.sigma0
    assert ratio < 0.5 if name == "Too timid" else ratio > 2


# ---------------------------------------------------------------- many agents


@pytest.mark.parametrize(
    ("name", "prob"), [("No skill", 0.5), ("As in a real run", 0.176), ("Rare keeps", 0.04)]
)
def test_keep_probabilities_of_the_presets(name, prob):
    explorer = preset(teams.MultiAgentExplorer, name)
    found = float(arbook.keep_probability(explorer.parameters(), 0))
    assert found == pytest.approx(prob, abs=0.0005)


def test_when_another_agent_adds_little():
    team = np.arange(1, 31)
    explorer = preset(teams.MultiAgentExplorer, "No skill")
    gain = agents.speed_up(explorer.parameters(), team).per_round
    assert team[1:][np.diff(gain) < 0.1][0] == 13
    assert "13th" in explorer.after.answer
    rare = preset(teams.MultiAgentExplorer, "Rare keeps")
    gain = agents.speed_up(rare.parameters(), team).per_round
    assert gain[-1] - gain[-2] > 0.5
    one = float(arbook.expected_improvement(explorer.parameters(), 0))
    assert one == pytest.approx(0.004, abs=0.0001)
    small = preset(teams.MultiAgentExplorer, "Small team")
    assert agents.speed_up(small.parameters(), small.k).per_round == pytest.approx(2.6, abs=0.05)


def test_what_uneven_experiments_do_to_a_team():
    even = preset(teams.TeamExplorer, "Independent")
    uneven = preset(teams.TeamExplorer, "Uneven experiments")
    assert (even.best(), uneven.best()) == (7, 4)
    assert "from 7 to 4" in uneven.after.answer
    lasts = agents.expected_longest(10, 1.0)
    assert lasts == pytest.approx(2.9, abs=0.05)
    # Not waiting is dearer while all last the same, and cheaper afterwards.
    for explorer, lasts_each, cheaper in ((even, 1.0, False), (uneven, lasts, True)):
        rounds = agents.speed_up(explorer.parameters(), 10).per_round / lasts_each
        assert (explorer.unhurried() > rounds) == cheaper
    cheap = preset(teams.TeamExplorer, "Waiting is cheap")
    assert cheap.best() == 1
    cheap.waiting = 0.42
    assert cheap.best() == 2


# ---------------------------------------------------------------- meta-optimisation


def test_how_often_the_better_of_eight_wins():
    usual = Parameters(0.01, 0.97)
    area, std = (
        float(arbook.expected_gain_area(usual, 100)),
        float(arbook.gain_area_std(usual, 100)),
    )
    assert round(std / area, 2) == 0.22
    wins = shelves.best_wins_probability([1.1 * area] + 7 * [area], 8 * [std])
    assert round(wins, 2) == 0.22
    assert "22 % of the contests" in shelves.MetaExplorer.guess.because


@pytest.mark.parametrize("common", [0, 1])
def test_nights_are_those_of_the_view(common):
    explorer = shelves.MetaExplorer(seed=5, n=60, common=common)
    there = node.run(
        """
        const shelf = model.makeShelf(data.seed, 8, data.spread);
        return shelf.map((p, i) => {
          const z = model.normals(data.seed, 3, data.n, 10 + (data.common ? 0 : i));
          const paths = model.simulatePaths(p, data.n, z, 3), row = data.n + 1;
          return [0, 1, 2].map((j) => model.gainArea(paths.subarray(j * row, (j + 1) * row)));
        });
        """,
        explorer.values(),
    )
    here = [explorer.nights(i, 3) for i in range(8)]
    np.testing.assert_allclose(here, there, rtol=1e-10)


def test_the_shelf_is_spread_as_said():
    """The deviation of 1600 logarithms within 5 %; its standard error is 1.8 %."""
    logs = [
        np.log(arbook.expected_gain_area(program.parameters, 100))
        for seed in range(200)
        for program in shelves.make_shelf(seed, 0.15)
    ]
    assert np.std(logs) == pytest.approx(0.15, rel=0.05)


def test_where_the_nights_of_a_race_go():
    explorer = shelves.RacingExplorer()
    order, choices = np.argsort(-explorer.truth()), [explorer.choice(k) for k in range(20)]
    runs = np.mean([choice.runs[order] for choice in choices], axis=0)
    assert runs[:3].sum() > runs.sum() / 2  # "most nights go into the three best"
    assert (runs[4:] < 20).all()  # "soon after ten nights"
    common = preset(shelves.RacingExplorer, "Common luck")
    equals = preset(shelves.RacingExplorer, "Seven equals")
    assert common.choice().total < equals.choice().total / 2
    assert common.even_runs(97) < equals.even_runs(97) / 2


# ---------------------------------------------------------------- landscapes


def test_which_decay_gets_home():
    """None usually does, and the most patient most often; and what the reader is told."""
    explorer = landscapes.LandscapeExplorer()
    hasty, middle, patient = explorer.load_data()["home"]
    assert hasty < 0.02
    assert middle < 0.05 < patient < 0.2
    jumps = [int(np.log(2.0) / -np.log(g)) for g in (0.8, 0.93, 0.98)]  # until the step is below 1
    assert jumps == [3, 9, 34]


@pytest.mark.parametrize("seed", range(1, 6))
def test_what_the_presets_of_the_landscapes_show(seed):
    def median(name):
        e = preset(landscapes.LandscapeExplorer, name)
        e.seed = seed
        runs = e.searches()
        home = (np.abs(runs.best) < 0.5).all(axis=1).mean()
        return np.median(runs.frontier[:, -1]), home

    assert median("Bowl, fast decay")[0] < 1e-10 < 1e-4 < median("Bowl, too hasty")[0]
    assert median("Bowl, fast decay")[0] < median("Bowl, success rule")[0] < 1e-10
    assert median("Hollows, hasty")[1] < 0.1
    assert median("Hollows, patient")[1] > 0.3
    assert median("Ridge, success rule")[0] < -100


# ---------------------------------------------------------------- conditions


def test_what_the_presets_of_conditions_show():
    """The best steps by the law, which is exact, and what the means of the runs make of them."""
    best = {}
    for shown in shelves.ConditionsExplorer.presets:
        explorer = preset(shelves.ConditionsExplorer, shown.name)
        tried, areas = explorer.curve()
        under, n = explorer.conditions(), explorer.n
        law = [gain_area_moments(Parameters(s, explorer.gamma), n, under) for s in tried]
        means = np.array([moments.mean for moments in law])
        errors = np.array([moments.std for moments in law]) / len(explorer.gains()) ** 0.5
        assert (np.abs(areas - means) < 5 * errors + 1e-3 * means).all(), shown.name
        best[shown.name] = tried[means.argmax()]
        if shown.name in ("A floor", "As good as stated"):
            assert (np.diff(means) > 0).all()
    assert 1.8 < best["Crashes"] / 0.02 < 2.5
    assert 1.1 < best["Crashes and a floor"] / 0.02 < 1.5
    assert 0.1 < best["A price"] < 0.2


# ---------------------------------------------------------------- noise


def test_what_the_presets_of_noise_show():
    """Gains of the means, which have standard errors of about 0.0005."""

    def gains(name):
        runs = preset(noise.NoiseExplorer, name).runs()
        return 1 - runs.true[:, -1].mean(), 1 - runs.logged[:, -1].mean()

    true, logged = gains("Quiet")
    assert true == pytest.approx(logged, abs=1e-12)
    true, logged = gains("Noise as large as the steps")
    assert true / logged == pytest.approx(1 / 3, abs=0.08)
    assert gains("Four measurements")[0] > true + 0.005
    assert gains("Fresh incumbent")[0] < -0.02
    assert "gets worse" in noise.NoiseExplorer.guess.choices[2]


def test_what_the_presets_of_keep_rules_show():
    """Mean gains of 100 races; the rules have the same luck, so that differences are clear."""

    def gains(name):
        lines = preset(noise.KeepRulesExplorer, name).lines()
        return [
            {rule: float(1 - of[i][:, -1].mean()) for rule, of in lines.items()} for i in (0, 1)
        ]

    logged, true = gains("As large as the steps")
    assert max(true, key=true.get) == noise.KeepRulesExplorer.guess.choices[4]
    assert true["posterior mean"] > 1.6 * true["plain"]
    assert true["margin"] < true["ladder"] * 1.2 < true["plain"] / 2
    _, true = gains("Quiet")
    assert min(true, key=true.get) == "confirm"
    logged, true = gains("Loud")
    honest = [rule for rule in true if true[rule] > logged[rule] / 2]
    assert honest == ["posterior mean"]
    assert logged["posterior mean"] == pytest.approx(true["posterior mean"], abs=0.001)
    _, true = gains("No bias")
    assert max(true["margin"], true["ladder"]) < true["plain"] / 2
    _, true = gains("Steps that shrink")
    assert true["confirm"] == pytest.approx(true["posterior mean"], rel=0.15)
    ((_, line),) = [of for rule, of in preset(noise.KeepRulesExplorer, "One race").lines().items()
                    if rule == "plain"]  # fmt: skip
    assert (np.diff(line[0]) > 0).any()


# ---------------------------------------------------------------- the laboratory


def test_what_the_presets_of_a_night_show():
    def shown(name):
        true, logged, _, crashed = preset(laboratory.NightExplorer, name).simulated()
        gain = (true[:, 0] - true[:, -1]).mean()
        return gain, (true - logged)[:, -1].mean(), crashed.mean()

    gain, curse, crashed = shown("Sensible")
    assert gain > 0.009
    timid, _, none = shown("Timid")
    assert timid < gain / 5
    assert none == 0
    reckless, _, many = shown("Reckless")
    assert reckless < gain / 3
    assert many > 0.4 > 2 * crashed
    assert shown("Hasty")[0] < 0.9 * gain
    suspicious, little, _ = shown("Suspicious")
    assert little < curse / 3
    assert suspicious < gain
