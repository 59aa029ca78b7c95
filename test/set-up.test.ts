import "./set-up/house.ts";
import "./set-up/docstrings.ts";
import "./set-up/test-run.ts";
import "./set-up/launcher.ts";
import "./set-up/start.ts";
import "./set-up/deploy.ts";
import "./set-up/bench.ts";
import "./set-up/package.ts";
