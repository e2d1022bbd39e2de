"""An explorer in the page, and the numbers that its sentence must say in a given state."""

import contextlib
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from urllib.parse import parse_qsl

import draws
import numpy as np
import pages
from doubles import agents as teams
from doubles import laboratory, landscapes, model, noise, runs
from doubles import programs as shelves
from doubles.runs import decimals, significant
from playwright.sync_api import Browser, Locator, Page
from scipy.stats import sem

import arbook
from arbook import Parameters, agents, programs
from arbook.landscapes import Decay, SuccessRule
from arbook.noise import best_threshold, luck_bound, noisy_step
from arbook.runs.places import place
from arbook.widgets import Explorer, _judged, _looking, _runs
from arbook.widgets import archive as archives
from arbook.widgets._forecasts import OPENING
from arbook.widgets.budget import EXPONENT
from arbook.widgets.landscape import HOLLOWS
from arbook.widgets.racing import N_RACES
from arbook.widgets.team import N_RUNS
from arbook.widgets.trade_off import BOX

#: Two frames after no value is on its way to that of a preset.
SETTLED = """async (e) => {
  const frame = () => new Promise(requestAnimationFrame), late = performance.now() + 20_000;
  while ("moving" in e.dataset) {
    if (performance.now() > late) throw new Error("it never rests");
    await frame();
  }
  await frame();
  await frame();
}"""

#: What an element shows, as text.
SEEN = """e => {
  const copy = e.cloneNode(true);
  for (const part of copy.querySelectorAll("[display=none], [hidden]")) part.remove();
  for (const part of copy.querySelectorAll("[aria-label]")) part.removeAttribute("aria-label");
  return copy.innerHTML;
}"""

#: What a slider says, until it says a value or less.
LOWER = """(handle, value) => {
  const said = () => parseFloat(handle.getAttribute("aria-valuetext").replace("−", "-"));
  for (let pressed = 0; said() > value; pressed++) {
    if (pressed > 100) throw new Error(`it stays at ${said()}`);
    handle.dispatchEvent(new KeyboardEvent("keydown", { key: "PageDown" }));
  }
}"""


