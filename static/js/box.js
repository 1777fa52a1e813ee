// <mantel-box>: dragging over the picture fills in the four numbers, and the numbers move the box that is shown.

const NAMES = ["left", "top", "width", "height"];

class MantelBox extends HTMLElement {
  connectedCallback() {
    const stage = this.querySelector(".box-stage");
    this.fields = NAMES.map((name) => this.querySelector(`[name="${name}"]`));
    this.addEventListener("input", () => this.show());
    stage.addEventListener("pointerdown", (event) => this.begin(event, stage));
    this.show();
  }

  begin(event, stage) {
    event.preventDefault();
    stage.setPointerCapture(event.pointerId);
    const from = place(event, stage);
    const move = (moved) => this.fill(from, place(moved, stage));
    stage.addEventListener("pointermove", move);
    stage.addEventListener("pointerup", () => stage.removeEventListener("pointermove", move), { once: true });
  }

  fill([x, y], [toX, toY]) {
    const values = [Math.min(x, toX), Math.min(y, toY), Math.abs(toX - x), Math.abs(toY - y)];
    this.fields.forEach((field, index) => (field.value = values[index].toFixed(1)));
    this.show();
  }

  show() {
    const rect = this.querySelector(".box-drawn rect");
    ["x", "y", "width", "height"].forEach((name, index) => rect.setAttribute(name, this.fields[index].value || 0));
  }
}

function place(event, stage) {
  const box = stage.getBoundingClientRect();
  const within = (value, size) => Math.max(0, Math.min(100, (100 * value) / size));
  return [within(event.clientX - box.left, box.width), within(event.clientY - box.top, box.height)];
}

customElements.define("mantel-box", MantelBox);
