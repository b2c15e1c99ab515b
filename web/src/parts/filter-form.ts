import { define } from "./dom";

const WRITTEN = "input:not([type=hidden], [type=checkbox], [type=radio])";

/** `<filter-form>` around a form: choosing applies, so that its button is needed no more.
 *
 * Fields that say nothing are left out of the address, so that it can be read and shared. The button
 * stays in a form with fields of text, each of which a reader ends by pressing it or Enter.
 */
class FilterForm extends HTMLElement {
  connectedCallback(): void {
    const form = this.querySelector("form");
    if (!form) return;
    const written = form.querySelector(WRITTEN);
    const button = form.querySelector<HTMLButtonElement>("button[type=submit], button:not([type])");
    if (button && !written) button.hidden = true;
    form.addEventListener("change", (event) => {
      // Else whoever goes on from one such field to the next would be taken away from it.
      if (event.target instanceof Element && event.target.matches(WRITTEN)) return;
      form.requestSubmit();
    });
    form.addEventListener("formdata", ({ formData }) => {
      for (const [name, value] of [...formData.entries()]) {
        if (value === "") formData.delete(name);
      }
    });
  }
}

define("filter-form", FilterForm);
