import { EditorView } from "@codemirror/view";

/** Text that is written over a selection, put in by the editor and not by the browser.
 *
 * Chromium gives such text the style of what it replaces, in a style attribute, which the policy of
 * the page forbids: it refuses it and complains.
 */
export const overSelection = EditorView.domEventHandlers({
  beforeinput: (event, view) => {
    const { from, to, empty } = view.state.selection.main;
    const text = event.inputType === "insertText" ? event.data : null;
    if (text === null || empty || view.composing || view.state.readOnly) return false;
    const put = () =>
      view.state.update(view.state.replaceSelection(text), {
        scrollIntoView: true,
        userEvent: "input.type",
      });
    event.preventDefault();
    // What closes brackets, among others, may have it otherwise.
    const handlers = view.state.facet(EditorView.inputHandler);
    if (!handlers.some((handle) => handle(view, from, to, text, put))) view.dispatch(put());
    return true;
  },
});
