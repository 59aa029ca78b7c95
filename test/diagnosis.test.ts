import "./diagnosis/situations.ts";
import "./diagnosis/store-lint.ts";
