// <mantel-upload>: sends dropped or chosen files one PUT each, with progress and cancel. Without this script the form does it.

const AT_ONCE = 2;

class MantelUpload extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.input = this.querySelector("input[type=file]");
    this.section = this.querySelector(".sending");
    this.list = this.section.querySelector("ol");
    this.said = this.section.querySelector("[role=status]");
    this.waiting = [];
    this.running = 0;
    this.input.addEventListener("change", () => this.take(this.input.files));
    this.form.addEventListener("submit", (event) => event.preventDefault());
    for (const name of ["dragenter", "dragover"]) this.form.addEventListener(name, (event) => this.hover(event, true));
    for (const name of ["dragleave", "drop"]) this.form.addEventListener(name, (event) => this.hover(event, false));
    this.form.addEventListener("drop", (event) => this.take(event.dataTransfer.files));
    this.leaving = (event) => this.running && event.preventDefault();
    addEventListener("beforeunload", this.leaving);
  }

  disconnectedCallback() {
    removeEventListener("beforeunload", this.leaving);
  }

  hover(event, over) {
    event.preventDefault();
    this.form.classList.toggle("over", over);
  }

  take(files) {
    for (const file of files) {
      const line = this.line(file);
      if (file.size > Number(this.dataset.largest)) this.refuse(line, `It is larger than ${size(Number(this.dataset.largest))}.`);
      else this.waiting.push({ file, line });
    }
    this.input.value = "";
    this.section.hidden = !this.list.childElementCount;
    this.next();
  }

  line(file) {
    const item = document.createElement("li");
    const name = Object.assign(document.createElement("span"), { className: "name", textContent: file.name });
    const button = Object.assign(document.createElement("button"), { type: "button", className: "bare", textContent: "Cancel" });
    button.setAttribute("aria-label", `Cancel ${file.name}`);
    const bar = Object.assign(document.createElement("progress"), { max: 1, value: 0 });
    bar.setAttribute("aria-label", `Sending ${file.name}`);
    const hint = Object.assign(document.createElement("span"), { className: "hint", textContent: `${size(file.size)}, waiting` });
    item.append(name, button, hint, bar);
    this.list.append(item);
    button.addEventListener("click", () => this.cancel(item));
    return item;
  }

  cancel(item) {
    this.waiting = this.waiting.filter((entry) => entry.line !== item);
    if (item.request) item.request.abort();
    else this.drop(item);
  }

  drop(item) {
    item.remove();
    this.section.hidden = !this.list.childElementCount;
  }

  refuse(line, problem) {
    line.querySelector("progress").remove();
    line.querySelector(".hint").textContent = problem;
    line.querySelector("button").textContent = "Dismiss";
  }

  next() {
    while (this.running < AT_ONCE && this.waiting.length) this.send(this.waiting.shift());
  }

  send({ file, line }) {
    const bar = line.querySelector("progress");
    const hint = line.querySelector(".hint");
    const request = new XMLHttpRequest();
    const modified = file.lastModified || Date.now();
    line.request = request;
    this.running += 1;
    request.open("PUT", `/upload/files?name=${encodeURIComponent(file.name)}&modified=${modified}`);
    request.setRequestHeader("X-CSRF-Token", this.dataset.csrf);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      bar.value = event.loaded / (event.total || 1);
      hint.textContent = `${size(event.loaded)} of ${size(event.total)}`;
    });
    request.addEventListener("load", () => this.over(line, request.status < 300 ? "" : reason(request)));
    request.addEventListener("error", () => this.over(line, "The connection was lost. The file on this device is untouched; add it again."));
    request.addEventListener("abort", () => this.over(line, ""));
    request.send(file);
  }

  over(line, problem) {
    this.running -= 1;
    line.request = null;
    if (problem) this.refuse(line, problem);
    else this.drop(line);
    this.next();
    this.said.textContent = this.running ? `Sending, ${this.waiting.length + this.running} to go` : "Everything was sent";
    document.body.dispatchEvent(new CustomEvent("mantel:sent"));
  }
}

function reason(request) {
  try {
    return JSON.parse(request.responseText).text || "It was not received.";
  } catch {
    return `It was not received (answer ${request.status}). The file on this device is untouched.`;
  }
}

function size(bytes) {
  if (bytes < 1e6) return `${Math.max(1, Math.round(bytes / 1e3))} KB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}

customElements.define("mantel-upload", MantelUpload);
