import t from "tap";
import { KAFKA } from "../../../src/estate/systems/kafka/importer.ts";
import { CERTIFICATES, pemOf } from "./certificates.ts";
import { importFiles } from "./import-files.ts";

t.test("KAFKA.read() derives brokers and clients", async (t) => {
  const { lines } = await importFiles(t, KAFKA, {
    "server.properties": `listeners=INTERNAL://:9093,EXTERNAL://0.0.0.0:9094,\\
  PLAIN://:9092
advertised.listeners=EXTERNAL://kafka-1.example.com:19094
listener.security.protocol.map=INTERNAL:SSL,EXTERNAL:SASL_SSL,PLAIN:PLAINTEXT
ssl.client.auth=none
listener.name.internal.ssl.client.auth=required
ssl.enabled.protocols=TLSv1.3
ssl.keystore.location=broker.pem
ssl.keystore.type=JKS
ssl.truststore.location=\${TRUST}/ca.p12
`,
    "client.properties": `\uFEFF# a client\r
bootstrap.servers=kafka-1.example.com:19094, kafka-2.example.com:19094,$BAD:1\r
security.protocol=SASL_SSL\r
ssl.endpoint.identification.algorithm=\r
ssl.truststore.type=PEM\r
ssl.truststore.certificates=${pemOf(CERTIFICATES.corporateRoot).replaceAll("\n", "\\n\\\r\n")}
`,
    "connect.properties": `bootstrap.servers=kafka-1.example.com:19094
producer.security.protocol=SSL
producer.ssl.truststore.location=ca.pem
producer.ssl.truststore.password=\${env.KAFKA_PW}
consumer.ssl.truststore.location=other.pem
`,
    "ca.pem": pemOf(CERTIFICATES.corporateRoot),
    "broker.pem": pemOf(CERTIFICATES.bpmEast),
  });
  t.strictSame(lines, [
    'dials "kafka-1.example.com:19094" tls://kafka-1.example.com:19094 @client.properties:2:1',
    'dials "kafka-2.example.com:19094" tls://kafka-2.example.com:19094 @client.properties:2:1',
    'listens "internal" tls://localhost:9093 @server.properties:1:1, clientAuth required @server.properties:6:1, protocols ["TLSv1.3"] @server.properties:7:1',
    'listens "external" tls://kafka-1.example.com:19094 @server.properties:1:1, clientAuth none @server.properties:5:1, protocols ["TLSv1.3"] @server.properties:7:1',
    'store "client" inline:MIIBrTCCAVOgA… @client.properties:6:1',
    'store "connect-producer" ca.pem @connect.properties:3:1, password {"kind":"env","name":"KAFKA_PW"} @connect.properties:4:1',
    'client "client" openjdk-17 trusts "client", nameCheck none @client.properties:4:1, protocols ["TLSv1.2","TLSv1.3"] @default',
    'client "connect-producer" openjdk-17 trusts "connect-producer", nameCheck https @default, protocols ["TLSv1.2","TLSv1.3"] @default',
    'link "client" -> "kafka-1.example.com:19094"',
    'link "client" -> "kafka-2.example.com:19094"',
    'link "connect-producer" -> "kafka-1.example.com:19094"',
    "note connect.properties:1:1 This client speaks without TLS: security.protocol is neither SSL nor SASL_SSL",
    "note connect.properties:3:1 The environment variable KAFKA_PW is not set",
    "note server.properties:1:1 The configuration does not say under which name others reach this listener, so localhost is taken; name it with --host or host:",
    "warning estate.unresolved-variable client.properties:2:1 bootstrap.servers holds BAD, which is not set, and is left out",
    "warning estate.name-check-off client.properties:4:1 The client does not check host names: ssl.endpoint.identification.algorithm is empty",
    "warning estate.store-type-differs server.properties:9:1 ssl.keystore is declared as JKS, and broker.pem is PEM",
    "warning estate.unresolved-variable server.properties:10:1 ssl.truststore.location holds TRUST, which is not set, and is left out",
    "info estate.client-auth-unconfigured server.properties:6:1 Listener INTERNAL asks for client certificates, and no truststore is named: the JVM's own decides, with every public authority in it",
  ]);
});
