// What the views of questions share.

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

function html(tag, attributes, text) {  // escaped by the kernel
  const node = make(tag, attributes);
  node.innerHTML = text;
  return node;
}

const enable = (node, on) => node.setAttribute("aria-disabled", String(!on));

const PROGRESS = "Progress of the experiments";

function controls(button) {  // of the claims behind a page, and to turn the pages; `show` sets them
  const decide = button("What does this machine say?", { do: "decide" }), stop = button("Stop", { do: "stop" });
  const bar = make("progress", { max: 1, "aria-label": PROGRESS }), status = make("span", { role: "status" });
  const back = button("‹ Back", { do: "go", by: -1 }), next = button("Next ›", { do: "go", by: 1 });
  const show = (now, answered) => {
    status.textContent = now.status;
    bar.value = now.progress;
    bar.hidden = stop.hidden = !now.busy;
    decide.hidden = !answered;
    enable(decide, !now.busy);
    enable(back, now.number > 1);
    enable(next, now.number < now.of);
  };
  return { row: make("div", { class: "row" }, decide, stop, bar, status), back, next, show };
}

function presser(send) {  // makes buttons that send a message, unless they are switched off
  return (text, message) => {
    const node = make("button", { type: "button" }, text);
    node.addEventListener("click", () => node.getAttribute("aria-disabled") !== "true" && send(message));
    return node;
  };
}
