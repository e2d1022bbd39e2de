// anywidget comes as an AMD module, define(dependencies, factory): keep the factory.
globalThis.define = (dependencies, factory) => { globalThis.arbookDefined = factory; };
