import java.io.FileInputStream;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** Connects to ports of localhost, trusting the certificates of a PEM file: FILE MANAGER PORT... One stack trace each. */
class TrustClient {
  public static void main(String[] arguments) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    int count = 0;
    try (FileInputStream file = new FileInputStream(arguments[0])) {
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(file))
        store.setCertificateEntry("anchor-" + count++, each);
    }
    TrustManagerFactory managers = TrustManagerFactory.getInstance(arguments[1]);
    managers.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    for (int index = 2; index < arguments.length; index++) {
      try (SSLSocket socket =
          (SSLSocket) context.getSocketFactory().createSocket("localhost", Integer.parseInt(arguments[index]))) {
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
      } catch (Exception error) {
        error.printStackTrace(System.out);
      }
      System.out.println("----");
    }
  }
}
