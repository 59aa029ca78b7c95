import fc from "fast-check";
import t from "tap";
import { Abort } from "../../src/probe/tls/abort.ts";
import {
  decodeCertificate12,
  decodeCertificate13,
  decodeCertificateStatus,
  encodeCertificate,
} from "../../src/probe/tls/certificate-message.ts";
import {
  decodeCertificateRequest12,
  decodeCertificateRequest13,
} from "../../src/probe/tls/certificate-request.ts";
import { DecodeError } from "../../src/probe/tls/cursor.ts";
import {
  decodeAlpn,
  decodeCookie,
  decodeKeyShare,
  decodeRetryGroup,
  decodeServerHello,
} from "../../src/probe/tls/server-hello.ts";
import {
  decodeCertificateVerify,
  encodeCertificateVerify,
} from "../../src/probe/tls/signed-messages.ts";
import { decodeServerKeyExchange } from "../../src/probe/tls/server-key-exchange.ts";
import { Version } from "../../src/probe/tls/versions.ts";
import { Writer } from "../../src/probe/tls/writer.ts";
import { clearMessages, serverFlight13 } from "./rewrite.ts";
import { RECORDINGS, recording } from "./recording.ts";

const bytes = (limits: fc.IntArrayConstraints) => fc.uint8Array(limits);
const chain = fc.array(bytes({ minLength: 1, maxLength: 80 }), { minLength: 1, maxLength: 6 });
const OFFERED: ReadonlySet<number> = new Set([5, 18]);
const ignore = (): void => undefined;

t.test("decodeCertificate12() and 13() read what encodeCertificate() wrote", async (t) => {
  fc.assert(
    fc.property(chain, (certificates) => {
      const plain = encodeCertificate(certificates, null).subarray(4);
      const message = { certificates, ocspStaple: null, timestamps: [], extensions: [] };
      t.same(decodeCertificate12(plain, ignore), message);
      const framed = encodeCertificate(certificates, new Uint8Array()).subarray(4);
      t.same(decodeCertificate13(framed, OFFERED, ignore), message);
    }),
    { numRuns: 50 },
  );
});

t.test("decodeCertificate12() hands over the certificates before a cut", async (t) => {
  fc.assert(
    fc.property(chain, fc.nat(400), (certificates, at) => {
      const body = encodeCertificate(certificates, null).subarray(4);
      // The list's own length is mended, so that the cut lies within a certificate.
      const length = Math.min(at, body.length - 3);
      const cut = new Uint8Array(body.subarray(0, 3 + length));
      cut.set([0, length >>> 8, length & 0xff]);
      let kept: readonly Uint8Array[] = [];
      try {
        decodeCertificate12(cut, (read) => (kept = read));
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
      }
      t.same(kept, certificates.slice(0, kept.length));
      const whole = kept.reduce((sum, certificate) => sum + certificate.length + 3, 0);
      t.ok(length - whole < 3 + (certificates[kept.length]?.length ?? 0) || whole === length);
    }),
    { numRuns: 50 },
  );
});

t.test("decodeCertificateVerify() reads what encodeCertificateVerify() wrote", async (t) => {
  fc.assert(
    fc.property(fc.nat(0xffff), bytes({ maxLength: 600 }), (scheme, signature) => {
      const encoded = encodeCertificateVerify(scheme, signature);
      t.same(decodeCertificateVerify(encoded.subarray(4)), { scheme, signature });
    }),
    { numRuns: 50 },
  );
});

t.test("decodeCertificateRequest12() and 13() read names and schemes in order", async (t) => {
  const schemes = fc.array(fc.nat(0xffff), { maxLength: 20 });
  const names = fc.array(bytes({ maxLength: 40 }), { maxLength: 10 });
  fc.assert(
    fc.property(schemes, names, (signatureSchemes, authorities) => {
      const writeSchemes = (writer: Writer): void =>
        void writer.vector16(() => signatureSchemes.forEach((code) => writer.uint16(code)));
      const writeNames = (writer: Writer): void =>
        void writer.vector16(() => {
          for (const name of authorities) writer.vector16(() => writer.bytes(name));
        });
      const old = new Writer();
      old.vector8(() => old.uint8(1));
      writeSchemes(old);
      writeNames(old);
      const empty = new Uint8Array();
      const asked = { signatureSchemes, authorities, context: empty };
      t.match(decodeCertificateRequest12(old.finish()), { ...asked, certificateTypes: [1] });
      const now = new Writer();
      now
        .vector8(() => undefined)
        .vector16(() => {
          now.uint16(13).vector16(() => writeSchemes(now));
          now.uint16(47).vector16(() => writeNames(now));
        });
      t.match(decodeCertificateRequest13(now.finish()), { ...asked, certificateTypes: [] });
    }),
    { numRuns: 50 },
  );
});

const decoders: Readonly<Record<string, (body: Uint8Array) => unknown>> = {
  decodeServerHello,
  decodeKeyShare,
  decodeRetryGroup,
  decodeCookie,
  decodeAlpn,
  decodeCertificate12: (body) => decodeCertificate12(body, ignore),
  decodeCertificate13: (body) => decodeCertificate13(body, OFFERED, ignore),
  decodeCertificateStatus,
  decodeCertificateRequest12,
  decodeCertificateRequest13,
  decodeCertificateVerify,
  decodeServerKeyExchange: (body: Uint8Array) =>
    decodeServerKeyExchange(body, "ecdhe", Version.tls12),
  decodeServerKeyExchangeOfOldField: (body: Uint8Array) =>
    decodeServerKeyExchange(body, "dhe", Version.tls10),
};

const real = [
  ...RECORDINGS.flatMap(clearMessages),
  ...serverFlight13(recording("tls13-client-certificate")).messages,
  ...serverFlight13(recording("tls13-staple")).messages,
].map((message) => message.subarray(4));

for (const [name, decode] of Object.entries(decoders))
  t.test(`${name}() fails in no other way than with a place or a limit`, async (t) => {
    const start = fc.constantFrom(...real);
    const change = fc.array(fc.tuple(fc.nat(900), fc.nat(255)), { maxLength: 4 });
    const changed = fc.tuple(start, change, fc.nat(1_500)).map(([message, changes, length]) => {
      const copy = new Uint8Array(message.subarray(0, length));
      for (const [at, value] of changes) if (at < copy.length) copy[at] = value;
      return copy;
    });
    fc.assert(
      fc.property(fc.oneof(changed, bytes({ maxLength: 60 })), (body) => {
        try {
          decode(body);
        } catch (error) {
          if (error instanceof Abort) return true;
          return error instanceof DecodeError && error.offset >= 0 && error.offset <= body.length;
        }
        return true;
      }),
      { numRuns: 400, seed: 11 },
    );
    t.pass();
  });
