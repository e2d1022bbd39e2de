// Values on their way to those of a preset, so that the eye can follow.
import { isStill } from "./elements.js";

const TAKES = 450; // milliseconds
const LATE = 200; // between two frames: a picture that takes so long is drawn once, at the end

/** Whether a value goes by ratios: from 0.001 to 0.1 over 0.01. */
const byRatio = (/** @type {number} */ a, /** @type {number} */ b) => a * b > 0 && Math.max(a / b, b / a) > 3;

/**
 * Lead values to others: `show` is given those on the way, and the last ones as they are. What is chosen, such as one
 * of three landscapes, has no way: then all values are there at once.
 * @param {{ name: string, low: number, high: number, whole: boolean }[]} parameters
 * @param {{ show: (values: Record<string, number>) => void, moving: (is: boolean) => void }} calls
 */
export function makeEasing(parameters, { show, moving }) {
  let frame = 0, end = () => {};
  const few = parameters.filter((p) => p.whole && p.high - p.low < 20).map((p) => p.name);
  const whole = parameters.filter((p) => p.whole).map((p) => p.name);
  return {
    /** @type {(from: Record<string, number>, to: Record<string, number>) => void} */
    lead(from, to) {
      end();
      const names = Object.keys(to).filter((name) => from[name] !== to[name]);
      if (!names.length || isStill() || names.some((name) => few.includes(name))) return show(to);
      const began = performance.now();
      let before = began;
      end = () => { cancelAnimationFrame(frame); end = () => {}; show(to); moving(false); };
      const go = (/** @type {number} */ now) => {
        const share = Math.min(Math.max((now - began) / TAKES, 0), 1), part = 1 - (1 - share) ** 3;
        if (share === 1 || now - before > LATE) return end();
        before = now;
        const between = names.map((name) => {
          const a = from[name], b = to[name], value = byRatio(a, b) ? a * (b / a) ** part : a + (b - a) * part;
          return [name, whole.includes(name) ? Math.round(value) : value];
        });
        show({ ...to, ...Object.fromEntries(between) });
        frame = requestAnimationFrame(go);
      };
      moving(true);
      frame = requestAnimationFrame(go);
    },
    /** Be there. */
    finish() { end(); },
  };
}