class Drawn:
    """One explorer in an open page."""

    def __init__(self, page: Page, name: str) -> None:
        self.page, self.name = page, name
        self.root = page.locator(f".arbook-explorer[data-explorer={name}][data-ready]")
        self.unfold()

    def reopen(self) -> None:
        """Load the page anew, without the state in its address and without scores."""
        address = self.page.url.split("#")[0]
        self.page.evaluate("localStorage.clear()")
        self.page.goto("about:blank")
        self.page.goto(address)
        self.visit.errors.clear()
        self.unfold()

    def unfold(self) -> None:
        """Wait for the explorer, and open what is folded in it."""
        self.root.wait_for()
        for summary in self.root.locator("details.arbook-more:not([open]) > summary").all():
            summary.click()

    def handle(self, control: str) -> Locator:
        """Return the handle of a slider."""
        return self.root.locator(f"[data-control={control}] .noUi-handle")

    def press(self, control: str, key: str) -> None:
        """Press a key on a slider's handle, and wait until that is drawn."""
        self.handle(control).press(key)
        self.settle()

    def lower(self, control: str, value: float) -> None:
        """Bring a slider down to a value, by as many keys as that takes at once."""
        self.handle(control).evaluate(LOWER, value)
        self.settle()

    def click(self, selector: str) -> None:
        """Press a button, and wait until that is drawn."""
        self.root.locator(selector).first.click()
        self.settle()

    def settle(self) -> None:
        """Wait for two frames, and until no value is on its way to that of a preset."""
        self.root.evaluate(SETTLED)

    def value(self, control: str) -> float:
        """Return the value that a slider says, without its unit."""
        said = self.handle(control).get_attribute("aria-valuetext") or ""
        return float(said.split()[0].replace("−", "-"))

    def picture(self) -> str:
        """Return what is drawn and seen, without its description, which is the sentence."""
        parts = "root.querySelectorAll('.arbook-figure, .arbook-below')"
        return str(self.root.evaluate(f"root => [...{parts}].map({SEEN}).join('')"))

    def sentence(self) -> str:
        """Return the live sentence."""
        return self.root.locator("output").first.inner_text()

    def part(self, name: str) -> str:
        """Return what is drawn of one part of the charts; nothing if it is hidden."""
        part = self.root.locator(f"[data-part='{name}']:not([display=none])")
        return str(part.evaluate("e => e.outerHTML")) if part.count() else ""

    def reach(self, target: Locator) -> None:
        """Press Tab until something has the focus, or Shift and Tab if it comes before."""
        if not self.root.evaluate("e => e.contains(document.activeElement)"):
            self.root.locator("input:visible, button:visible").first.focus()
        towards = """e => document.activeElement === e ? "" : 2 &  // it precedes
          document.activeElement.compareDocumentPosition(e) ? "Shift+Tab" : "Tab";"""
        for _ in range(100):
            if not (key := target.evaluate(towards)):
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"the keyboard does not reach {target}")

    def push(self, target: Locator, way: str = "pointer", key: str = "Enter") -> None:
        """Press a button by pointer, keyboard or touch, and wait until that is drawn."""
        if way == "keyboard":
            self.reach(target)
            self.page.keyboard.press(key)
        elif way == "touch":
            target.tap()
        else:
            target.click()
        self.settle()

    def button(self, words: str) -> Locator:
        """Return the button that says these words."""
        return self.root.get_by_role("button", name=words, exact=True)

    def state(self) -> dict[str, float]:
        """Return the parameters' exact values, from the link to this state."""
        link = "e => { e.querySelector('[data-act=link]').click(); return location.hash; }"
        name, query = self.root.evaluate(link).lstrip("#").split("?")
        assert name == self.name
        return {key: float(value) for key, value in parse_qsl(query) if key != "time"}

    def python(self) -> Explorer:
        """Return the Python object in this state."""
        return as_explorer(self.name, self.state())

    def restart(self) -> None:
        """Bring the start, with the question out of the way."""
        self.click("[data-act=reset]")
        self.click("form.arbook-guess >> text=Just show me")

    def check(self) -> dict[str, float]:
        """Check the sentence against Python; return the state."""
        state = self.state()
        expected = NUMBERS[self.name](as_explorer(self.name, state))
        assert unsaid(self.sentence(), expected) == [], self.sentence()
        return state


def still_of(page: Page, name: str) -> Locator:
    """Return the still of an explorer."""
    return page.locator(f"img.arbook-still[src*='/fig-explorer-{name}']")


def check_top(page: Page, name: str) -> None:
    """Check that a page shows the top of an explorer, below its header."""
    top = page.locator(f"[data-explorer={name}]").bounding_box()["y"]
    header = page.locator(".bd-header-article").first.bounding_box()
    assert header["y"] + header["height"] - 1 <= top <= 160, top


@contextlib.contextmanager
def opening(browser: Browser, base: str, name: str, **options: object) -> Iterator[Drawn]:
    """Open the page of an explorer once, for several tests."""
    place = f"{pages.page_of(name)}.html"
    with pages.opening(browser, base, place, has_touch=True, **options) as seen:
        explorer = Drawn(seen.page, name)
        explorer.visit = seen
        yield explorer


#: The double of each explorer by its name in the page; the explorer itself where it needs none.
DOUBLES: dict[str, type[Explorer]] = pages.EXPLORERS | {
    found.name: found
    for module in (model, teams, shelves, laboratory, landscapes, noise, runs)
    for found in vars(module).values()
    if isinstance(found, type) and issubclass(found, Explorer)
}


def as_explorer(name: str, state: dict[str, float]) -> Explorer:
    """Return the double in the page's state."""
    cls = DOUBLES[name]
    whole = {name for name, control in cls.controls().items() if control.kind == "whole"} | {"seed"}
    return cls(**{key: int(v) if key in whole else v for key, v in state.items()})


