// <mantel-more>: the list behind “More” closes with Escape, and when one goes elsewhere. Without this script its summary closes it.

class MantelMore extends HTMLElement {
  connectedCallback() {
    const list = this.querySelector("details");
    this.away = (event) => {
      if (list.open && !this.contains(event.target)) list.open = false;
    };
    document.addEventListener("click", this.away);
    document.addEventListener("focusin", this.away);
    this.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !list.open) return;
      event.preventDefault();
      list.open = false;
      list.querySelector("summary").focus();
    });
  }

  disconnectedCallback() {
    document.removeEventListener("click", this.away);
    document.removeEventListener("focusin", this.away);
  }
}

customElements.define("mantel-more", MantelMore);
