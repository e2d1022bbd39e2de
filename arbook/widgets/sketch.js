// A guess that is drawn: the rest of a frontier, by mouse or finger. Its end is the number in the field; a number that
// is written there is drawn as a line to it.

/** The drawing on `chart`, for a question about how far below `f0` a frontier ends. */
export function makeSketch(chart, panel, f0 = 1) {
  /** @type {number[]} */
  let ys = []; // by experiment, where it was drawn
  let from = 0, to = 0, start = f0, open = false, written = NaN;
  chart.onPoint((x, y) => {
    if (!open) return;
    const t = Math.round(x), before = ys.findLastIndex((v, i) => v !== undefined && i < t);
    if (t <= from) return;
    const [at, level] = before > from ? [before, ys[before]] : [from, start];
    const reached = Math.min(y, level); // a frontier never rises
    ys.length = at + 1;
    for (let i = at + 1; i <= t; i++) ys[i] = level + ((reached - level) * (i - at)) / (t - at);
    const end = f0 - ys[t];
    panel.fill(end);
    written = panel.state().offer;
    panel.redraw();
  });
  const line = () => {
    const xs = [from], values = [start];
    for (let t = from + 1; t <= to; t++) {
      if (ys[t] === undefined) continue;
      xs.push(t);
      values.push(ys[t]);
    }
    if (xs.at(-1) !== to) { xs.push(to); values.push(values.at(-1) ?? start); }
    const end = Math.max(values.at(-1) ?? start, chart.yRange[0]); // a guess may lie below the picture
    chart.line("sketch", xs, values, "arbook-line arbook-ink arbook-dashed", { cut: true });
    chart.dots("guess", [to], [end], "arbook-dot arbook-guess-dot", 5);
    chart.text("guess words", to, end, "your guess", "arbook-label", { anchor: "end", dx: -10, dy: 18 });
  };
  return {
    /** What is drawn so far, from the experiment after which the run is hidden. */
    show(state, shown, level) {
      Object.assign(chart.svg.dataset, { draws: "" });
      if (!open) ys = [];
      [open, from, to, start] = [true, shown, state.n, level];
      if (state.offer !== written) {
        written = state.offer;
        ys = [];
        if (written) ys[to] = f0 - written;
      }
      if (ys.length) line();
      else chart.hide("sketch", "guess", "guess words");
    },
    /** The guess beside the truth, from where the line was hidden, or would have been. */
    keep(guess, n, shown = from, level = start) {
      [from, start] = [shown, level];
      open = false;
      delete chart.svg.dataset.draws;
      chart.hide("sketch", "guess", "guess words");
      if (!guess) { ys = []; return; }
      if (ys[n] === undefined || Math.abs(f0 - ys[n] - guess.value) > 5e-4) ys[n] = f0 - guess.value;
      line();
    },
  };
}
