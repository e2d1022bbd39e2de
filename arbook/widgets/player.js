// Play, pause, step and speed of what happens in time.
import { element, isStill, pushButton } from "./elements.js";

const SPEEDS = [1, 2, 4, 0.5];
const LEAPS = 8, LEAP = 1000; // who wants nothing to move sees so many pictures, one after so many milliseconds

/**
 * A player. `at()` is where time is, null where all of it is shown; it goes from `first` to `last()`;
 * `go(t)` goes there, and `go(null)` shows all; the whole of it takes `seconds`.
 * @param {Element} row
 * @param {{ at: () => number | null, last: () => number, go: (t: number | null) => void, begin: () => void,
 *   first?: number, seconds?: number, smooth?: boolean, leads?: boolean, waits?: () => boolean }} time
 */
export function makePlayer(row, time) {
  const { at, last, go, begin, first = 0, seconds = 8, smooth = false, leads = false, waits = () => false } = time;
  let speed = 0, frame = 0, place = 0, played = false;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let leaps;
  const play = pushButton(row, "Play", () => player.toggle());
  const next = pushButton(row, "Step", () => player.step(1));
  const fast = pushButton(row, "Speed ×1", () => {
    speed = (speed + 1) % SPEEDS.length;
    fast.textContent = `Speed ×${SPEEDS[speed] === 0.5 ? "½" : SPEEDS[speed]}`;
  });
  for (const [name, button] of Object.entries({ play, step: next, speed: fast })) button.dataset.do = name;
  play.classList.toggle("arbook-primary", leads);

  const show = (/** @type {number} */ t) => {
    place = t;
    played = true;
    play.classList.remove("arbook-primary");
    if (t >= last()) { pause(); go(smooth ? null : last()); } else go(smooth ? t : Math.floor(t));
  };
  function pause() {
    cancelAnimationFrame(frame);
    clearInterval(leaps);
    frame = 0;
    leaps = undefined;
    player.name();
  }
  const player = {
    /** Whether it plays. */
    get plays() { return Boolean(frame || leaps); },
    pause,
    toggle() {
      if (player.plays) return pause();
      begin();
      const now = at();
      place = now === null || now >= last() || (leads && !played) ? first : now;
      show(place);
      if (isStill()) leaps = setInterval(() => show(place + (SPEEDS[speed] * last()) / LEAPS), LEAP);
      else {
        let before = performance.now();
        const run = (/** @type {number} */ now) => {
          if (!row.isConnected) return pause();
          frame = requestAnimationFrame(run);
          const passed = Math.min(Math.max(now - before, 0), 250) / 1000; // a page in the background waits
          before = now;
          show(place + (passed * SPEEDS[speed] * last()) / seconds);
        };
        frame = requestAnimationFrame(run);
      }
      player.name();
    },
    /** One experiment further, or back. */
    step(/** @type {number} */ by) {
      pause();
      if (waits()) return;
      begin();
      const now = at() ?? (by > 0 ? first : last());
      show(Math.min(Math.max(Math.floor(now) + by, first), last()));
      player.name();
    },
    /** The words of its buttons: after the end it begins again. */
    name() {
      const now = at();
      next.setAttribute("aria-disabled", String(now !== null && now >= last()));
      play.textContent = player.plays ? "Pause" : now !== null && now >= last() ? "Again" : "Play";
    },
  };
  return player;
}

/** The row of a player below a picture. */
export function playerRow(/** @type {Element} */ below) {
  const row = element("div", "arbook-player");
  row.setAttribute("role", "group");
  row.setAttribute("aria-label", "Time");
  below.append(row);
  return row;
}
