import java.net.Socket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** Sends the hello of this JDK's default context: arguments are port and server name. */
public final class HelloClient {
  public static void main(String[] arguments) throws Exception {
    int port = Integer.parseInt(arguments[0]);
    SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
    Socket plain = new Socket("127.0.0.1", port);
    try (SSLSocket socket = (SSLSocket) factory.createSocket(plain, arguments[1], port, true)) {
      socket.startHandshake();
    } catch (java.io.IOException expected) {
      // The listener hangs up as soon as it has the hello.
    }
  }
}
