import "./end-to-end/demo.ts";
import "./end-to-end/readme.ts";
