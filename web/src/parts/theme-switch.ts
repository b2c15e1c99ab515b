import { define, make } from "./dom";
import { apply, chosen, keep, onChange, type Theme } from "./theming";

const THEMES: readonly (readonly [Theme, string])[] = [
  ["system", "as the system"],
  ["light", "light"],
  ["dark", "dark"],
];

/** `<theme-switch>`: empty as sent, since choosing needs a script. */
class ThemeSwitch extends HTMLElement {
  connectedCallback(): void {
    const options = THEMES.map(([value, text]) => make("option", { value }, text));
    const select = make("select", { id: "theme-choice" }, ...options);
    select.value = chosen();
    select.addEventListener("change", () => {
      const theme = THEMES.find(([value]) => value === select.value)?.[0] ?? "system";
      keep(theme);
      apply(theme);
    });
    onChange((theme) => {
      select.value = theme;
      apply(theme);
    });
    this.replaceChildren(make("label", { for: "theme-choice", class: "meta" }, "Colours"), select);
  }
}

define("theme-switch", ThemeSwitch);
