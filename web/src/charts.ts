// Draws the charts that the page carries as Vega-Lite specifications.
import * as vega from "vega";
import { compile, type TopLevelSpec } from "vega-lite";

import { theme } from "./theme";
import { showTooltip } from "./tooltip";

type Columns = Record<string, unknown[]>;
type Row = Record<string, unknown>;

/// What stands in the JSON element of a figure.
interface FigureData {
  datasets: Record<string, Columns>;
  panels: TopLevelSpec[];
}

/// Tables travel by column, which is smaller; Vega wants rows.
function toRows(columns: Columns): Row[] {
  const names = Object.keys(columns);
  const count = columns[names[0] ?? ""]?.length ?? 0;
  return Array.from({ length: count }, (_, i) =>
    Object.fromEntries(names.map((name) => [name, columns[name]?.[i]])),
  );
}

/// The page needs no network; a specification that asks for it is refused.
const loader = vega.loader();
loader.load = (uri: string) => Promise.reject(new Error(`nothing is loaded: ${uri}`));

async function drawPanel(
  panel: HTMLElement,
  specification: TopLevelSpec,
  datasets: Record<string, Row[]>,
): Promise<void> {
  const whole = { ...specification, datasets } as TopLevelSpec;
  const logger = vega.logger(vega.Error);
  const runtime = vega.parse(compile(whole, { config: theme, logger }).spec);
  const view = new vega.View(runtime, { renderer: "svg", loader, logger, hover: true });
  view.tooltip(showTooltip);
  await view.initialize(panel).runAsync();
  if (panel.querySelector("svg") === null) throw new Error("nothing was drawn");
}

async function drawFigure(figure: HTMLElement): Promise<void> {
  const panels = [...figure.querySelectorAll<HTMLElement>("[data-chart]")];
  try {
    const text = figure.querySelector('script[type="application/json"]')?.textContent ?? "";
    const data = JSON.parse(text) as FigureData;
    const datasets = Object.fromEntries(
      Object.entries(data.datasets).map(([name, columns]) => [name, toRows(columns)]),
    );
    for (const [i, panel] of panels.entries()) {
      const specification = data.panels[i];
      if (specification === undefined) throw new Error(`panel ${i} has no specification`);
      await drawPanel(panel, specification, datasets);
    }
  } catch (error) {
    const note = document.createElement("p");
    note.className = "script-error";
    note.textContent = `This chart could not be drawn: ${String(error)}`;
    figure.append(note);
  }
}

/// In the order of the page, with a breath between figures so that it can be read meanwhile.
export async function drawCharts(): Promise<void> {
  for (const figure of document.querySelectorAll<HTMLElement>("figure[data-figure]")) {
    await drawFigure(figure);
    await new Promise((resolve) => setTimeout(resolve));
  }
}
