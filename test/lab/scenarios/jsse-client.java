import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import java.util.Base64;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * Does what it is told line by line: words in base64, separated by tabs; the answer is in base64, too. `connect`, port,
 * host, manager, store, password, keystore, its password, protocols: answers `accepted`, or `refused` and the exceptions
 * from outside in, a line each. `keytool` and its arguments: answers `done` or `failed`, and what it printed.
 */
class JsseClient {
  private static final PrintStream OUT = System.out;

  public static void main(String[] arguments) throws Exception {
    OUT.print("ready " + System.getProperty("java.version") + "\n");
    OUT.flush();
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line; (line = lines.readLine()) != null; ) {
      String[] words = line.split("\t", -1);
      for (int i = 0; i < words.length; i++)
        words[i] = new String(Base64.getDecoder().decode(words[i]), StandardCharsets.UTF_8);
      String answer = words[0].equals("keytool") ? keytool(words) : connect(words);
      OUT.print(Base64.getEncoder().encodeToString(answer.getBytes(StandardCharsets.UTF_8)) + "\n");
      OUT.flush();
    }
  }

  private static String connect(String[] words) {
    try (Socket plain = new Socket()) {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys(words[6], words[7]), anchors(words[3], words[4], words[5]).getTrustManagers(), null);
      plain.connect(new InetSocketAddress("127.0.0.1", Integer.parseInt(words[1])), 5000);
      plain.setSoTimeout(5000);
      SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, words[2], 443, true);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      if (!words[8].isEmpty()) socket.setEnabledProtocols(words[8].split(","));
      socket.startHandshake();
      OutputStream out = socket.getOutputStream();
      out.write("hello\n".getBytes(StandardCharsets.US_ASCII));
      out.flush();
      socket.getInputStream().read();
      return "accepted";
    } catch (Exception error) {
      StringBuilder text = new StringBuilder("refused\t" + error);
      for (Throwable each = error.getCause(); each != null; each = each.getCause())
        text.append("\nCaused by: ").append(each);
      return text.toString();
    }
  }

  /** The file that `javax.net.ssl.trustStore` names, read by the JDK's own rules; certificates of a PEM file as given. */
  private static TrustManagerFactory anchors(String manager, String path, String password) throws Exception {
    TrustManagerFactory factory = TrustManagerFactory.getInstance(manager);
    if (path.endsWith(".pem")) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      int count = 0;
      try (InputStream in = new FileInputStream(path)) {
        for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in))
          store.setCertificateEntry("c" + count++, each);
      }
      factory.init(store);
      return factory;
    }
    // the JVM keeps what it read last, and does not complain a second time about a file that it could not read
    System.setProperty("javax.net.ssl.trustStore", "NONE");
    TrustManagerFactory.getInstance("PKIX").init((KeyStore) null);
    System.setProperty("javax.net.ssl.trustStore", path);
    if (password.isEmpty()) System.clearProperty("javax.net.ssl.trustStorePassword");
    else System.setProperty("javax.net.ssl.trustStorePassword", password);
    factory.init((KeyStore) null);
    return factory;
  }

  private static KeyManager[] keys(String path, String password) throws Exception {
    if (path.isEmpty()) return null;
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = new FileInputStream(path)) {
      store.load(in, password.toCharArray());
    }
    KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
    factory.init(store, password.toCharArray());
    return factory.getKeyManagers();
  }

  /** The tool of this JDK, in this process; `-debug` lets it throw where it would end the process. */
  private static String keytool(String[] words) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(printed, true);
    PrintStream errors = System.err;
    System.setErr(out);
    System.setOut(out);
    try {
      Class<?> type = Class.forName("sun.security.tools.keytool.Main");
      Constructor<?> constructor = type.getDeclaredConstructor();
      constructor.setAccessible(true);
      Method run = type.getDeclaredMethod("run", String[].class, PrintStream.class);
      run.setAccessible(true);
      String[] arguments = Arrays.copyOfRange(words, 1, words.length + 1);
      arguments[arguments.length - 1] = "-debug";
      run.invoke(constructor.newInstance(), arguments, out);
      return "done\t" + printed;
    } catch (InvocationTargetException error) {
      return "failed\t" + error.getCause() + "\n" + printed;
    } catch (Exception error) {
      return "failed\t" + error;
    } finally {
      System.setErr(errors);
      System.setOut(OUT);
    }
  }
}
