// The editor of a cell: CodeMirror with what Python needs, and no more.
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { EditorView, drawSelection, keymap } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";

/**
 * Put an editor into `parent`; `run` is called for Shift+Enter, `changed` with every new text.
 * @param {Element} parent
 * @param {string} code
 * @param {string} label
 * @param {{ run: () => void, changed: (code: string) => void }} calls
 */
export function makeEditor(parent, code, label, { run, changed }) {
  const enter = { run() { run(); return true; } };
  return new EditorView({
    parent,
    state: EditorState.create({
      doc: code,
      extensions: [
        history(), drawSelection(), indentUnit.of("    "), indentOnInput(), bracketMatching(), python(),
        syntaxHighlighting(classHighlighter),
        keymap.of([{ key: "Shift-Enter", ...enter }, { key: "Mod-Enter", ...enter }, indentWithTab]),
        keymap.of([...defaultKeymap, ...historyKeymap]),
        EditorView.contentAttributes.of({
          "aria-label": `${label}. Shift and Enter run it; Escape, then Tab leaves it.`, spellcheck: "false",
        }),
        EditorView.updateListener.of((update) => { if (update.docChanged) changed(update.state.doc.toString()); }),
      ],
    }),
  });
}
