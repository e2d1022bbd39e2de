// What a pointer does on a picture. A mouse acts at once. A finger acts when it taps, or when it moves sideways: a
// swipe up or down scrolls the page and does nothing here. A grip, which is seen, follows a finger wherever that goes.

const NEAR = 26; // pixels from a grip at which it is taken
const STILL = 8; // pixels that a finger moves at a tap

/** @typedef {(x: number, y: number) => void} Move */

/**
 * Points and grips of a canvas.
 * @param {import("./canvas.js").Canvas} canvas
 * @param {ReturnType<typeof import("./marks.js").marksOn>} marks
 */
export function pointingOn(canvas, marks) {
  const { svg, frame } = canvas;
  /** @type {Map<string, { x: number, y: number, move: Move }>} */
  const grips = new Map();
  /** @type {Set<string>} */
  const made = new Set();
  /** @type {Move | undefined} */
  let anywhere;
  /** @type {{ id: number, from: number[], act: () => Move | undefined, began: boolean, tap: boolean } | null} */
  let held = null;

  const place = (/** @type {{ clientX: number, clientY: number }} */ event) => {
    const box = svg.getBoundingClientRect();
    return [(event.clientX - box.left) / canvas.scale, (event.clientY - box.top) / canvas.scale];
  };
  const tell = (/** @type {number[]} */ [x, y]) => {
    const { left, right, top, bottom } = canvas.box;
    const across = Math.min(Math.max(x, left), right), down = Math.min(Math.max(y, top), bottom);
    held?.act()?.(canvas.xInverse(across), canvas.yInverse(down));
  };
  const taken = (/** @type {number[]} */ [x, y]) => {
    /** @type {(grip: { x: number, y: number }) => number} */
    const far = (grip) => Math.hypot(canvas.x(grip.x) - x, canvas.y(grip.y) - y);
    const [nearest] = [...grips].sort(([, a], [, b]) => far(a) - far(b));
    return nearest && far(nearest[1]) <= NEAR ? nearest[0] : null;
  };
  svg.addEventListener("touchstart", (event) => { // a finger on a grip drags it, and the page stays
    if (taken(place(event.changedTouches[0])) !== null) event.preventDefault();
  }, { passive: false });
  svg.addEventListener("pointerdown", (event) => {
    if (held || event.button > 0) return;
    const at = place(event), name = taken(at);
    if (name === null && !anywhere) return;
    const act = () => (name === null ? anywhere : grips.get(name)?.move);
    const tap = event.pointerType === "touch" && name === null;
    held = { id: event.pointerId, from: at, act, began: !tap, tap };
    svg.setPointerCapture(event.pointerId);
    if (name === null && !tap) tell(at);
  });
  svg.addEventListener("pointermove", (event) => {
    if (held?.id !== event.pointerId) return;
    const at = place(event), across = Math.abs(at[0] - held.from[0]), down = Math.abs(at[1] - held.from[1]);
    if (across > STILL && across > down) held.began = true;
    if (across > STILL || down > STILL) held.tap = false;
    if (held.began) tell(at);
  });
  svg.addEventListener("pointerup", (event) => {
    if (held?.id !== event.pointerId) return;
    if (held.tap) tell(place(event));
    held = null;
  });
  svg.addEventListener("pointercancel", (event) => { if (held?.id === event.pointerId) held = null; });

  return {
    /**
     * Call `move(x, y)` in data units where a mouse is pressed, or a finger taps or moves sideways.
     * @param {Move} move
     */
    onPoint(move) {
      anywhere = move;
      svg.classList.add("arbook-pointable");
    },
    /**
     * A point to drag; what it moves has a slider, or a field, for those who do not drag.
     * @type {(name: string, x: number, y: number, move: Move, className?: string) => void}
     */
    grip(name, x, y, move, className = "arbook-second") {
      grips.set(name, { x, y, move });
      made.add(name);
      marks.dots(`handle ${name}`, [x], [y], `arbook-dot arbook-handle ${className}`, 6.5);
      marks.dots(`grip ${name}`, [x], [y], "arbook-grip", 22);
    },
    /** @type {typeof frame} */
    frame(options) {
      frame(options);
      grips.clear();
      for (const name of made) canvas.hide(`handle ${name}`, `grip ${name}`);
    },
  };
}
