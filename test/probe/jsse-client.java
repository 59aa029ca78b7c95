import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.InputStreamReader;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * A JSSE client that shows what its key manager chooses. Each line of input is a case: port, protocol, keystore,
 * password, key manager. Each line of output is the SHA-256 of the certificate that was sent, NONE, or BROKE OFF.
 */
class JsseClient {
  public static void main(String[] arguments) throws Exception {
    BufferedReader cases = new BufferedReader(new InputStreamReader(System.in));
    for (String line = cases.readLine(); line != null; line = cases.readLine())
      System.out.println(connect(line.split("\t")));
  }

  static final Map<String, SSLContext> CONTEXTS = new HashMap<>();

  static SSLContext context(String[] fields) throws Exception {
    char[] password = fields[3].toCharArray();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (FileInputStream in = new FileInputStream(fields[2])) {
      store.load(in, password);
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(fields[4]);
    keys.init(store, password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), new TrustManager[] {new Anyone()}, null);
    return context;
  }

  static String connect(String[] fields) throws Exception {
    String key = fields[2] + fields[4];
    if (!CONTEXTS.containsKey(key)) CONTEXTS.put(key, context(fields));
    SSLContext context = CONTEXTS.get(key);
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", Integer.parseInt(fields[0]))) {
      socket.setEnabledProtocols(new String[] {fields[1]});
      socket.startHandshake();
      Certificate[] sent = socket.getSession().getLocalCertificates();
      return sent == null || sent.length == 0 ? "NONE" : digest(sent[0].getEncoded());
    } catch (javax.net.ssl.SSLException failure) {
      return "BROKE OFF " + failure.getMessage();
    }
  }

  static String digest(byte[] der) throws Exception {
    StringBuilder hex = new StringBuilder();
    for (byte each : java.security.MessageDigest.getInstance("SHA-256").digest(der))
      hex.append(String.format("%02x", each));
    return hex.toString();
  }

  static class Anyone implements X509TrustManager {
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
