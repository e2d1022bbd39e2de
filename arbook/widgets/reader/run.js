// The run in a log: the twin of arbook.RunLog.

/** A run: row 0 the baseline, NaN where there is no metric. The fields and measures of arbook.RunLog. */
export class RunLog {
  /** @type {number[]} */
  value = [];
  /** @type {string[]} */
  status = [];
  /** @type {string[]} */
  description = [];
  /** @type {string[]} */
  commit = [];
  /** @type {number[]} */
  line = [];
  /** @type {number[]} */
  memory = [];
  /** @type {number[]} */
  restarts = [];
  /** @type {{ line: number, reason: string }[]} */
  issues = [];
  /** @type {string[]} */
  columns = [];
  metric = "";
  /** Names of the columns of the metric and of the decisions. */
  metricColumn = "";
  statusColumn = "";
  direction = "";
  unit = "";
  /** Whose decisions these are: "logged", "best" (those of the running best) or "none". */
  decisions = "logged";
  /** Standard deviation that the log states of each measurement. @type {number[]} */
  noise = [];
  /** What the metric can be at least and at most. @type {number[]} */
  bounds = [-Infinity, Infinity];
  /** What the log's file says in each row. @type {string[][]} */
  cells = [];
  /** Of each row, what the log was split by. @type {string[]} */
  group = [];

  constructor(fields) {
    Object.assign(this, fields);
    this.sign = this.direction === "min" ? 1 : -1;
    const best = this.value.map(() => NaN);
    let now = NaN;
    this.value.forEach((value, i) => {
      const isBetter = !(this.sign * value >= this.sign * now);
      if (this.status[i] === "keep" && !Number.isNaN(value) && isBetter) now = value;
      best[i] = now;
    });
    this.frontier = best;
  }
  get nExperiments() { return Math.max(this.value.length - 1, 0); }
  /** Changes against the incumbent; negative is better, whatever the direction. */
  get delta() { return this.value.slice(1).map((value, t) => this.sign * (value - this.frontier[t])); }
  /** The first metric that was kept. */
  get f0() { return this.value.find((value, i) => this.status[i] === "keep" && !Number.isNaN(value)) ?? NaN; }
  /** Row of the baseline: the first that was kept with a metric; else 0 if that was kept; else null. */
  get baseline() {
    const row = this.value.findIndex((value, i) => this.status[i] === "keep" && !Number.isNaN(value));
    return row >= 0 ? row : this.status[0] === "keep" ? 0 : null;
  }
  /** Status of each experiment: of every row but the baseline's. */
  get outcomes() {
    const { baseline, status } = this;
    if (baseline === null) return status;
    const before = status.slice(0, baseline).map((word) => (word === "keep" ? "other" : word));
    return [...before, ...status.slice(baseline + 1)];
  }
  get keeps() { return this.outcomes.filter((status) => status === "keep").length; }
  get keepRate() { return this.outcomes.length ? this.keeps / this.outcomes.length : NaN; }
  get crashes() { return this.status.filter((status) => status === "crash").length; }
  get gainArea() {
    const { f0 } = this;
    if (Number.isNaN(f0)) return NaN;
    return this.frontier.slice(1).reduce((sum, best) => sum + (Number.isNaN(best) ? 0 : this.sign * (f0 - best)), 0);
  }
  /** Steps of the frontier, { experiment, size }, the largest first. */
  get steps() {
    const steps = this.frontier.map((best, i) => {
      return { experiment: i, size: i ? Math.abs(best - this.frontier[i - 1]) : 0 };
    });
    return steps.filter(({ size }) => size > 0).sort((a, b) => b.size - a.size || a.experiment - b.experiment);
  }
  get gain() { return Math.abs(this.f0 - (this.frontier.at(-1) ?? NaN)); }
  get averageGain() { return this.nExperiments ? this.gainArea / this.nExperiments : NaN; }
  get shareOfThreeLargest() {
    const { steps } = this, sum = (some) => some.reduce((total, { size }) => total + size, 0);
    return steps.length ? sum(steps.slice(0, 3)) / sum(steps) : NaN;
  }
  /** The first row of each piece of the run that has a baseline of its own, and the row after the last. */
  get edges() { return [0, ...this.restarts, this.value.length]; }
  /** One of these pieces. */
  segment(i) { return this.restarts.length ? this.rows(this.edges[i], this.edges[i + 1]) : this; }
  /** The baseline and the first n experiments. */
  first(n) { return this.rows(0, n + 1); }
  rows(start, end) {
    const names = ["value", "status", "description", "commit", "line", "memory", "noise", "cells", "group"];
    const cut = Object.fromEntries(names.map((name) => [name, this[name].slice(start, end)]));
    return new RunLog({ ...this, ...cut, restarts: [] });
  }
}
