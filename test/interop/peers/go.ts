import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startProcess } from "../../lab/process.ts";
import { findTool } from "../../tools.ts";
import { type CertificateType, type Peer, VERSION_NAMES } from "../cell.ts";
import type { Identities } from "../identities.ts";
import { linePeer } from "./line-peer.ts";

const run = promisify(execFile);
const SOURCE = fileURLToPath(new URL("go", import.meta.url));

const OLD: readonly CertificateType[] = ["rsa-2048", "rsa-3072", "p256", "p384", "p521"];
const CURVES: readonly number[] = [0x1d, 0x17, 0x18, 0x19];

/** A program with a server of crypto/tls for each set-up. */
export async function goPeer(identities: Identities): Promise<Peer | undefined> {
  const go = findTool("go");
  if (go === undefined) return undefined;
  const program = join(identities.directory, "go-matrix");
  const env = {
    ...process.env,
    GOFLAGS: "-mod=mod",
    GOPROXY: "off",
    GOTOOLCHAIN: "local",
    GOCACHE: join(tmpdir(), "interop-go-cache"),
  };
  await run(go, ["build", "-o", program, "."], { cwd: SOURCE, env });
  const { stdout } = await run(go, ["version"]);
  const release = /go(\d+\.\d+)/.exec(stdout)?.[1] ?? "";
  const types: readonly CertificateType[] = [...OLD, "ed25519"];
  const setups = types.flatMap((type) =>
    ["none", "optional", "required"].flatMap((mode) => {
      const identity = identities.servers.get(type);
      return identity === undefined ? [] : [`${type}-${mode}`, mode, identity.chain, identity.key];
    }),
  );
  return linePeer(startProcess(program, [identities.authority, ...setups]), {
    name: `Go ${release}`,
    judgesLater: [],
    capabilities: {
      versions: VERSION_NAMES,
      certificates: (version) => (version === "TLSv1.3" || version === "TLSv1.2" ? types : OLD),
      groups: (_, kind) => (kind === "curve" ? CURVES : []),
    },
  });
}
