import { readClientHello } from "../tls/client-hello-reader.ts";
import type { HelloShape } from "../tls/hello-shape.ts";
import { HELLO_CAPTURES, type CaptureName } from "./captures.ts";
import { GSKIT_HELLO, olderJavaHello, SCHANNEL_HELLO } from "./documented.ts";

/** Every client whose hello can be sent, in the order in which people are shown them. */
export const HELLO_NAMES = [
  "openjdk-8",
  "openjdk-11",
  "openjdk-17",
  "openjdk-21",
  "openjdk-25",
  "ibm-java-8",
  "openssl-3",
  "nodejs-20",
  "nodejs-24",
  "go",
  "gnutls-3",
  "gskit",
  "layer7",
  "dotnet-windows",
] as const;

/** Name of a client whose hello can be sent. */
export type HelloName = (typeof HELLO_NAMES)[number];

/** The hello of one kind of client. */
export interface KnownHello {
  readonly name: HelloName;
  /** For people, e.g. `OpenJDK 17`. */
  readonly title: string;
  /** `captured`: recorded from the real client; `documented`: put together from what is published about it. */
  readonly evidence: "captured" | "documented";
  /** The client that was recorded, e.g. `OpenJDK 17.0.15`, or what the shape was put together from. */
  readonly source: string;
  readonly shape: HelloShape;
}

/** Whether a text names a client whose hello can be sent. */
export function isHelloName(text: string): text is HelloName {
  return HELLO_NAMES.some((name) => name === text);
}

/** How each hello is made. */
type Origin =
  | { readonly kind: "captured"; readonly title: string; readonly from: CaptureName }
  | {
      readonly kind: "documented";
      readonly title: string;
      readonly source: string;
      readonly make: () => HelloShape;
    };

const captured = (from: CaptureName, title: string): Origin => ({ kind: "captured", from, title });
const documented = (title: string, source: string, make: () => HelloShape): Origin => ({
  kind: "documented",
  title,
  source,
  make,
});

const ORIGINS: Readonly<Record<HelloName, Origin>> = {
  "openjdk-8": documented("OpenJDK 8", "OpenJDK 17 without what came after 8u341", () =>
    olderJavaHello(captureOf("openjdk-17")),
  ),
  "openjdk-11": documented("OpenJDK 11", "OpenJDK 17 without what came after 11", () =>
    olderJavaHello(captureOf("openjdk-17")),
  ),
  "openjdk-17": captured("openjdk-17", "OpenJDK 17"),
  "openjdk-21": documented("OpenJDK 21", "OpenJDK 17, whose defaults it shares", () =>
    captureOf("openjdk-17"),
  ),
  "openjdk-25": captured("openjdk-25", "OpenJDK 25"),
  "ibm-java-8": documented("IBM Java 8", "OpenJDK 8, whose JSSE its own follows", () =>
    olderJavaHello(captureOf("openjdk-17")),
  ),
  "openssl-3": captured("openssl-3", "OpenSSL 3"),
  "nodejs-20": captured("nodejs-20", "Node.js 20"),
  "nodejs-24": captured("nodejs-24", "Node.js 24"),
  go: captured("go", "Go"),
  "gnutls-3": captured("gnutls-3", "GnuTLS 3"),
  gskit: documented("IBM GSKit 8", "defaults of IBM HTTP Server 9", () => GSKIT_HELLO),
  layer7: documented("CA API Gateway", "OpenJDK 11, on which it runs", () =>
    olderJavaHello(captureOf("openjdk-17")),
  ),
  "dotnet-windows": documented(
    ".NET on Windows",
    "Schannel's documented defaults in Windows Server 2022",
    () => SCHANNEL_HELLO,
  ),
};

const known = new Map<HelloName, KnownHello>();

/** The hello of a client; read once, then kept. */
export function knownHello(name: HelloName): KnownHello {
  const kept = known.get(name);
  if (kept !== undefined) return kept;
  const origin = ORIGINS[name];
  const { title } = origin;
  const hello: KnownHello =
    origin.kind === "captured"
      ? {
          name,
          title,
          evidence: "captured",
          source: HELLO_CAPTURES[origin.from].client,
          shape: captureOf(origin.from),
        }
      : { name, title, evidence: "documented", source: origin.source, shape: origin.make() };
  known.set(name, hello);
  return hello;
}

function captureOf(name: CaptureName): HelloShape {
  const { hello, recordVersion } = HELLO_CAPTURES[name];
  const read = readClientHello(Buffer.from(hello, "hex"), recordVersion);
  if (!read.ok) throw new Error(`Capture of ${name}: ${read.error.message}`);
  return read.value.shape;
}
