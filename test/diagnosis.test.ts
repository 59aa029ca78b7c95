import "./diagnosis/situations.ts";
import "./diagnosis/store-lint.ts";
import "./diagnosis/comparison.ts";
import "./diagnosis/catalogue.ts";
import "./diagnosis/own-facts.ts";
import "./diagnosis/client-identity.ts";
