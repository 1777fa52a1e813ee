// <mantel-questions>: Y, N, F, H, E and U press the buttons of the question that is shown; U also the undo above it.

const BUSY = "input, textarea, select, [contenteditable]";

class MantelQuestions extends HTMLElement {
  connectedCallback() {
    this.press = (event) => this.pressed(event);
    document.addEventListener("keydown", this.press);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.press);
  }

  pressed(event) {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.repeat || event.target.closest(BUSY)) return;
    const act = this.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!act) return;
    event.preventDefault();
    act.click();
    if (act.matches("summary")) this.querySelector("details input, details select")?.focus();
  }
}

customElements.define("mantel-questions", MantelQuestions);
