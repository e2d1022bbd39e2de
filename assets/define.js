// anywidget comes as an AMD module, define(dependencies, factory): keep the factory.
/** @type {(dependencies: string[], factory: Function) => void} */
globalThis.define = (_dependencies, factory) => { globalThis.arbookDefined = factory; };
