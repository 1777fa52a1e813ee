// <mantel-select>: the bar of what can be done with selected photos. It counts them, and adds what checkboxes alone cannot do:
// ranges with Shift, the keys x and Shift with an arrow, Escape to clear. Showing and hiding the bar is CSS's alone.

const boxes = () => [...document.querySelectorAll(".pick input")];
const boxOf = (tile) => tile?.closest(".cell")?.querySelector(".pick input");
const FORWARD = new Set(["ArrowRight", "ArrowDown"]);

class MantelSelect extends HTMLElement {
  connectedCallback() {
    this.last = null;
    this.form = this.querySelector("form");
    this.words = this.querySelector("[data-count]");
    this.said = this.querySelector(".select-said");
    this.heard = [
      ["change", (event) => event.target.closest(".pick") && this.count()],
      ["click", (event) => this.click(event)],
      ["keydown", (event) => this.press(event)],
      ["htmx:afterSwap", (event) => !this.contains(event.target) && this.count()],
    ];
    for (const [name, act] of this.heard) document.addEventListener(name, act, name === "keydown");
    this.form.addEventListener("reset", () => setTimeout(() => this.cleared()));
    this.count();
  }

  disconnectedCallback() {
    for (const [name, act] of this.heard) document.removeEventListener(name, act, name === "keydown");
  }

  get selected() {
    return boxes().filter((box) => box.checked);
  }

  count() {
    const many = this.selected.length;
    const words = many ? `${many.toLocaleString("en")} selected` : "";
    if (this.words.textContent !== words) this.words.textContent = words;
    document.documentElement.classList.toggle("has-selection", many > 0);
  }

  cleared() {
    this.said.replaceChildren();
    this.last = null;
    this.count();
  }

  // A click on a checkbox; with Shift everything from the last one to this. While photos are selected, a click on one selects it.
  click(event) {
    const pick = event.target.closest(".pick");
    const tile = event.target.closest(".cell .tile");
    if (pick && event.target.matches("input")) this.reached(event.target, event.shiftKey);
    else if (pick && event.shiftKey) event.preventDefault(), this.flip(pick.querySelector("input"), true);
    else if (tile && event.detail > 0 && this.choosing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      this.flip(boxOf(tile), event.shiftKey);
    }
  }

  get choosing() {
    return this.selected.length > 0 || document.querySelector(".choosing-mode:checked") !== null;
  }

  flip(box, ranged) {
    box.checked = !box.checked;
    this.reached(box, ranged);
  }

  reached(box, ranged) {
    const all = boxes();
    const from = all.indexOf(this.last);
    const to = all.indexOf(box);
    if (ranged && from >= 0) {
      for (const one of all.slice(Math.min(from, to), Math.max(from, to) + 1)) one.checked = box.checked;
    }
    this.last = box;
    this.count();
  }

  press(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("input:not([type=checkbox]), textarea, select")) return;
    const box = boxOf(event.target);
    if (event.key === "Escape" && this.selected.length && !document.querySelector("mantel-more details[open]")) {
      event.preventDefault();
      this.form.reset();
    } else if (box && event.key === "x" && !event.shiftKey) {
      event.preventDefault();
      this.flip(box, false);
    } else if (box && event.shiftKey && event.key.startsWith("Arrow")) {
      event.preventDefault();
      this.extend(event.target.closest(".cell"), FORWARD.has(event.key) ? 1 : -1);
    }
  }

  // Shift with an arrow selects where one is and goes on to the next, which is selected as well.
  extend(cell, step) {
    const cells = [...document.querySelectorAll(".cell")];
    const next = cells[cells.indexOf(cell) + step];
    for (const one of [cell, next]) if (one) this.last = Object.assign(one.querySelector(".pick input"), { checked: true });
    next?.querySelector(".tile").focus();
    next?.scrollIntoView({ block: "nearest" });
    this.count();
  }
}

customElements.define("mantel-select", MantelSelect);
