// The look of charts. Colors are the page's own CSS variables, so a chart follows light, dark and
// print without being drawn again.
import type { Config } from "vega-lite";

const ink = "var(--ink)";
const muted = "var(--muted)";
const rule = "var(--rule)";

export const theme: Config = {
  background: "transparent",
  font: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', sans-serif",
  padding: { left: 2, right: 6, top: 4, bottom: 2 },
  view: { stroke: null },
  axis: {
    domainColor: rule,
    gridColor: rule,
    gridOpacity: 0.7,
    tickColor: rule,
    tickSize: 4,
    labelColor: muted,
    labelFontSize: 11,
    labelPadding: 4,
    titleColor: muted,
    titleFontSize: 11.5,
    titleFontWeight: "normal",
    titlePadding: 8,
  },
  axisX: { grid: false },
  axisY: { domain: false, ticks: false },
  text: { color: ink, fontSize: 11 },
  rule: { color: muted },
  legend: { disable: true },
};
