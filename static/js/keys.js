// Keys that work everywhere: "/" goes to the box, Escape leaves it; on a photo the arrows turn to the next one and Escape goes back.

const typing = (target) => target.closest("input, textarea, select, video, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
  if (typing(event.target)) {
    if (event.key === "Escape") event.target.blur();
  } else if (event.key === "/") {
    event.preventDefault();
    const box = document.querySelector("[data-ask]");
    if (box) box.select();
    else location.assign("/");
  }
});

// The region that screen readers listen to stays; what was found is told there after each question.
document.addEventListener("htmx:afterSwap", (event) => {
  const said = document.getElementById("said");
  const count = document.getElementById("found-count");
  if (said && count && event.detail.target?.id === "found") said.textContent = count.textContent;
});

const TURNS = { ArrowLeft: "newer", ArrowRight: "older", Escape: "up" };

class MantelSteps extends HTMLElement {
  connectedCallback() {
    this.turn = (event) => {
      if (event.defaultPrevented || typing(event.target) || event.altKey || event.ctrlKey || event.metaKey) return;
      this.querySelector(`[data-step="${TURNS[event.key]}"]`)?.click();
    };
    document.addEventListener("keydown", this.turn);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.turn);
  }
}

customElements.define("mantel-steps", MantelSteps);
