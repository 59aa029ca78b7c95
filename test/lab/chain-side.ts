import { hierarchy } from "./scenarios/pki.ts";
import { link } from "./scenarios/lab.ts";
import { runScenarios } from "./scenarios/run-scenario.ts";
import { broken, type Scenario } from "./scenarios/scenario.ts";

const corp = hierarchy("Corp");

const SCENARIOS: readonly Scenario[] = [
  {
    id: "B1",
    title: "the intermediate is not sent",
    build: (lab) => link(lab, { sent: [corp.leaf], anchors: [corp.root] }),
    expected: broken("chain.incomplete"),
  },
];

runScenarios("chain", SCENARIOS);
