import "./differential/bounded.ts";
