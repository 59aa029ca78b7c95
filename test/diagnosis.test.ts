import "./diagnosis/situations.ts";
