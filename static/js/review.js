// <mantel-review>: arrows go from caption to caption; A, H, L, E and U press the buttons of the one that has the focus.

const STEP = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };
const BUSY = "input, textarea, select, [contenteditable]";

class MantelReview extends HTMLElement {
  connectedCallback() {
    this.press = (event) => this.pressed(event);
    document.addEventListener("keydown", this.press);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.press);
  }

  pressed(event) {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.target.closest(BUSY)) return;
    const items = [...this.querySelectorAll(".review-item")];
    const here = event.target.closest(".review-item");
    if (event.key in STEP && (here || event.target === document.body)) {
      event.preventDefault();
      go(items[items.indexOf(here) + (here ? STEP[event.key] : 1)]);
      return;
    }
    const act = here && this.contains(here) && here.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!act) return;
    event.preventDefault();
    // the item gets the focus first: it has the same id after the swap, so that htmx gives it back
    here.focus();
    act.click();
    if (act.matches("summary")) here.querySelector("textarea")?.focus();
    else if (act.dataset.key !== "u") go(items[items.indexOf(here) + 1]);
  }
}

function go(item) {
  item?.focus({ preventScroll: true });
  item?.scrollIntoView({ block: "nearest" });
}

customElements.define("mantel-review", MantelReview);
