// <mantel-text>: the words in a picture can be selected where they stand, and copied all at once. Without it the list of lines stays.
// "t" turns selecting on and off, Escape turns it off.

const typing = (target) => target.closest("input, textarea, select, video, [contenteditable]");

class MantelText extends HTMLElement {
  connectedCallback() {
    this.hidden = false;
    this.over = document.getElementById("words-over");
    this.button = this.querySelector("[data-select]");
    this.button?.addEventListener("click", () => this.show(!this.shown));
    this.querySelector("[data-copy]").addEventListener("click", () => this.copy());
    // Before <mantel-steps>, for which Escape means the way back.
    this.keys = (event) => this.key(event);
    document.addEventListener("keydown", this.keys, true);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.keys, true);
  }

  get shown() {
    return this.button?.getAttribute("aria-pressed") === "true";
  }

  show(on) {
    this.button.setAttribute("aria-pressed", String(on));
    this.over.classList.toggle("selectable", on);
    if (on) this.over.scrollIntoView({ block: "nearest" });
    else getSelection().removeAllRanges();
  }

  key(event) {
    if (!this.button || typing(event.target) || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "t" || (event.key === "Escape" && this.shown)) {
      event.preventDefault();
      this.show(event.key === "t" && !this.shown);
    }
  }

  // The clipboard is only there over HTTPS and on the box itself; elsewhere the words are selected, ready for the copy key.
  async copy() {
    const rows = document.getElementById("read-text");
    const words = [...rows.querySelectorAll("p")].map((row) => row.textContent).join("\n");
    const said = this.querySelector("[role=status]");
    try {
      await navigator.clipboard.writeText(words);
      said.textContent = "Copied.";
    } catch {
      getSelection().selectAllChildren(rows);
      said.textContent = "Selected. Copy it with your keyboard.";
    }
  }
}

customElements.define("mantel-text", MantelText);
