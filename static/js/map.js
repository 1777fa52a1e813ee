// <mantel-map>: moves the map of the page by dragging, wheel, pinching, buttons and keys, and asks the box for the circles of
// what is shown. Without this script the map stands still, and its circles are links as well.

const SIZE = 65536; // the square of adapters/world.py
const CLOSEST = SIZE / 4096;
const SVG = "http://www.w3.org/2000/svg";
const FINE_BELOW = 20000; // narrower than this the finer outlines are drawn
const KEYS = { ArrowLeft: [-0.2, 0], ArrowRight: [0.2, 0], ArrowUp: [0, -0.2], ArrowDown: [0, 0.2] };
const latitude = (y) => (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / SIZE))) * 180) / Math.PI;
const longitude = (x) => (x / SIZE) * 360 - 180;

class MantelMap extends HTMLElement {
  connectedCallback() {
    this.svg = this.querySelector("svg");
    this.group = this.querySelector(".map-places");
    this.land = this.querySelector(".map-land");
    const { x, y, width, height } = this.svg.viewBox.baseVal;
    this.first = { x: x + width / 2, y: y + height / 2, width };
    this.view = { ...this.first };
    this.fingers = new Map();
    this.classList.add("moves");
    this.querySelector(".map-buttons").hidden = false;
    this.svg.tabIndex = 0;
    for (const name of ["pointerdown", "pointermove", "pointerup", "pointercancel"]) this.svg.addEventListener(name, (event) => this[name](event));
    this.svg.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    this.svg.addEventListener("dblclick", (event) => this.zoom(0.5, event));
    this.svg.addEventListener("keydown", (event) => this.press(event));
    this.svg.addEventListener("click", (event) => this.dragged && (event.preventDefault(), event.stopPropagation()), true);
    this.querySelector(".map-buttons").addEventListener("click", (event) => this.button(event.target.closest("[data-map]")?.dataset.map));
    document.addEventListener("htmx:afterSwap", (event) => event.detail.target?.id === "map-photos" && this.told(event.detail.target));
    this.resized = new ResizeObserver(() => this.show());
    this.resized.observe(this.svg);
  }

  disconnectedCallback() {
    this.resized.disconnect();
  }

  get scale() {
    return this.view.width / Math.max(this.svg.clientWidth, 1); // units of the square for one pixel
  }

  show() {
    const tall = (this.svg.clientHeight / Math.max(this.svg.clientWidth, 1)) * this.view.width;
    this.view.width = Math.min(Math.max(this.view.width, CLOSEST), SIZE * Math.max(1, this.svg.clientWidth / this.svg.clientHeight));
    this.view.x = Math.min(Math.max(this.view.x, 0), SIZE);
    this.view.y = Math.min(Math.max(this.view.y, 0), SIZE);
    const { x, y, width } = this.view;
    this.svg.setAttribute("viewBox", `${x - width / 2} ${y - tall / 2} ${width} ${tall}`);
    this.box = { left: x - width / 2, top: y - tall / 2, right: x + width / 2, bottom: y + tall / 2 };
    const outlines = `/map/outlines/${width < FINE_BELOW ? "50m" : "110m"}#land`;
    if (this.land.getAttribute("href") !== outlines) this.land.setAttribute("href", outlines);
    for (const place of this.group.children) place.setAttribute("transform", `translate(${place.dataset.at ?? this.at(place)}) scale(${this.scale})`);
    clearTimeout(this.asking);
    this.asking = setTimeout(() => this.ask(), 160);
  }

