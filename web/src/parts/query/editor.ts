// CodeMirror, set up for queries. Only the query page loads this, and only once it is shown.
import {
  acceptCompletion,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import {
  bracketMatching,
  codeFolding,
  foldEffect,
  foldKeymap,
  HighlightStyle,
  syntaxHighlighting,
} from "@codemirror/language";
import { forceLinting, lintKeymap, linter } from "@codemirror/lint";
import { EditorState, Prec, StateEffect } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { sparql } from "codemirror-lang-sparql";
import { names, things } from "./completion";
import { type Fault, hints, placeOf } from "./hints";
import { overSelection } from "./over-selection";
import { type Asking } from "./schema";
import { theme } from "./theme";
import { tokens } from "./tokens";

/** What the element around the editor gives it. */
export interface Setting {
  root: ShadowRoot;
  text: string;
  label: string;
  asking: Asking;
  base: string;
  changed: (text: string) => void;
  run: () => void;
}

export interface Editor {
  text: string;
  /** Show what the service said is wrong; null where nothing is. */
  fault: (fault: Fault | null) => void;
  focus: () => void;
}

/** What the service said of the text is other than before. */
const said = StateEffect.define();

const LEAST_FOLDED = 2; // declarations that take less room are shown

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--therapy-type)", fontWeight: "500" },
  { tag: tags.variableName, color: "var(--company)" },
  { tag: [tags.string, tags.url], color: "var(--region)" },
  { tag: [tags.integer, tags.float, tags.bool], color: "var(--indication)" },
  { tag: tags.comment, color: "var(--ink2)" },
]);

export function edit(setting: Setting): Editor {
  let fault: Fault | null = null;
  const view = new EditorView({
    root: setting.root,
    parent: setting.root,
    state: EditorState.create({
      doc: setting.text,
      extensions: [
        lineNumbers(),
        highlightActiveLineGutter(),
        highlightSpecialChars(),
        highlightActiveLine(),
        history(),
        drawSelection(),
        bracketMatching(),
        closeBrackets(),
        overSelection,
        sparql(),
        syntaxHighlighting(colours),
        codeFolding({
          preparePlaceholder: (state, range) => folded(state.sliceDoc(range.from, range.to)),
          placeholderDOM: (_, unfold, prepared: string) => placeholder(prepared, unfold),
        }),
        autocompletion({
          override: [names(setting.asking), things(setting.asking, setting.base)],
          icons: false,
          maxRenderedOptions: 10, // all of them are seen: a list that scrolls takes no focus
        }),
        linter(
          async (shown) => {
            const text = shown.state.doc.toString();
            const found = hints(text, await setting.asking.schema());
            if (!fault) return found;
            const { message } = fault;
            return [{ ...placeOf(text, fault), severity: "error", message }, ...found];
          },
          {
            needsRefresh: ({ transactions }) =>
              transactions.some(({ effects }) => effects.some((effect) => effect.is(said))),
          },
        ),
        Prec.highest(
          keymap.of([
            { key: "Mod-Enter", run: () => (setting.run(), true) },
            // Tab takes what is offered, and else leaves the editor as it leaves any field.
            { key: "Tab", run: acceptCompletion },
          ]),
        ),
        keymap.of([
          ...closeBracketsKeymap,
          ...completionKeymap,
          ...foldKeymap,
          ...historyKeymap,
          ...lintKeymap,
          ...defaultKeymap,
        ]),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({
          "aria-label": setting.label,
          autocapitalize: "off",
          spellcheck: "false",
        }),
        EditorView.updateListener.of((update) => {
          if (!update.docChanged) return;
          fault = null;
          setting.changed(update.state.doc.toString());
        }),
        theme,
      ],
    }),
  });
  fold(view);
  return {
    get text(): string {
      return view.state.doc.toString();
    },
    set text(text: string) {
      view.dispatch({
        changes: { from: 0, to: view.state.doc.length, insert: text },
      });
      fold(view);
    },
    fault: (found) => {
      fault = found;
      view.dispatch({ effects: said.of(null) });
      forceLinting(view);
      if (!found) return;
      const { from } = placeOf(view.state.doc.toString(), found);
      view.dispatch({ selection: { anchor: from }, scrollIntoView: true });
    },
    focus: () => view.focus(),
  };
}

/** Fold the declarations at the beginning: a reader wants the question. */
function fold(view: EditorView): void {
  const found = tokens(view.state.doc.toString());
  let last = 0;
  let number = 0;
  for (const [at, token] of found.entries()) {
    if (token.kind === "space" || token.kind === "name" || token.kind === "comment") continue;
    if (/^(PREFIX|BASE)$/i.test(token.text)) number += 1;
    else if (token.kind === "iri" && number) last = token.from + token.text.length;
    else if (at >= 0) break;
  }
  const from = found.find((token) => /^(PREFIX|BASE)$/i.test(token.text))?.from ?? 0;
  if (number >= LEAST_FOLDED && last > from) {
    view.dispatch({ effects: foldEffect.of({ from, to: last }) });
  }
}

function folded(text: string): string {
  const number = tokens(text).filter((token) => /^(PREFIX|BASE)$/i.test(token.text)).length;
  return number ? `${number} prefixes` : "…";
}

function placeholder(text: string, unfold: (event: Event) => void): HTMLElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "cm-foldPlaceholder";
  button.textContent = text;
  button.title = "Unfold";
  button.addEventListener("click", unfold);
  return button;
}
