import java.io.FileInputStream;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** A JSSE server on loopback: keystore, password, none|want|need, then protocols. Prints what it sees. */
class JsseServer {
  public static void main(String[] arguments) throws Exception {
    char[] password = arguments[1].toCharArray();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (FileInputStream in = new FileInputStream(arguments[0])) {
      store.load(in, password);
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, password);
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    SSLServerSocket server =
        (SSLServerSocket) context.getServerSocketFactory().createServerSocket(
            0, 50, java.net.InetAddress.getByName("127.0.0.1"));
    SSLParameters parameters = server.getSSLParameters();
    parameters.setProtocols(java.util.Arrays.copyOfRange(arguments, 3, arguments.length));
    parameters.setNeedClientAuth(arguments[2].equals("need"));
    if (arguments[2].equals("want")) parameters.setWantClientAuth(true);
    server.setSSLParameters(parameters);
    System.out.println("PORT " + server.getLocalPort());
    while (true) {
      try (SSLSocket socket = (SSLSocket) server.accept()) {
        try {
          socket.startHandshake();
          System.out.println(
              "SERVED " + socket.getSession().getProtocol() + " "
                  + socket.getSession().getCipherSuite());
          socket.getInputStream().read();
        } catch (Exception failure) {
          System.out.println("FAILED " + failure.getMessage());
        }
      }
    }
  }
}
