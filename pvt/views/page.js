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

function presser(send) {  // makes buttons that send a message, unless they are switched off
  return (text, message) => {
    const node = make("button", { type: "button" }, text);
    node.addEventListener("click", () => node.getAttribute("aria-disabled") !== "true" && send(message));
    return node;
  };
}
