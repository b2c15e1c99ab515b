import { make } from "../dom";
import type { NetworkData, Thing } from "./model";

export interface Actions {
  choose(thing: Thing): void;
  unfold(thing: Thing): void;
  pin(thing: Thing): void;
}

/** The things of a network as a list: all that the drawing can do, for whoever does not see it. */
export function list(
  data: NetworkData,
  chosen: string,
  unfolded: string[],
  to: Actions,
): HTMLElement {
  const items = [...data.nodes]
    .sort((one, other) => one.label.localeCompare(other.label))
    .map((thing) => item(thing, thing.id === chosen, unfolded.includes(thing.id), to));
  return make("ul", { class: "things", "aria-label": "Things of the network" }, ...items);
}

function item(thing: Thing, chosen: boolean, unfolded: boolean, to: Actions): HTMLElement {
  const name = make("button", { type: "button", class: "link", "data-thing": thing.id });
  name.append(make("bdi", {}, thing.label));
  if (chosen) name.setAttribute("aria-current", "true");
  name.addEventListener("click", () => to.choose(thing));
  const row = make("li", {}, name, make("span", { class: "meta" }, thing.what));
  if (thing.unfolds || unfolded) {
    const words = unfolded ? "fold" : `+${thing.more}`;
    row.append(
      action(words, `${unfolded ? "Fold" : "Unfold"} ${thing.label}`, () => to.unfold(thing)),
    );
  }
  row.append(
    action(
      thing.pinned ? "unpin" : "pin",
      `${thing.pinned ? "Let go of" : "Pin"} ${thing.label}`,
      () => to.pin(thing),
    ),
  );
  if (thing.page) {
    row.append(
      make(
        "a",
        { href: thing.page },
        "page",
        make("span", { class: "hidden" }, ` of ${thing.label}`),
      ),
    );
  }
  return row;
}

function action(words: string, label: string, does: () => void): HTMLElement {
  const name = `${words}: ${label}`;
  const button = make("button", { type: "button", class: "link", "aria-label": name }, words);
  button.addEventListener("click", does);
  return button;
}
