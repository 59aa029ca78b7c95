import "./diagnosis/situations.ts";
import "./diagnosis/store-lint.ts";
import "./diagnosis/comparison.ts";
