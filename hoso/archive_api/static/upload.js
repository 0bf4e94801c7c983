// Sends a scanned file to the API, shows how much is sent, then lets htmx follow its progress.

const form = document.querySelector("form[data-upload]");

if (form) {
  const problem = form.querySelector("[data-upload-problem]");
  const bar = form.querySelector("[data-upload-sent]");
  const button = form.querySelector("button[type=submit]");
  const scanning = document.getElementById("scanning");

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    problem.hidden = true;
    send(new FormData(form));
  });

  // fetch cannot say how much of a body is sent; XMLHttpRequest can.
  const send = (body) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/api/v1/scans");
    request.responseType = "json";
    request.setRequestHeader("X-Form-Token", document.querySelector("meta[name=form-token]").content);
    request.upload.addEventListener("progress", ({ loaded, total }) => { bar.value = loaded / total; });
    request.addEventListener("load", () => (request.status < 300 ? follow(request.response.batch) : refuse(request.response)));
    request.addEventListener("error", () => refuse(null));
    request.addEventListener("loadend", () => { bar.hidden = true; button.disabled = false; });
    bar.value = 0;
    bar.hidden = false;
    button.disabled = true;
    request.send(body);
  };

  const follow = (batch) => {
    form.reset();
    const place = document.createElement("div");
    place.setAttribute("hx-get", `/scans/${batch}/progress`);
    place.setAttribute("hx-trigger", "load");
    place.setAttribute("hx-swap", "outerHTML");
    scanning.prepend(place);
    htmx.process(place);
  };

  const refuse = (answer) => {
    problem.textContent = answer?.detail ?? form.dataset.problem;
    problem.hidden = false;
  };
}
