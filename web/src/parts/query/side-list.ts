import { define, make } from "../dom";

let number = 0;

/** `<side-list data-label="Search the schema">` around a list: a field that narrows it. */
class SideList extends HTMLElement {
  connectedCallback(): void {
    if (this.querySelector("input")) return;
    number += 1;
    const id = `side-list-${number}`;
    const label = make("label", { for: id, class: "hidden" }, this.dataset["label"] ?? "Search");
    const input = make("input", {
      id,
      type: "search",
      placeholder: this.dataset["label"] ?? "",
    });
    const told = make("p", { class: "meta", role: "status" });
    const items = [...this.querySelectorAll("li")];
    input.addEventListener("input", () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      let left = 0;
      for (const item of items) {
        const text = `${item.textContent} ${item.querySelector("a")?.title ?? ""}`.toLowerCase();
        item.hidden = !words.every((word) => text.includes(word));
        if (!item.hidden) left += 1;
      }
      told.textContent = words.length ? `${left} of ${items.length}` : "";
    });
    this.prepend(label, input, told);
  }
}

define("side-list", SideList);
