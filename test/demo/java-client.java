import java.io.File;
import java.io.InputStreamReader;
import java.io.BufferedReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * A JSSE client. One link a line on standard input, fields behind tabs: truststore, password, algorithm of
 * the trust manager factory, host, port, name check (HTTPS or -), keystore or -, its password, scheme. One
 * answer a line on standard output: OK, or the messages of the exception and its causes.
 */
class JavaClient {
  private static final int GRACE = 2000;

  public static void main(String[] args) throws Exception {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      try {
        connect(line.split("\t"));
        System.out.println("OK");
      } catch (Exception exception) {
        StringBuilder text = new StringBuilder();
        for (Throwable cause = exception; cause != null; cause = cause.getCause())
          text.append(cause).append(" | ");
        System.out.println(text.toString().replace('\n', ' '));
      }
    }
  }

  private static KeyStore load(String path, String password) throws Exception {
    return KeyStore.getInstance(new File(path), password.toCharArray());
  }

  private static void connect(String[] link) throws Exception {
    TrustManagerFactory trust = TrustManagerFactory.getInstance(link[2]);
    trust.init(load(link[0], link[1]));
    KeyManager[] keys = null;
    if (!link[6].equals("-")) {
      KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
      factory.init(load(link[6], link[7]), link[7].toCharArray());
      keys = factory.getKeyManagers();
    }
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys, trust.getTrustManagers(), null);
    Socket tcp = new Socket();
    tcp.connect(new InetSocketAddress("127.0.0.1", Integer.parseInt(link[4])));
    String host = link[3];
    try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(tcp, host, 0, true)) {
      SSLParameters parameters = socket.getSSLParameters();
      if (!link[5].equals("-")) parameters.setEndpointIdentificationAlgorithm(link[5]);
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      if (link[8].equals("https")) request(socket);
      else listen(socket);
    }
  }

  private static void request(SSLSocket socket) throws Exception {
    byte[] request = "GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    socket.getOutputStream().write(request);
    if (socket.getInputStream().read() != 'H') throw new IllegalStateException("No HTTP response");
  }

  /** A TLS 1.3 server refuses a client certificate after the handshake; an accepted client may wait. */
  private static void listen(SSLSocket socket) throws Exception {
    socket.setSoTimeout(GRACE);
    try {
      if (socket.getInputStream().read() < 0) throw new IllegalStateException("Closed by the server");
    } catch (SocketTimeoutException accepted) {
      return;
    }
  }
}
