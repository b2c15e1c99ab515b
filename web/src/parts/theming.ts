/** Which colours a reader has chosen: `system` where none. */
export type Theme = "system" | "light" | "dark";

const KEY = "therascape-theme";

/** What was chosen here before; storage may be forbidden, or hold anything. */
export function chosen(): Theme {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === "light" || kept === "dark" ? kept : "system";
  } catch {
    return "system";
  }
}

/** Keep what was chosen, as far as that is possible. */
export function keep(theme: Theme): void {
  try {
    if (theme === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // It holds for this page then.
  }
}

/** Show the page so. */
export function apply(theme: Theme): void {
  const root = document.documentElement;
  if (theme === "system") delete root.dataset["theme"];
  else root.dataset["theme"] = theme;
}

/** Call back when another tab chose differently. */
export function onChange(call: (theme: Theme) => void): void {
  addEventListener("storage", (event) => {
    if (event.key === KEY) call(chosen());
  });
}
