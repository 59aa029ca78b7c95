/** The style sheet of a report: light, dark by the reader's own setting, and for paper. */
export const STYLE = `
:root { color-scheme: light dark;
  --paper: #ffffff; --card: #f6f7f9; --line: #d9dde3; --ink: #16191d; --soft: #59626e;
  --bad: #b3261e; --bad-bg: #fdecea; --warn: #8a5a00; --warn-bg: #fff4dc; --good: #17683a; --good-bg: #e6f4ea;
  --info: #1d5fa8; --bar: #8fb4dc; --bar-ink: #0d2d4e; }
@media (prefers-color-scheme: dark) { :root {
  --paper: #14171a; --card: #1d2226; --line: #343b42; --ink: #e7eaed; --soft: #a2abb5;
  --bad: #ff8a80; --bad-bg: #3a1d1b; --warn: #ffca5f; --warn-bg: #352a12; --good: #7bd69a; --good-bg: #16301f;
  --info: #8fc1f5; --bar: #33577c; --bar-ink: #e3effb; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 1.5rem 1.25rem 4rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .35rem; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .5rem; padding-top: 1rem; border-top: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.6rem 0 .5rem; }
p { margin: .35rem 0; }
.soft { color: var(--soft); }
.lead { font-size: 1.1rem; }
.state { display: inline-block; padding: .1rem .55rem; border-radius: 99px; font-size: .85rem; font-weight: 600; white-space: nowrap; }
.broken, .critical { color: var(--bad); background: var(--bad-bg); }
.works-until, .warning, .unchecked { color: var(--warn); background: var(--warn-bg); }
.works { color: var(--good); background: var(--good-bg); }
.info { color: var(--info); background: var(--card); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 600; white-space: nowrap; }
td.nowrap { white-space: nowrap; }
code, pre { font: .85em/1.5 ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace; }
pre { margin: .35rem 0; padding: .6rem .8rem; background: var(--card); border: 1px solid var(--line); border-radius: 6px;
  overflow-x: auto; white-space: pre; user-select: all; }
pre.said { white-space: pre-wrap; user-select: text; }
.finding { margin: .9rem 0; padding: .8rem 1rem; border: 1px solid var(--line); border-left: 4px solid var(--soft); border-radius: 6px; }
.finding.is-critical { border-left-color: var(--bad); }
.finding.is-warning { border-left-color: var(--warn); }
.finding.is-info { border-left-color: var(--info); }
.finding h4 { margin: .1rem 0 .4rem; font-size: 1rem; font-weight: 600; }
ol, ul { margin: .35rem 0; padding-left: 1.4rem; }
ul.good { list-style: none; padding-left: 0; }
ul.good li::before { content: "\\2713\\a0"; color: var(--good); font-weight: 700; }
details { margin: .4rem 0; border: 1px solid var(--line); border-radius: 6px; padding: .5rem .8rem; }
summary { cursor: pointer; font-weight: 600; }
dl { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: .15rem 1rem; margin: .5rem 0; font-size: .92rem; }
dt { color: var(--soft); }
dd { margin: 0; }
svg { display: block; font: 13px system-ui, "Segoe UI", Roboto, Arial, sans-serif; }
svg text { fill: var(--ink); }
svg .soft { fill: var(--soft); }
svg .box { fill: var(--card); stroke: var(--line); }
svg .box.store { stroke: var(--info); stroke-width: 1.5; }
svg .box.stray { stroke-dasharray: 4 3; }
svg .box.bad { stroke: var(--bad); stroke-width: 1.5; }
svg .box.missing { fill: none; stroke: var(--bad); stroke-width: 1.5; stroke-dasharray: 5 4; }
svg .edge { fill: none; stroke: var(--soft); stroke-width: 1.5; }
svg .edge.used { stroke: var(--good); stroke-width: 2.5; }
svg .edge.bad { stroke: var(--bad); stroke-width: 2; stroke-dasharray: 6 4; }
svg .fault { fill: var(--bad); font-weight: 600; }
svg .bar { fill: var(--bar); }
svg .bar.ended { fill: var(--bad); opacity: .55; }
svg .bar.ending { fill: var(--warn); opacity: .65; }
svg .zone { fill: var(--warn); opacity: .12; }
svg .now { stroke: var(--ink); stroke-width: 1.5; }
svg .grid { stroke: var(--line); }
footer { margin-top: 3rem; color: var(--soft); font-size: .85rem; }
@media (max-width: 34rem) { body { padding: 1rem .8rem 3rem; } dl { grid-template-columns: 1fr; } dt { margin-top: .4rem; } }
@media print { svg { max-width: 100%; height: auto; } body { max-width: none; padding: 0; font-size: 11pt; } pre, .finding, svg, tr { break-inside: avoid; }
  h2, h3 { break-after: avoid; } pre { white-space: pre-wrap; } }
`;
