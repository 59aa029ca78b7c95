import "./interop/matrix.ts";
import "./interop/hostile.ts";
