// The last state of a picture: it stays faintly behind what is drawn, on an axis that holds both, so that the eye
// sees what a control did.

/**
 * The ghost of some lines of a canvas.
 * @param {import("./canvas.js").Canvas} canvas
 * @param {ReturnType<typeof import("./marks.js").marksOn>} marks
 */
export function ghostOn(canvas, marks) {
  /** @typedef {{ xs: import("./marks.js").Values, ys: import("./marks.js").Values, how?: { step?: boolean } }} Drawn */
  /** @type {Map<string, Drawn | null>} */
  const now = new Map();
  /** @type {Map<string, Drawn>} */
  let past = new Map();
  /** @type {number[] | undefined} */
  let home;
  const { frame } = canvas, { line } = marks;
  return {
    /** Name the lines of which the last state stays. @param {string[]} names */
    ghosts(...names) { for (const name of names) now.set(name, null); },
    /** From here on what is drawn is past. */
    settle() {
      past = new Map();
      for (const [name, drawn] of now) if (drawn) past.set(name, drawn);
      if (past.size) canvas.held = [home ?? canvas.yRange, canvas.yRange];
    },
    /** Nothing is past. */
    forget() {
      past = new Map();
      home = undefined;
      canvas.held = [];
      for (const name of now.keys()) canvas.hide(`ghost ${name}`);
    },
    /** @type {typeof frame} */
    frame(options) {
      frame(options);
      for (const [name, { xs, ys, how }] of past) line(`ghost ${name}`, xs, ys, "arbook-line arbook-ghost", how);
      for (const name of now.keys()) now.set(name, null);
    },
    /** @type {typeof line} */
    line(name, xs, ys, className, how) {
      if (now.has(name)) {
        home ??= canvas.yRange;
        now.set(name, { xs: Array.from(xs), ys: Array.from(ys), how });
      }
      line(name, xs, ys, className, how);
    },
  };
}
