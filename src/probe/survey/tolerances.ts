import { encodeClientHello } from "../tls/client-hello.ts";
import type { EngineEvent } from "../tls/events.ts";
import { ExtensionType } from "../tls/extensions.ts";
import type { HelloShape, LiteralExtension } from "../tls/hello-shape.ts";
import { CIPHER_SUITES_13 } from "../tls/cipher-suites-13.ts";
import { buildHello, type HelloOffer, MOST_SUITES } from "../tls/hello-builder.ts";
import { Version } from "../tls/versions.ts";
import { type Answer, readAnswer } from "./answer.ts";
import type { Interview, Question } from "./interview.ts";
import type { Peculiarity, ToleranceSurvey } from "./survey-record.ts";

/** Reserved code points that every server must pass over (RFC 8701). */
const GREASE = 0x5a5a;

/** An extension that is not registered. */
const UNKNOWN_EXTENSION: LiteralExtension = { type: 0xfe42, body: "0102030405" };

const SUITES_13 = CIPHER_SUITES_13.map(({ code }) => code);

const EXTENSION_HEADER = 4;

/** Lifts a hello to a size in bytes; its server name and its key shares come on top of that. */
function paddingTo(size: number, usual: HelloOffer): LiteralExtension {
  const bare = encodeClientHello(buildHello(usual), {
    random: new Uint8Array(32),
    sessionId: new Uint8Array(),
    keyShares: [],
    serverName: null,
    alpn: [],
    cookie: null,
  });
  return {
    type: ExtensionType.padding,
    body: "00".repeat(Math.max(0, size - bare.length - EXTENSION_HEADER)),
  };
}

/** What is asked for beside the usual, for a server whose newest version before TLS 1.3 is `older`. */
interface Variation {
  readonly peculiarity: Peculiarity;
  readonly question: (usual: HelloOffer) => Question;
}

const offer = (peculiarity: Peculiarity, change: (usual: HelloOffer) => HelloOffer): Variation => ({
  peculiarity,
  question: (usual) => ({ shape: buildHello({ ...usual, ...change(usual) }) }),
});

/** How much of an answer shows that there is one. */
const ANSWERED: readonly EngineEvent["kind"][] = ["hello", "retry"];
/** With another name there may be another certificate. */
const CHAIN: readonly EngineEvent["kind"][] = ["certificates"];

const VARIATIONS: readonly Variation[] = [
  offer("hello-of-600-bytes", (usual) => ({ additional: [paddingTo(600, usual)] })),
  offer("hello-of-5000-bytes", (usual) => ({ additional: [paddingTo(5_000, usual)] })),
  offer("hello-in-two-records", (usual) => ({ additional: [paddingTo(17_500, usual)] })),
  offer("unknown-extension", () => ({
    additional: [{ type: GREASE, body: "" }, UNKNOWN_EXTENSION],
  })),
  offer("unknown-cipher-suite", ({ cipherSuites = [] }) => ({
    cipherSuites: [GREASE, ...cipherSuites].slice(0, MOST_SUITES),
  })),
  {
    peculiarity: "unknown-version",
    question: (usual) => ({ shape: withUnknownVersion(buildHello(usual)) }),
  },
  offer("tls13-offered", ({ versions = [], cipherSuites = [] }) => ({
    versions: [Version.tls13, ...versions.filter((version) => version !== Version.tls13)],
    cipherSuites: [...new Set([...SUITES_13, ...cipherSuites])].slice(0, MOST_SUITES),
  })),
  {
    peculiarity: "no-server-name",
    question: (usual) => ({ shape: buildHello(usual), serverName: null, until: CHAIN }),
  },
  {
    peculiarity: "unknown-server-name",
    question: (usual) => ({
      shape: buildHello(usual),
      serverName: "unknown.invalid",
      until: CHAIN,
    }),
  },
];

/** A version from the future: reserved in `supported_versions`, one above the newest where there is none. */
function withUnknownVersion(shape: HelloShape): HelloShape {
  return shape.extensions.includes(ExtensionType.supportedVersions)
    ? { ...shape, versions: [GREASE, ...shape.versions] }
    : { ...shape, legacyVersion: Version.tls13 };
}

/** Silence is how many a server shows that it stumbled; a connection that fails shows nothing. */
function toleratedBy(answer: Answer): boolean | null {
  switch (answer.kind) {
    case "accepted":
      return true;
    case "refused":
      return false;
    case "unclear":
      return answer.failure.code === "timeout-handshake" ? false : null;
  }
}

/**
 * Varies a hello that the server is known to answer, one peculiarity at a time. `usual` is what that hello
 * offered.
 */
export async function surveyTolerances(
  interview: Interview,
  usual: HelloOffer,
): Promise<readonly ToleranceSurvey[]> {
  return Promise.all(
    VARIATIONS.map(async ({ peculiarity, question }) => {
      const handshake = await interview.ask({ until: ANSWERED, ...question(usual) });
      const heard = handshake.version !== null || handshake.retry !== null;
      const answer = readAnswer(handshake, heard);
      return {
        peculiarity,
        tolerated: toleratedBy(answer),
        failure: answer.kind === "accepted" ? null : answer.failure,
      };
    }),
  );
}
