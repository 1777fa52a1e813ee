// <mantel-copy>: a button beside a field that copies what stands in it. Without a script the field can be selected by hand.

class MantelCopy extends HTMLElement {
  connectedCallback() {
    if (this.querySelector("button")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    this.said = document.createElement("span");
    this.said.className = "hint";
    this.said.setAttribute("role", "status");
    button.addEventListener("click", () => this.copy());
    this.append(button, this.said);
  }

  async copy() {
    const field = this.querySelector("input");
    field.focus();
    field.select();
    this.said.textContent = (await copied(field.value)) ? "Copied." : "Selected. Copy it with your keyboard or by a long press.";
  }
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // over plain HTTP, as in most homes, browsers offer the old way only
    return document.execCommand("copy");
  }
}

customElements.define("mantel-copy", MantelCopy);
