// ipywidgets controls inside our panel, with what they lack: names for a screen reader, values
// with units, values on the grid of the slider, and a readout that says exactly what is computed.
import { rounded } from "./numbers.js";

/** A value without the noise of binary fractions: 0.30000000000000004 is 0.3, -5.55e-17 is 0. */
export function tidy(value) {
  return typeof value === "number" && !Number.isInteger(value) ? Number(value.toFixed(12)) || 0 : value;
}

/**
 * Show the control widget `reference` ("IPY_MODEL_...") in `slot`. Resolves to its view.
 * `spec` is { name, symbol, words, unit }.
 */
export async function hostControl(manager, reference, slot, spec, signal) {
  const control = await manager.get_model(reference.replace("IPY_MODEL_", ""));
  const start = control.get("value"), view = await manager.create_view(control);
  slot.append(view.el);
  view.trigger("displayed"); // Lumino would say so; it did not attach this element
  signal?.addEventListener("abort", () => view.remove());
  if (view.$slider?.noUiSlider) mendSlider(view, control, spec);
  if (control.get("value") !== start) { // noUiSlider moved it to the nearest step
    control.set("value", start);
    control.save_changes();
  }
  return view;
}

function mendSlider(view, control, spec) {
  const slider = view.$slider.noUiSlider, log = control.get("base") !== undefined;
  const handle = view.el.querySelector(".noUi-handle"), name = `${spec.symbol} ${spec.words}`.trim();
  const label = view.el.querySelector(".widget-label");
  if (label) {
    label.removeAttribute("title");
    label.replaceChildren(Object.assign(document.createElement("b"), { textContent: spec.symbol }), ` ${spec.words}`);
  }
  view.el.classList.toggle("arbook-log", log);
  handle.setAttribute("aria-label", name);
  view.readout.setAttribute("role", "textbox");
  view.readout.setAttribute("aria-label", `${name}, value`);
  view.readout.setAttribute("inputmode", "decimal");
  view.readout.tabIndex = 0;
  if (spec.unit) {
    const unit = Object.assign(document.createElement("span"), { className: "arbook-unit", textContent: spec.unit });
    view.readout.after(unit);
  }
  const speak = () => {
    const value = view.valueToString(control.get("value")).replace("-", "−");
    handle.setAttribute("aria-valuetext", spec.unit ? `${value} ${spec.unit}` : value);
  };

  // A value that comes from elsewhere (a preset, a link, Python) is shown as it is; noUiSlider would
  // move it to the nearest step and write that back.
  let fromElsewhere = false;
  const set = slider.set, moved = view.handleSliderUpdateEvent;
  slider.set = (value) => { fromElsewhere = true; try { set(value, false, true); } finally { fromElsewhere = false; } };
  view.handleSliderUpdateEvent = (values, index) => {
    if (fromElsewhere) view.readout.textContent = view.valueToString(control.get("value"));
    else moved.call(view, values, index);
  };
  // A value that the reader sets is a round number: three digits on a logarithmic scale.
  const whole = control.get("_view_name") === "IntSliderView";
  const round = (x) => (log ? Math.log10(rounded(10 ** x)) : whole ? Math.round(x) : tidy(x));
  view._validate_slide_value = round;
  if (log) {
    view.handleSliderChanged = (values) => {
      control.set("value", rounded(10 ** values[0]), { updated_view: view });
      view.touch();
    };
  }
  slider.on("update.arbook", speak);
  speak();
}
