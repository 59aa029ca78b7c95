import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { apiUrl, ask } from "../api/ask.ts";
import type { CertificateDetail } from "../api/certificate-detail.ts";
import type { Link } from "../api/types.ts";
import { Icon } from "../ui/icon.tsx";
import { saveFile } from "../ui/save-file.ts";

const chainPem = async ({ chain }: Link): Promise<string | null> => {
  const answers = await Promise.all(
    chain.map(({ sha256 }) => ask(apiUrl(["certificates", sha256]))),
  );
  const parts = answers.flatMap((answer) =>
    answer.ok ? [(answer.value as CertificateDetail).pem] : [],
  );
  return parts.length === chain.length ? parts.join("") : null;
};

/** What of a link can be saved: the chain, the files that remedies name, and the handshakes. */
export const Downloads = ({
  link,
  attachments,
}: {
  readonly link: Link;
  readonly attachments: readonly { readonly fileName: string; readonly pem: string }[];
}): JSX.Element => {
  const failed = useSignal(false);
  return (
    <div class="downloads">
      {link.chain.length === 0 ? null : (
        <button
          type="button"
          onClick={() => {
            void chainPem(link).then((pem) => {
              failed.value = pem === null;
              if (pem !== null) saveFile(`${link.endpoint}-chain.pem`, pem);
            });
          }}
        >
          <Icon name="download" />
          Chain as PEM
        </button>
      )}
      {attachments.map(({ fileName, pem }) => (
        <button key={fileName} type="button" onClick={() => saveFile(fileName, pem)}>
          <Icon name="download" />
          <bdi>{fileName}</bdi>
        </button>
      ))}
      <a
        class="button"
        href={apiUrl(["endpoints", link.endpoint, "handshakes"])}
        download="handshakes.ndjson"
      >
        <Icon name="download" />
        Handshakes, for judge --handshake
      </a>
      {failed.value ? <p role="alert">The chain cannot be read from the history</p> : null}
    </div>
  );
};
