import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Certificate } from "../api/types.ts";
import { Decoded } from "../ui/decoded.tsx";
import { ValidityBar } from "../ui/validity-bar.tsx";

const ChainItem = ({ certificate }: { readonly certificate: Certificate }): JSX.Element => {
  const { sha256, subject, issuer, notBefore, notAfter } = certificate;
  const isOpen = useSignal(false);
  return (
    <li class="certificate">
      <p class="subject">
        {subject === null ? "Not readable as a certificate" : <bdi>{subject}</bdi>}
      </p>
      {issuer === null ? null : (
        <p>
          Issued by <bdi>{issuer}</bdi>
        </p>
      )}
      <ValidityBar notBefore={notBefore} notAfter={notAfter} />
      <details
        onToggle={({ currentTarget }) => {
          isOpen.value = currentTarget.open;
        }}
      >
        <summary>
          Decoded <code class="fingerprint">{sha256.slice(0, 16)}</code>
        </summary>
        {isOpen.value ? <Decoded sha256={sha256} /> : null}
      </details>
    </li>
  );
};

/** The chain in the order in which the server sends it. */
export const Chain = ({ chain }: { readonly chain: readonly Certificate[] }): JSX.Element => (
  <ol class="chain">
    {chain.map((certificate, index) => (
      <ChainItem key={`${index} ${certificate.sha256}`} certificate={certificate} />
    ))}
  </ol>
);
