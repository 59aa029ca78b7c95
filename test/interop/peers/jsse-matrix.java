import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Security;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * JSSE servers on loopback. First argument: PEM of the clients' authority. Then, for each server, a name,
 * none|optional|required, a PEM chain, a PEM key and the key's algorithm. Prints suites, ports, and what
 * became of every connection.
 */
class JsseMatrix {
  private static final char[] PASSWORD = "changeit".toCharArray();

  public static void main(String[] arguments) throws Exception {
    for (String property :
        new String[] {
          "jdk.tls.disabledAlgorithms", "jdk.tls.legacyAlgorithms", "jdk.certpath.disabledAlgorithms"
        }) Security.setProperty(property, "");
    KeyStore anchors = KeyStore.getInstance("PKCS12");
    anchors.load(null, null);
    anchors.setCertificateEntry("authority", chain(arguments[0])[0]);
    for (String suite : SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites())
      System.out.println("SUITE " + suite);
    for (int at = 1; at < arguments.length; at += 5)
      start(arguments[at], arguments[at + 1], store(arguments, at + 2), anchors);
    System.out.println("READY");
  }

  private static Certificate[] chain(String file) throws Exception {
    byte[] pem = Files.readAllBytes(Path.of(file));
    return CertificateFactory.getInstance("X.509")
        .generateCertificates(new ByteArrayInputStream(pem))
        .toArray(new Certificate[0]);
  }

  private static KeyStore store(String[] arguments, int at) throws Exception {
    String pem = Files.readString(Path.of(arguments[at + 1]));
    byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[^-]+-----", ""));
    PrivateKey key =
        KeyFactory.getInstance(arguments[at + 2]).generatePrivate(new PKCS8EncodedKeySpec(der));
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("server", key, PASSWORD, chain(arguments[at]));
    return store;
  }

  private static void start(String name, String mode, KeyStore store, KeyStore anchors)
      throws Exception {
    KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
    keys.init(store, PASSWORD);
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(anchors);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    SSLServerSocket server =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    SSLParameters parameters = server.getSSLParameters();
    parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2", "TLSv1.1", "TLSv1"});
    parameters.setCipherSuites(server.getSupportedCipherSuites());
    parameters.setUseCipherSuitesOrder(false);
    if (mode.equals("optional")) parameters.setWantClientAuth(true);
    if (mode.equals("required")) parameters.setNeedClientAuth(true);
    server.setSSLParameters(parameters);
    System.out.println("PORT " + name + " " + server.getLocalPort());
    Thread thread = new Thread(() -> serve(server, name));
    thread.setDaemon(false);
    thread.start();
  }

  private static void serve(SSLServerSocket server, String name) {
    while (true) {
      try (SSLSocket socket = (SSLSocket) server.accept()) {
        try {
          socket.startHandshake();
          SSLSession session = socket.getSession();
          System.out.println(
              "ACCEPTED " + name + " " + session.getProtocol() + " " + session.getCipherSuite()
                  + " " + client(session));
          socket.getInputStream().read();
        } catch (Exception failure) {
          System.out.println("REFUSED " + name + " " + failure.getMessage());
        }
      } catch (Exception failure) {
        System.out.println("REFUSED " + name + " " + failure.getMessage());
      }
    }
  }

  private static String client(SSLSession session) {
    try {
      return session.getPeerPrincipal().getName();
    } catch (SSLPeerUnverifiedException nobody) {
      return "-";
    }
  }
}
