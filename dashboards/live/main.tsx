import { render } from "preact";
import { App } from "./app.tsx";
import "./style/base.css";
import "./style/map.css";
import "./style/link.css";
import "./style/lists.css";
import "./style/print.css";
import { follow } from "./state/estate.ts";

const root = document.getElementById("app");
if (root !== null) render(<App />, root);
follow();