#: What a sentence must say: a number as it is written, or one of several ways to round it.
Said = str | tuple[str, ...]


def numbers(sentence: str) -> Counter[str]:
    """Return the numbers of a sentence as they are written, those with a power of ten included."""
    power = "(?: × 10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?"
    return Counter(re.findall(rf"(?<![\w.-])−?\d+(?:\.\d+)?{power}", sentence))


def unsaid(sentence: str, expected: Iterable[Said]) -> list[Said]:
    """Return what a sentence does not say; each of its numbers answers for one that is expected."""
    left, missing = numbers(sentence), []
    for said in sorted(expected, key=lambda said: isinstance(said, tuple)):
        ways = said if isinstance(said, tuple) else (said,)
        if found := next((way for way in ways if left[way]), None):
            left[found] -= 1
        else:
            missing.append(said)
    return missing


def fixed(value: float, digits: int = 0) -> str:
    """Return a number as the page writes it: rounded as by `toFixed`, with a true minus."""
    rounded = Decimal(float(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return str(abs(rounded)) if rounded == 0 else f"{rounded:f}".replace("-", "−")


def whole(*values: float) -> list[str]:
    """Return counts as the page writes them."""
    assert all(value == int(value) for value in values), values
    return [fixed(value) for value in values]


def some(*values: float) -> list[str]:
    """Return counts without those that are 0: the page says no or nothing."""
    return whole(*filter(None, values))


def two(*values: float) -> list[str]:
    """Return numbers with two decimals."""
    return [fixed(value, 2) for value in values]


def four(*values: float) -> list[str]:
    """Return numbers with four decimals."""
    return [fixed(value, 4) for value in values]


def short(value: float) -> str:
    """Return three digits, with a power of ten where a number is small."""
    size = abs(value)
    if size >= 100 or size == 0:
        return fixed(value)
    exponent = math.floor(math.log10(size))
    if size >= 0.001:
        return fixed(value, max(0, 2 - exponent))
    power = str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{fixed(value / 10.0**exponent, 1)} × 10{power}"


def _of(explorer: Explorer, end: str = "") -> Parameters:
    values = [getattr(explorer, name + end) for name in ("sigma0", "gamma", "mu")]
    return Parameters(*values, extended=True)


def _frontier(e: Explorer) -> list[Said]:
    p = _of(e)
    mean, std = float(arbook.expected_frontier(p, e.n)), float(arbook.frontier_std(p, e.n))
    run, near = e._runs()[0], (0.0, -0.01 * std, 0.01 * std)  # the page's lattice is coarser
    band = arbook.frontier_quantiles(p, e.n, [0.05, 0.95])
    ends = [tuple(dict.fromkeys(fixed(q + by, 3) for by in near)) for q in band]
    return [*whole(e.n, np.count_nonzero(np.diff(run) < 0)), *four(mean, 1 - mean, std, run[-1]),
            *ends]  # fmt: skip


def _gain_area(e: Explorer) -> list[Said]:
    found, areas, gains = whole(e.n), [], []
    for end in ("_first", "_second"):
        p = _of(e, end)
        areas.append(float(arbook.expected_gain_area(p, e.n)))
        gains.append(1 - float(arbook.expected_frontier(p, e.n)))
        found += two(areas[-1], arbook.gain_area_std(p, e.n), arbook.gain_area(e._run(p)))
    times = max(areas) / min(areas)
    same = abs(gains[0] - gains[1]) < 0.005 * gains[0]
    return [*found, *(two(times) if times >= 1.005 else []), *four(*gains[: 1 if same else 2])]


def _keep_probability(e: Explorer) -> list[Said]:
    p, data = _of(e), e.load_data()
    n, real = data["n"], data["real"]
    prob, z = arbook.keep_probability(p, np.arange(n)), draws.normals(e.seed, e.runs, n)
    kept = (p.mu + arbook.step_size(p, np.arange(n)) * z < 0).sum() / e.runs
    shares = 100 * prob[[0, -1] if p.mu else [0]]
    law = arbook.expected_keeps(p, n), arbook.keeps_std(p, n), kept
    found = whole(n, e.runs, *([] if p.mu > 0 else [len(real)]))
    found += [fixed(value, 1) for value in (*shares, *law, 100 * real[0]["rate"])]
    return [*found, *two(real[0]["a"])]


def _given_away(e: Explorer) -> float:
    whole = 1 - arbook.expected_frontier(_of(e), e.n)
    return float(1 - arbook.patience_gain(_of(e), e.n, e.patience) / whole)


def _stopping(e: Explorer) -> list[Said]:
    p = _of(e)
    n = int(min(arbook.stopping_time(p, e.cost), e.n))
    profit = 1 - arbook.expected_frontier(p, n) - e.cost * n
    made = float(arbook.patience_experiments(p, e.n, e.patience))
    patient = arbook.patience_gain(p, e.n, e.patience) - e.cost * made
    found = [short(e.cost), *some(n), *whole(e.patience, e.n), *four(profit, patient)]
    return [*found, fixed(made, 1), fixed(100 * _given_away(e), 1)]


def _power(e: Explorer) -> list[Said]:
    effect = e.difference / math.sqrt(2 * (1 - e.correlation))
    shares = _looking.looking()
    column = {name: [row[e.n - 1] for row in shares[name]] for name in ("e", "t")}
    found = [np.interp(effect, shares["effects"], column[name]) for name in ("e", "t")]
    said = [*whole(*([e.n] if e.n > 1 else []), 5), *(fixed(share, 1) for share in found)]
    wrong = programs.misranking_probability(e.difference, 1.0, e.n, correlation=e.correlation)
    return [*said, *([fixed(100 * wrong, 1)] if e.difference else [])]


def _divided(e: Explorer, tau: float, rounds: int, *team: int) -> float:
    """Return the gain of a night that is divided so."""
    p = Parameters(e.sigma0, e.gamma, e.mu, extended=True)
    hides = agents.Fidelity(e.noise, e.curve, EXPONENT)
    return agents.budget_gain(p, hides, tau, rounds, *team)


def _best_length(e: Explorer) -> tuple[float, float, int]:
    """Return the largest gain of all numbers of rounds, its length, and the number."""
    night = 60 * e.hours
    ways = [
        (_divided(e, night / n - e.overhead, n, e.machines), night / n - e.overhead, n)
        for n in range(1, max(int(night / (0.2 + e.overhead)), 1) + 1)
    ]
    return max(ways)


def _budget(e: Explorer) -> list[Said]:
    most, tau, best = _best_length(e)
    rounds = int(60 * e.hours / (e.tau + e.overhead) + 1e-9)
    gain = _divided(e, e.tau, rounds, e.machines)
    less = 1 - gain / most if most > 0 else 0.0
    found = [significant(e.tau), significant(tau), *some(rounds), *whole(best), *four(gain, most)]
    found += [*whole(e.machines), fixed(100 * less, 1)]
    return found + (four(_divided(e, e.tau, rounds, 1, e.machines)) if e.machines > 1 else [])


def _bent(e: Explorer) -> float:
    return math.sqrt(2 * e.n / math.pi)


def _overfitting(e: Explorer) -> list[Said]:
    far = Parameters(1.0, 0.5, -40.0)
    plain = e.noise * (arbook.expected_best_improvement(far, 0, e.n + 1) - 40.0)
    luck = plain, _bent(e) * e.noise, luck_bound(e.n, e.noise), math.sqrt(2) * e.sealed
    return [*whole(e.n), *(fixed(value, 5) for value in luck), fixed(_bent(e), 1)]


def _perturbation(e: Explorer) -> list[Said]:
    p = _of(e)
    sigma = float(arbook.step_size(p, e.t))
    found = [*whole(e.t), fixed(sigma, 6 if sigma < 0.001 else 4)]
    found += [fixed(100 * arbook.keep_probability(p, e.t), 1), fixed(arbook.half_life(p), 1)]
    where = [*two(abs(p.mu) / sigma), *four(p.mu)] if p.mu else []
    return [*found, fixed(arbook.reach(p), 3), *where]


def area(value: float, like: float | None = None) -> str:
    """Return a gain area, with as many digits as another one has."""
    size = value if like is None else like
    small = min(8, 2 - math.floor(math.log10(max(size, 1e-6))))
    return fixed(value, 1 if size >= 100 else 2 if size >= 1 else small)


def _trade_off(e: Explorer) -> list[Said]:
    p = e.parameters()
    here = float(arbook.expected_gain_area(p, e.n))
    best = programs.best_parameters({**BOX, "mu": (e.mu, e.mu)}, e.n, e.price)
    keeps = fixed(100 * float(arbook.expected_keeps(p, e.n)) / e.n)
    found = [f"{e.sigma0:.3g}", fixed(e.gamma, 3), *whole(e.n), keeps, area(here)]
    found += [area(float(arbook.gain_area_std(p, e.n)), like=here)]
    found += [
        fixed(arbook.keep_probability(p, 0), 3),
        *([area(e.price * e.sigma0**2)] if e.price else []),
    ]
    share, top = here / best.expected_gain_area, best.parameters
    found += [fixed(100 * share) if share >= 0.01 else "1"]
    if share <= 0.999:
        found += [f"{top.sigma0:.3g}", f"{top.gamma:g}", area(best.expected_gain_area)]
        inside = "sigma0" not in best.at_bound
        found += [fixed(arbook.keep_probability(top, 0), 3)] if inside else []
    return found


def _archive(e: Explorer) -> list[Said]:
    ends = [e.gains(size) for size in range(1, archives.MOST + 1)]
    one, shown = ends[0], ends[e.size - 1]
    winner = int(np.argmax([end.mean() for end in ends])) + 1
    found = [*four(one.mean()), *whole(e.n, len(one), *([winner] if winner > 1 else []))]
    if e.size == 1:
        return found
    found += [*four(shown.mean()), *two(agents.archive_rate(e.size)), *whole(e.size)]
    if one.mean() <= 3 * sem(one):
        return found
    times = shown.mean() / one.mean()
    return [*found, *two(times, sem(shown - times * one) / one.mean())]


def _multi_agent(e: Explorer) -> list[Said]:
    p, counts = e.parameters(), np.arange(1, e.k + 1)
    keep, gain = float(arbook.keep_probability(p, 0)), float(arbook.expected_improvement(p, 0))
    found = [fixed(keep, 3), fixed(gain, 5)]
    if e.k == 1:
        return found
    times, improvement = agents.speed_up(p, counts).per_round, e.improvement()
    found += two(times[-1]) + four(arbook.any_keep_probability(keep, e.k))
    found += [fixed(100 * (times[-1] - times[-2])), *whole(e.k, e.k, e.k)]
    return [*found, *([fixed(improvement, 5)] if improvement else [])]


def _team(e: Explorer) -> list[Said]:
    p, rho = e.parameters(), e.correlation
    gain = agents.speed_up(p, e.k, correlation=rho).per_round
    given = {"correlation": rho, "variation": e.variation}
    price = [agents.relative_price(p, k, e.waiting, **given) for k in (e.k, e.best())]
    lasts = agents.expected_longest(e.k, e.variation)
    found = two(rho, gain, agents.effective_agents(p, e.k, rho), *price, lasts)
    found += [fixed(e.waiting, 2 if e.waiting < 10 else 1)]
    found += four(gain * arbook.expected_improvement(p, 0))
    found += whole(e.best(), *([e.k] if e.k > 1 else []))
    if rho or e.k == 1:
        return found
    free = (e.k + e.waiting) / (1 + e.waiting) / e.unhurried()
    return [*found, *two(free), *whole(N_RUNS)]


def _update_rule(e: Explorer) -> list[Said]:
    log, now, t = e.log(), slice(1, e.t + 1), e.t
    start = fixed(log.frontier[0], e.digits)
    if t == 0:
        return [start, *whole(1, log.n_experiments), fixed(100 * e.crash)]
    decision = [] if log.crashed[t] else [log.value[t]]
    decision += [] if log.value[t] == log.frontier[t - 1] else [log.frontier[t - 1]]
    metrics = [fixed(value, e.digits) for value in (*decision, log.frontier[t])]
    counts = whole(t, t, log.kept[now].sum(), log.crashed[now].sum())
    return [start, *metrics, *counts, fixed(e.crash * t, 1)]


def _meta(e: Explorer) -> list[Said]:
    return whole(e.n, e.budget)


def _fit(e: Explorer) -> list[Said]:
    p, fit, delta = e.parameters(), e.fit(), _runs.load(e.run).delta
    far = runs.FitExplorer(run=e.run).fit().n_catastrophes
    shares = np.mean(arbook.keep_probability(p, fit.t)), np.mean(delta[fit.t] < 0)
    found = [significant(p.sigma0), fixed(p.gamma, 3), significant(p.mu)]
    found += [fixed(e.log_likelihood(), 1), *(fixed(100 * share) for share in shares)]
    return [*found, *some(fit.n_changes, far)]


def _log(e: Explorer) -> list[Said]:
    log = e.log()
    if log is None:  # the reader's own log, which is not open
        return []
    improved = log.delta[np.isfinite(log.delta)]
    found = some(log.n_experiments, log.crashed[1:].sum(), improved.size)
    found += [*whole(log.kept[1:].sum(), (improved < 0).sum()), fixed(100 * log.keep_rate)]
    luck = arbook.expected_records(improved.size), arbook.records_std(improved.size)
    found += [fixed(value, 1) for value in luck] if improved.size else []
    if not log.gain:
        return [*found, significant(log.f0, 4)]
    found += [fixed(value, decimals(log.gain)) for value in (log.f0, log.frontier[-1])]
    steps = np.count_nonzero(log.improvement)
    share = [fixed(100 * log.share_of_three_largest)] if steps > 2 else []
    found += [*share, *whole(min(steps, 3))]
    return [*found, *map(significant, (log.gain, log.gain_area, log.average_gain))]


def _atlas(e: Explorer) -> list[Said]:
    found: list[Said] = []
    for log in e.chosen():
        at = place(log)
        found += [*some(log.n_experiments), fixed(100 * log.keep_rate)]
        found += [significant(100 * at.boldness)] if at.boldness > 0 else []
        heights = (at.skill, at.decay, at.late)
        if e.height and np.isfinite(height := heights[e.height - 1]):
            found.append(fixed(height, 3 if e.height == 2 else 2))
    for log in e.chosen()[:1]:
        n = log.n_experiments
        law = arbook.expected_urn_gain([(n + 1) // 2, n], e.tail)
        found += [fixed(100 * (1 - law[0] / law[1])), fixed(e.tail, 2)]
        found += [fixed(100 * place(log).late)] if log.gain else []
    return found


def _forecast(e: Explorer) -> list[Said]:
    log, seen = e.log(), e.n_seen()
    rest, level = log.n_experiments - seen, 5 * round(e.level / 5)
    kept = some(log.kept[1 : seen + 1].sum())
    found = whole(seen, log.n_experiments, rest, level)
    return [*kept, *found, significant(log.f0 - log.frontier[seen])]


def _true_frontier(e: Explorer) -> list[Said]:
    trace, said = e.trace(), e.said()
    keeps = np.flatnonzero(trace.kept)
    number = min(e.keep, keeps.size)
    t = keeps[number - 1]
    gains = [trace.baseline - trace.last_of_all, said.mean[0] - said.mean[-1]]
    gains += [trace.last[t] - trace.y[t], said.gain[t], said.gain_std[t]]
    luck, better = max(e.luck(), 0.001), min(said.better[t], 0.999)
    real = np.count_nonzero(said.better >= 0.95) if luck <= 0.05 else 0
    found = [*whole(real, keeps.size, number, t + 1), *map(significant, gains)]
    _, *ends = list(_judged.JUDGED.values())[e.run - 1]
    outside = [] if ends[0] <= e.noise <= ends[1] else ends
    noises = [significant(noise).rstrip("0") for noise in (e.noise, *outside)]
    return [*found, *noises, fixed(100 * better, 1), fixed(100 * luck, 1)]


def _landscape(e: Explorer) -> list[Said]:
    (runs, way), t = e._way(), e.t
    n_runs, n = runs.kept.shape
    rule = SuccessRule(e.start) if e.success else Decay(e.start, e.gamma)
    step = float([*runs.step[0], *rule.next(runs.step[:1, -1], runs.kept[:1, -1])][t])
    found = [short(runs.frontier[0, 0]), short(step), *whole(n, n_runs)]
    if t:
        keeps, off = runs.kept[0, :t].sum(), float(np.hypot(*way[-1]))
        found += [*whole(keeps, t), fixed(100 * keeps / t), short(runs.frontier[0, t])]
        place = [short(off), short(2 * step / off)], [short(way[-1, 0])], map(fixed, way[-1])
        found += place[e.landscape]
    if e.landscape == HOLLOWS:
        found += whole((np.abs(runs.best) < 0.5).all(axis=1).sum())
    else:
        found += [short(np.median(runs.frontier[:, -1]))]
    if e.success:
        decay = landscapes.LandscapeExplorer(**e.values() | {"success": 0}).searches()
        found += [short(rows.frontier[0, -1]) for rows in (decay, runs)]
    return [*found, *([fixed(e.gamma, 3)] if e.success or e.gamma < 1 else [])]


def _noise(e: Explorer) -> list[Said]:
    runs = e.runs()
    true, logged = (1 - rows[:, -1] for rows in (runs.true, runs.logged))
    law = noisy_step(_of(e), 0, e.noise_of_mean(), threshold=e.threshold)
    margin = best_threshold(_of(e), 0, e.noise_of_mean())
    found = four(true.mean(), sem(true), logged.mean(), (logged - true).mean(), margin)
    if e.threshold or e.repeats > 1 or e.remeasure:
        plain = noise.NoiseExplorer(**e.values() | {"threshold": 0.0, "repeats": 1, "remeasure": 0})
        found += four(1 - plain.runs().true[:, -1].mean())
    count = runs.kept.shape[1]
    return [*whole(e.n, count), *found, fixed(law.true_gain, 5), fixed(law.logged_gain, 5)]


def _keep_rules(e: Explorer) -> list[Said]:
    ends = {name: [1 - x[:, -1] for x in lines] for name, lines in e.lines().items()}
    true = {name: gains for name, (_, gains) in ends.items()}
    best = max(true, key=lambda name: float(true[name].mean()))
    ahead = true[best] - true["plain"]
    found = whole(e.n, *([e.races] if e.races > 1 else []))
    found += four(*(gains.mean() for both in ends.values() for gains in both))
    if best != "plain":
        found += four(ahead.mean(), *([sem(ahead)] if e.races > 1 else []))
    return found


def _simulated(e: Explorer) -> list[Said]:
    true, logged, kept, crashed = e.simulated()
    found = whole(kept[0].sum(), kept.shape[1], crashed[0].sum())
    lines = [true[0, 0], logged[0, -1], true[0, -1]]
    if len(true) > 1:
        found += whole(len(true))
        lines += [true[:, -1].mean(), sem(true[:, -1]), logged[:, -1].mean()]
    return [*found, *(fixed(value, 5) for value in lines)]


def _night(e: Explorer) -> list[Said]:
    return [*_simulated(e), *whole(e.half())]


def _cover(e: Explorer) -> list[Said]:
    if e.is_own():
        return _simulated(e)
    log, told, first = e.log(), e.load_data()["forecast"]["quantiles"], OPENING
    n, known = log.n_experiments, log.frontier[first]
    found = whole(log.kept[1:].sum(), n, log.crashed[1:].sum(), first, n - first, first)
    gain = known - log.frontier[-1]
    return [*found, *four(log.f0, known, log.frontier[-1], gain, *(row[-1] for row in told))]


def _conditions(e: Explorer) -> list[Said]:
    def fine(value: float, like: float | None = None) -> str:
        size = value if like is None else like
        return fixed(value, 1 if size >= 100 else 2 if size >= 1 else 3)

    gains, (tried, areas) = e.gains(), e.curve()
    sums, room = gains.sum(axis=1), e.conditions().room
    stated = float(arbook.expected_gain_area(Parameters(e.sigma0, e.gamma), e.n))
    found = whole((gains[:, -1] == room).sum(), len(gains), e.n, tried.size)
    found += [f"{e.sigma0:.3g}", fixed(e.crash_rate(), 3), *two(e.floor)]
    found += [*four(1 - gains[:, -1].mean()), fine(sums.mean()), fine(stated)]
    found += [fine(sem(sums), like=sums.mean())]
    return [*found, f"{tried[areas.argmax()]:.3g}", fine(areas.max())]


def _racing(e: Explorer) -> list[Said]:
    right, nights = e.record()
    even = e.even_runs(right)
    found = whole(e.choice().total, N_RACES, right, even, 8 * even)
    found += whole(N_RACES - 1, N_RACES) if right == N_RACES else []
    return [*found, fixed(nights, 1), *two(nights / (8 * even))]


#: For each explorer: its state -> numbers that its sentence says.
NUMBERS: dict[str, Callable[[Explorer], list[Said]]] = {
    "frontier": _frontier,
    "gain-area": _gain_area,
    "keep-probability": _keep_probability,
    "perturbation": _perturbation,
    "trade-off": _trade_off,
    "archive": _archive,
    "multi-agent": _multi_agent,
    "power": _power,
    "budget": _budget,
    "overfitting": _overfitting,
    "stopping": _stopping,
    "team": _team,
    "update-rule": _update_rule,
    "meta": _meta,
    "fit": _fit,
    "landscape": _landscape,
    "noise": _noise,
    "keep-rules": _keep_rules,
    "night": _night,
    "cover": _cover,
    "racing": _racing,
    "conditions": _conditions,
    "log": _log,
    "true-frontier": _true_frontier,
    "forecast": _forecast,
    "atlas": _atlas,
}

#: The right answers to the questions, at the start: an index, or the number as it is said.
TRUTHS: dict[str, Callable[[Explorer], int | str]] = {
    "frontier": lambda e: fixed(1 - arbook.expected_frontier(_of(e), e.n), 3),
    "gain-area": lambda e: fixed(
        np.divide(*(arbook.expected_gain_area(_of(e, x), e.n) for x in ("_first", "_second"))), 2
    ),
    "keep-probability": lambda e: 2,
    "perturbation": lambda e: fixed(arbook.half_life(_of(e)), 1),
    "trade-off": lambda e: 3,
    "archive": lambda e: fixed(e.gains(e.size).mean() / e.gains(1).mean(), 2),
    "multi-agent": lambda e: fixed(agents.speed_up(e.parameters(), e.k).per_round, 2),
    "power": lambda e: fixed(100 * programs.misranking_probability(e.difference, 1.0, e.n), 1),
    "budget": lambda e: fixed(_best_length(e)[1], 1),
    "overfitting": lambda e: fixed(_bent(e), 1),
    "stopping": lambda e: fixed(100 * _given_away(e), 1),
    "team": lambda e: fixed(agents.effective_agents(e.parameters(), e.k, e.correlation), 2),
    "update-rule": lambda e: 1,
    "meta": lambda e: 2,
    "fit": lambda e: 2,
    "landscape": lambda e: 0,
    "noise": lambda e: 2,
    "keep-rules": lambda e: 4,
    "night": lambda e: fixed(e.half()),
    "cover": lambda e: fixed(e.log().frontier[OPENING] - e.log().frontier[-1], 4),
    "racing": lambda e: fixed(e.record()[1]),
    "conditions": lambda e: 2,
    "log": lambda e: 2,
    "true-frontier": lambda e: 2,
    "forecast": lambda e: fixed(e._forecast()["truth"], 4),
    "atlas": lambda e: 2,
}
