import Plot from "uplot";
import "uplot/dist/uPlot.min.css";

/** A colour of the page's style as a canvas takes it. */
const colour = (element: HTMLElement, name: string): string => {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
};

/** Draws steps into an element, and again when its width or the scheme changes. Returns what ends it. */
export const drawChart = (
  element: HTMLElement,
  [times, values]: readonly [number[], number[]],
  height: number,
): (() => void) => {
  let plot: Plot | undefined;
  const draw = (): void => {
    plot?.destroy();
    const [line, text, grid] = [
      colour(element, "--accent"),
      colour(element, "--soft"),
      colour(element, "--line"),
    ];
    const axis = { stroke: text, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid } };
    const stepped = Plot.paths.stepped?.({ align: 1 });
    plot = new Plot(
      {
        width: element.clientWidth,
        height,
        legend: { show: false },
        cursor: { show: false },
        scales: { y: { range: (_plot, _min, max) => [0, Math.max(1, max * 1.1)] } },
        axes: [
          axis,
          {
            ...axis,
            size: 44,
            values: (_plot, ticks) =>
              ticks.map((tick) => (Number.isInteger(tick) ? String(tick) : "")),
          },
        ],
        series: [
          {},
          {
            stroke: line,
            width: 2,
            fill: `color-mix(in srgb, ${line} 14%, transparent)`,
            ...(stepped === undefined ? {} : { paths: stepped }),
            points: { show: false },
          },
        ],
      },
      [times, values],
      element,
    );
  };
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  const observer = new ResizeObserver(() => plot?.setSize({ width: element.clientWidth, height }));
  draw();
  observer.observe(element);
  scheme.addEventListener("change", draw);
  return () => {
    observer.disconnect();
    scheme.removeEventListener("change", draw);
    plot?.destroy();
  };
};
