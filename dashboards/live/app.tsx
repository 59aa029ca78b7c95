import { useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { AlertsView } from "./alerts/alerts-view.tsx";
import { CertificateView } from "./certificates/certificate-view.tsx";
import { CertificatesView } from "./certificates/certificates-view.tsx";
import { FindingsView } from "./findings/findings-view.tsx";
import { ForecastView } from "./forecast/forecast-view.tsx";
import { LinkView } from "./link/link-view.tsx";
import { LinksView } from "./links/links-view.tsx";
import { MapView } from "./map/map-view.tsx";
import { Announcer } from "./shell/announcer.tsx";
import { Help } from "./shell/help.tsx";
import { Masthead } from "./shell/masthead.tsx";
import { counts, isStale } from "./state/estate.ts";
import { hrefTo, pathText, place } from "./state/router.ts";
import { ToolsView } from "./tools/tools-view.tsx";
import { TruststoresView } from "./truststores/truststores-view.tsx";
import { Empty } from "./ui/empty.tsx";
import { Guard } from "./ui/guard.tsx";

const View = (): JSX.Element => {
  const { path } = place.value;
  const [first = "", second, third] = path;
  switch (first) {
    case "":
      return <MapView />;
    case "links":
      return second !== undefined && third !== undefined ? (
        <LinkView key={path.join("\n")} client={second} endpoint={third} />
      ) : (
        <LinksView />
      );
    case "findings":
      return <FindingsView code={second ?? null} />;
    case "certificates":
      return second === undefined ? <CertificatesView /> : <CertificateView sha256={second} />;
    case "truststores":
      return <TruststoresView name={second ?? null} />;
    case "alerts":
      return <AlertsView id={second ?? null} />;
    case "forecast":
      return <ForecastView />;
    case "tools":
      return <ToolsView name={second ?? "explain"} />;
    default:
      return (
        <>
          <h1>Nothing here</h1>
          <Empty>
            This address leads nowhere. <a href={hrefTo([])}>To the map</a>
          </Empty>
        </>
      );
  }
};

/** The whole page. */
export const App = (): JSX.Element => {
  const main = useRef<HTMLElement>(null);
  const path = pathText.value;
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [path]);
  useSignalEffect(() => {
    const { broken } = counts.value;
    document.title = broken > 0 ? `${broken} broken · Anchorwatch` : "Anchorwatch";
  });
  const isWall = place.value.query.has("wall");
  return (
    <div class={["page", isStale.value ? "stale" : "", isWall ? "wall" : ""].join(" ").trim()}>
      <Masthead onSkip={() => main.current?.focus()} />
      <Announcer />
      <main ref={main} tabIndex={-1}>
        <Guard key={path}>
          <View />
        </Guard>
      </main>
      <footer>
        <a href="metrics">Metrics</a>
        <a href="api/v1/links">Links as JSON</a>
        <a href="api/v1/openapi.json">API</a>
      </footer>
      <Help />
    </div>
  );
};
