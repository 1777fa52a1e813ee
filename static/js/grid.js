// <mantel-grid>: the arrow keys move between the photos inside, by where they stand on the screen. Tab and Enter stay as they are.

const STEP = { ArrowLeft: -1, ArrowRight: 1 };

class MantelGrid extends HTMLElement {
  connectedCallback() {
    this.addEventListener("keydown", (event) => this.move(event));
  }

  move(event) {
    const here = event.target.closest(".tile");
    if (!here || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const tiles = [...this.querySelectorAll(".tile")];
    const at = tiles.indexOf(here);
    let next;
    if (event.key in STEP) next = tiles[at + STEP[event.key]];
    else if (event.key === "ArrowDown") next = nearest(tiles.slice(at + 1), here);
    else if (event.key === "ArrowUp") next = nearest(tiles.slice(0, at).reverse(), here);
    else if (event.key === "Home") next = tiles[0];
    else if (event.key === "End") next = tiles.at(-1);
    else return;
    event.preventDefault();
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  }
}

// Given tiles in the order in which they move away, the one of the next row that stands closest above or below `here`.
function nearest(tiles, here) {
  const from = here.getBoundingClientRect();
  const middle = from.left + from.width / 2;
  let best;
  let row;
  for (const tile of tiles) {
    const place = tile.getBoundingClientRect();
    if (Math.abs(place.top - from.top) < 4) continue;
    row ??= place.top;
    if (Math.abs(place.top - row) > 4) break;
    const away = Math.abs(place.left + place.width / 2 - middle);
    if (!best || away < best.away) best = { tile, away };
  }
  return best?.tile;
}

customElements.define("mantel-grid", MantelGrid);
