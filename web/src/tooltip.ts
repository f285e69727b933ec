// A small box beside the pointer. Values are set as text, never as markup.
import type { TooltipHandler } from "vega";

const box = document.createElement("div");
box.className = "tooltip";
box.setAttribute("role", "status");
box.hidden = true;

export const showTooltip: TooltipHandler = (_handler, event, _item, value) => {
  if (box.parentNode === null) document.body.append(box);
  if (value === null || value === undefined || value === "") {
    box.hidden = true;
    return;
  }
  const lines = typeof value === "object" ? Object.entries(value as object) : [["", value]];
  box.replaceChildren(
    ...lines.map(([name, text]) => {
      const line = document.createElement("div");
      const label = document.createElement("span");
      label.textContent = String(name);
      const number = document.createElement("b");
      number.textContent = String(text);
      line.append(label, number);
      return line;
    }),
  );
  box.hidden = false;
  const { clientX: x, clientY: y } = event;
  const left = Math.max(4, Math.min(x + 14, window.innerWidth - box.offsetWidth - 8));
  const below = y + 16 + box.offsetHeight < window.innerHeight;
  box.style.left = `${left}px`;
  box.style.top = `${below ? y + 16 : y - box.offsetHeight - 10}px`;
};
