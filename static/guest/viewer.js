// <guest-viewer>: a photo of the grid opens over the whole screen. Arrows and swipes turn, Escape and Back close.
// Without this script each photo has a page of its own, at the address that the viewer shows too.

const SWIPE = 48; // pixels

class GuestViewer extends HTMLElement {
  connectedCallback() {
    this.tiles = [...this.querySelectorAll("a.tile")];
    this.dialog = this.querySelector("template").content.cloneNode(true).querySelector("dialog");
    this.append(this.dialog);
    this.stage = this.dialog.querySelector(".viewer-stage");
    this.addEventListener("click", (event) => this.press(event));
    this.dialog.addEventListener("keydown", (event) => this.key(event));
    this.dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      history.back();
    });
    this.dialog.addEventListener("pointerdown", (event) => (this.from = event));
    this.dialog.addEventListener("pointerup", (event) => this.swipe(event));
    addEventListener("popstate", () => this.arrive());
  }

  press(event) {
    const tile = event.target.closest("a.tile");
    const act = event.target.closest("[data-do]")?.dataset.do;
    if (tile && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
      event.preventDefault();
      history.pushState({ viewer: true }, "", tile.href);
      this.show(this.tiles.indexOf(tile));
    } else if (act === "close") history.back();
    else if (act === "before") this.turn(-1);
    else if (act === "after") this.turn(1);
  }

  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.matches("video")) return;
    if (event.key === "ArrowLeft") this.turn(-1);
    else if (event.key === "ArrowRight") this.turn(1);
    else if (event.key === "Home") this.go(0);
    else if (event.key === "End") this.go(this.tiles.length - 1);
    else return;
    event.preventDefault();
  }

  swipe(event) {
    const [x, y] = [event.clientX - this.from?.clientX, event.clientY - this.from?.clientY];
    if (event.pointerType !== "mouse" && Math.abs(x) > SWIPE && Math.abs(x) > 1.5 * Math.abs(y)) this.turn(x > 0 ? -1 : 1);
  }

  turn(step) {
    this.go(this.at + step);
  }

  go(at) {
    if (at === this.at || !this.tiles[at]) return;
    history.replaceState({ viewer: true }, "", this.tiles[at].href);
    this.show(at);
  }

  // Back closes; Forward opens again.
  arrive() {
    const at = this.tiles.findIndex((tile) => tile.href === location.href);
    if (at >= 0) this.show(at);
    else if (this.dialog.open) this.close();
  }

  show(at) {
    this.at = at;
    const tile = this.tiles[at];
    this.stage.replaceChildren(picture(tile));
    this.dialog.querySelector(".viewer-count").textContent = `${at + 1} of ${this.tiles.length}`;
    this.dialog.querySelector('[data-do="before"]').hidden = at === 0;
    this.dialog.querySelector('[data-do="after"]').hidden = at === this.tiles.length - 1;
    const keep = this.dialog.querySelector('[data-do="keep"]');
    if (keep) keep.href = `${tile.href}/file`;
    if (!this.dialog.open) this.dialog.showModal();
    else if (!this.dialog.contains(document.activeElement) || document.activeElement.hidden) this.dialog.focus();
    const next = this.tiles[at + 1];
    if (next && !next.dataset.poster) new Image().src = next.dataset.view;
  }

  close() {
    this.stage.replaceChildren(); // a video stops
    this.dialog.close();
    this.tiles[this.at].focus({ preventScroll: true });
    this.tiles[this.at].scrollIntoView({ block: "nearest" });
    this.at = undefined;
  }
}

function picture(tile) {
  const thumb = tile.querySelector("img");
  const made = document.createElement(tile.dataset.poster ? "video" : "img");
  made.width = thumb.getAttribute("width");
  made.height = thumb.getAttribute("height");
  if (tile.dataset.poster) {
    Object.assign(made, { controls: true, playsInline: true, preload: "metadata", poster: tile.dataset.poster });
    made.setAttribute("aria-label", tile.dataset.words);
  } else made.alt = tile.dataset.words;
  made.src = tile.dataset.view;
  return made;
}

customElements.define("guest-viewer", GuestViewer);

// <guest-steps>: the same keys on the page of one photo.

const STEPS = { ArrowLeft: "before", ArrowRight: "after", Escape: "up" };

class GuestSteps extends HTMLElement {
  connectedCallback() {
    document.addEventListener("keydown", (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey || event.target.matches("video")) return;
      this.querySelector(`[data-step="${STEPS[event.key]}"]`)?.click();
    });
  }
}

customElements.define("guest-steps", GuestSteps);
