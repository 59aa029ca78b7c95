import "./interop/matrix.ts";
