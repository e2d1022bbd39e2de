// What pages and workers have beside the browser's own: third parties that come without types.
declare module "katex";
declare module "*.css";

/** Sphinx's search. */
declare var DOCUMENTATION_OPTIONS: { SHOW_SEARCH_SUMMARY: boolean } | undefined;
declare var Search: { makeSearchSummary(html: string, words: string[], anchor: string): Node | null } | undefined;

/** Pyodide, and what its worker has that a page has not. */
declare function importScripts(address: string): void;
declare function loadPyodide(options: { indexURL: string }): Promise<any>;

/** Between the files of this folder and live/. */
declare var define: (dependencies: string[], factory: Function) => void;
declare var arbookDefined: Function;
declare var arbookWidgets: { Manager: any, Widget: any, base: any };
