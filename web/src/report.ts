// The report's script: charts, light and dark, tables as CSV, and the place in the contents.
// Without it the page still has its text, tables and pictures.
import { drawCharts } from "./charts";

type Scheme = "light" | "dark";
const kStored = "deltarule-scheme";

function asScheme(text: string | null | undefined): Scheme | undefined {
  return text === "light" || text === "dark" ? text : undefined;
}

/// Storage is refused to some local files; the choice then lasts as long as the page.
function storedScheme(): Scheme | undefined {
  try {
    return asScheme(localStorage.getItem(kStored));
  } catch {
    return undefined;
  }
}

function setUpScheme(): void {
  const root = document.documentElement;
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const asked = asScheme(/(?:^#|[#&])theme=(\w+)/.exec(location.hash)?.[1]);
  const chosen = asked ?? storedScheme();
  if (chosen) root.dataset.theme = chosen;
  const button = document.querySelector<HTMLButtonElement>("#scheme");
  const shown = () => asScheme(root.dataset.theme) ?? (system.matches ? "dark" : "light");
  const label = () => {
    if (button) button.textContent = shown() === "dark" ? "Light" : "Dark";
  };
  label();
  system.addEventListener("change", label);
  button?.removeAttribute("hidden");
  button?.addEventListener("click", () => {
    root.dataset.theme = shown() === "dark" ? "light" : "dark";
    label();
    try {
      localStorage.setItem(kStored, root.dataset.theme);
    } catch {
      // As above.
    }
  });
}

/// RFC 4180: quoted where a comma, a quote or a line break would be misread.
function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function csvOf(table: HTMLTableElement): string {
  return [...table.rows]
    .map((row) =>
      [...row.cells]
        .map((cell) => csvField((cell.dataset.value ?? cell.textContent ?? "").trim()))
        .join(","),
    )
    .join("\r\n");
}

function setUpDownloads(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-csv]")) {
    const table = button.closest(".table")?.querySelector("table");
    if (!table) continue;
    button.hidden = false;
    button.addEventListener("click", () => {
      const link = document.createElement("a");
      link.href = `data:text/csv;charset=utf-8,${encodeURIComponent(csvOf(table))}`;
      link.download = `${button.dataset.csv}.csv`;
      link.click();
    });
  }
}

/// Marks, in the contents, the last section whose heading has gone past the top.
function setUpContents(): void {
  const links = [...document.querySelectorAll<HTMLAnchorElement>(".contents a")];
  const targets = links.map((link) => document.getElementById(link.hash.slice(1)));
  const mark = () => {
    let current = 0;
    targets.forEach((target, i) => {
      if (target && target.getBoundingClientRect().top < window.innerHeight / 4) current = i;
    });
    links.forEach((link, i) => {
      if (i === current) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
  };
  document.addEventListener("scroll", mark, { passive: true });
  mark();
}

setUpScheme();
setUpDownloads();
setUpContents();
void drawCharts();
