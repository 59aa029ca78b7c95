import "./end-to-end/demo.ts";
