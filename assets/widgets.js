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

const modules = {
  "@jupyter-widgets/base": base,
  "@jupyter-widgets/controls": controls,
  anywidget: globalThis.arbookDefined(base),
};

class Manager extends ManagerBase {
  async loadClass(className, moduleName) {
    const found = modules[moduleName]?.[className];
    if (!found) throw new Error(`no ${className} in ${moduleName}`);
    return found;
  }
  async _get_comm_info() { return {}; }
  async _create_comm() { return { on_close() {}, on_msg() {}, send() {}, close() {} }; }
}

globalThis.arbookWidgets = { Manager, Widget, base }; // for live/kernel.js

const all = (type) => [...document.querySelectorAll(`script[type="application/vnd.jupyter.widget-${type}+json"]`)];

async function show(manager, models, script) {
  const id = JSON.parse(script.textContent).model_id, model = models.find((m) => m.model_id === id);
  if (!model) return;
  const host = document.createElement("div");
  host.className = "widget-subarea";
  script.before(host);
  try {
    const view = await manager.create_view(model);
    if (view.model !== model) throw new Error("no view for " + id); // ipywidgets puts an error's text there
    Widget.attach(view.luminoWidget, host);
  } catch (error) {
    host.remove();
    console.error(error);
  }
}

async function main() {
  for (const script of all("state")) {
    const manager = new Manager(), models = await manager.set_state(JSON.parse(script.textContent));
    await Promise.all(all("view").map((view) => show(manager, models, view)));
  }
}

document.readyState === "loading" ? addEventListener("DOMContentLoaded", main) : main();
