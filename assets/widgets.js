// The widget manager of the published page: ipywidgets' base and controls and anywidget, in one
// file, without require.js, a CDN or a kernel. It reads the state that the build left in the page
// and puts each view in its place. What cannot be drawn is left out: the still picture stays.
import "./define.js";
import "anywidget";
import * as base from "@jupyter-widgets/base";
import * as controls from "@jupyter-widgets/controls";
import { ManagerBase } from "@jupyter-widgets/base-manager";
import { Widget } from "@lumino/widgets";
import "@jupyter-widgets/controls/css/labvariables.css";
import "@jupyter-widgets/controls/css/widgets-base.css";

/** @type {Record<string, Record<string, any>>} */
const modules = {
  "@jupyter-widgets/base": base,
  "@jupyter-widgets/controls": controls,
  anywidget: globalThis.arbookDefined(base),
};

class Manager extends ManagerBase {
  /** @type {(className: string, moduleName: string) => Promise<any>} */
  async loadClass(className, moduleName) {
    const found = modules[moduleName]?.[className];
    if (!found) throw new Error(`no ${className} in ${moduleName}`);
    return found;
  }
  async _get_comm_info() { return {}; }
  async _create_comm() {
    const nothing = () => "";
    return { comm_id: "", target_name: "", on_close() {}, on_msg() {}, open: nothing, send: nothing, close: nothing };
  }
}

globalThis.arbookWidgets = { Manager, Widget, base }; // for live/kernel.js

/** @type {(type: string) => Element[]} */
const all = (type) => [...document.querySelectorAll(`script[type="application/vnd.jupyter.widget-${type}+json"]`)];

/**
 * A page has each module of its explorers once, by name; an explorer says which it is joined from (ext/explorers.py).
 * @param {{ parts: Record<string, string>, state: Record<string, { state: Record<string, any> }> }} page
 */
function joined({ parts, ...saved }) {
  for (const { state } of Object.values(saved.state)) {
    for (const text of ["_esm", "_css"]) {
      if (Array.isArray(state[text])) state[text] = state[text].map((name) => parts[name]).join("\n");
    }
  }
  return /** @type {any} */ (saved);
}

/** @type {(manager: Manager, models: base.WidgetModel[], script: Element) => Promise<void>} */
async function show(manager, models, script) {
  const id = JSON.parse(script.textContent ?? "").model_id, model = models.find((m) => m.model_id === id);
  if (!model) return;
  const host = document.createElement("div");
  host.className = "widget-subarea";
  script.before(host);
  try {
    const view = await manager.create_view(model);
    if (view.model !== model) throw new Error(`no view for ${id}`); // ipywidgets puts an error's text there
    Widget.attach(view.luminoWidget, host);
  } catch (error) {
    host.remove();
    console.error(error);
  }
}

async function main() {
  for (const script of all("state")) {
    const manager = new Manager(), models = await manager.set_state(joined(JSON.parse(script.textContent ?? "")));
    await Promise.all(all("view").map((view) => show(manager, models, view)));
  }
}

if (document.readyState === "loading") addEventListener("DOMContentLoaded", main);
else main();
