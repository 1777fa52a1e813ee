// <mantel-jump>: choosing a month goes there; without this script its button does.

class MantelJump extends HTMLElement {
  connectedCallback() {
    this.querySelector("button")?.setAttribute("hidden", "");
    this.addEventListener("change", () => this.querySelector("form").requestSubmit());
  }
}

customElements.define("mantel-jump", MantelJump);
