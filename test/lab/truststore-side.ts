import { hierarchy } from "./scenarios/pki.ts";
import { link } from "./scenarios/lab.ts";
import { runScenarios } from "./scenarios/run-scenario.ts";
import { broken, type Scenario } from "./scenarios/scenario.ts";

const corp = hierarchy("Corp");
const other = hierarchy("Other");

const SCENARIOS: readonly Scenario[] = [
  {
    id: "A1",
    title: "the root of a correct chain is not in the store",
    build: (lab) => link(lab, { sent: [corp.leaf, corp.issuing], anchors: [other.root] }),
    expected: broken("truststore.anchor-missing"),
  },
  {
    id: "A2",
    title: "the same, and the server sends the root",
    build: (lab) =>
      link(lab, { sent: [corp.leaf, corp.issuing, corp.root], anchors: [other.root] }),
    expected: broken("truststore.anchor-missing"),
  },
];

runScenarios("truststore", SCENARIOS);