  at(place) {
    return (place.dataset.at = place.getAttribute("transform").match(/translate\(([^)]*)\)/)[1]);
  }

  async ask() {
    const { left, top, right, bottom } = this.box;
    const zoom = Math.max(0, Math.floor(Math.log2(SIZE / this.scale / 256)));
    const part = { west: longitude(left), south: latitude(Math.min(bottom, SIZE)), east: longitude(right), north: latitude(Math.max(top, 0)), zoom };
    const address = new URL(this.dataset.source, location.href);
    for (const [name, value] of Object.entries(part)) address.searchParams.set(name, value);
    this.aborting?.abort();
    this.aborting = new AbortController();
    try {
      const answer = await fetch(address, { signal: this.aborting.signal, headers: { accept: "application/json" } });
      if (answer.ok) this.draw(await answer.json());
    } catch (error) {
      if (error.name !== "AbortError") this.dataset.away = "";
    }
  }

  draw(places) {
    const focused = document.activeElement?.closest(".map-place")?.getAttribute("href");
    this.group.replaceChildren(...places.map((place) => this.circle(place)));
    htmx.process(this.group);
    if (focused) [...this.group.children].find((one) => one.getAttribute("href") === focused)?.focus();
  }

  circle(place) {
    const link = document.createElementNS(SVG, "a");
    link.setAttribute("class", `map-place ${place.size}`);
    link.setAttribute("href", place.href);
    link.setAttribute("hx-get", place.href);
    link.setAttribute("hx-target", "#map-photos");
    link.setAttribute("aria-label", place.says);
    link.dataset.at = `${place.x} ${place.y}`;
    link.setAttribute("transform", `translate(${link.dataset.at}) scale(${this.scale})`);
    const touch = document.createElementNS(SVG, "circle");
    touch.setAttribute("class", "map-touch");
    const text = document.createElementNS(SVG, "text");
    text.textContent = place.count;
    link.append(touch, document.createElementNS(SVG, "circle"), text);
    return link;
  }

  // Photos of a circle have come below the map: go there, and say so.
  told(photos) {
    const said = document.getElementById("map-said");
    if (said) said.textContent = photos.querySelector("h2")?.textContent ?? "";
    photos.scrollIntoView({ block: "start" });
    photos.focus({ preventScroll: true });
  }

  zoom(by, event) {
    const area = this.svg.getBoundingClientRect();
    const dx = event ? event.clientX - area.left - area.width / 2 : 0;
    const dy = event ? event.clientY - area.top - area.height / 2 : 0;
    const before = this.scale;
    this.view.width = Math.min(Math.max(this.view.width * by, CLOSEST), SIZE * 1.6);
    this.view.x += dx * (before - this.scale);
    this.view.y += dy * (before - this.scale);
    this.show();
  }

  wheel(event) {
    event.preventDefault();
    this.zoom(Math.exp(Math.max(-1, Math.min(1, event.deltaY / 300))), event);
  }

  button(name) {
    if (name === "all") (this.view = { ...this.first }), this.show();
    else if (name) this.zoom(name === "in" ? 0.5 : 2);
  }

  press(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key in KEYS) {
      this.view.x += KEYS[event.key][0] * this.view.width;
      this.view.y += KEYS[event.key][1] * this.view.width;
      this.show();
    } else if (event.key === "+" || event.key === "=") this.zoom(0.5);
    else if (event.key === "-") this.zoom(2);
    else if (event.key === "0") this.button("all");
    else return;
    event.preventDefault();
  }

  pointerdown(event) {
    if (event.button) return;
    this.fingers.set(event.pointerId, event);
    this.dragged = false;
    this.from = [event.clientX, event.clientY];
  }

  pointermove(event) {
    const before = this.fingers.get(event.pointerId);
    if (!before) return;
    if (!this.dragged && Math.hypot(event.clientX - this.from[0], event.clientY - this.from[1]) < 5) return;
    if (!this.dragged) this.svg.setPointerCapture(event.pointerId);
    this.dragged = true;
    const others = [...this.fingers.values()].filter((finger) => finger.pointerId !== event.pointerId);
    this.fingers.set(event.pointerId, event);
    const share = this.fingers.size;
    this.view.x -= ((event.clientX - before.clientX) * this.scale) / share;
    this.view.y -= ((event.clientY - before.clientY) * this.scale) / share;
    if (others.length) {
      const apart = (one) => Math.hypot(one.clientX - others[0].clientX, one.clientY - others[0].clientY);
      this.view.width *= apart(before) / Math.max(apart(event), 1);
    }
    this.show();
  }

  pointerup(event) {
    this.fingers.delete(event.pointerId);
  }

  pointercancel(event) {
    this.fingers.delete(event.pointerId);
  }
}

customElements.define("mantel-map", MantelMap);
