// Says when Mantel does not answer, and takes it back when it does again.

const toast = document.getElementById("toast");

function say(words) {
  toast.textContent = words;
  toast.hidden = !words;
}

document.addEventListener("htmx:sendError", () => say("Mantel is not answering. This page goes on by itself when it does."));
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status >= 500) say("Something went wrong. Your photos are safe; try again in a moment.");
});
document.addEventListener("htmx:afterOnLoad", (event) => {
  if (event.detail.xhr.status < 400) say("");
});
