import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.Provider;
import java.security.Security;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.TreeSet;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * Asks the real Java which certificates of a store it accepts as anchors. The argument names a file of questions, one a
 * line: path, type, password (a lone dash for none, otherwise '=' in front), separated by tabs. One answer a line:
 * "anchors", entry count, fingerprints; or "error", exception chain.
 */
class AcceptedIssuers {
    public static void main(String[] args) throws Exception {
        try {
            Class<?> provider = Class.forName("org.bouncycastle.jce.provider.BouncyCastleProvider");
            Security.addProvider((Provider) provider.getDeclaredConstructor().newInstance());
        } catch (ClassNotFoundException absent) {
            // asked about the types of the JDK only
        }
        for (String question : Files.readAllLines(Path.of(args[0]))) {
            String[] parts = question.split("\t", -1);
            char[] password = parts[2].equals("-") ? null : parts[2].substring(1).toCharArray();
            System.out.println(answer(Files.readAllBytes(Path.of(parts[0])), parts[1], password));
        }
    }

    private static String answer(byte[] store, String type, char[] password) {
        try {
            KeyStore keyStore = KeyStore.getInstance(type);
            keyStore.load(new ByteArrayInputStream(store), password);
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(keyStore);
            TreeSet<String> anchors = new TreeSet<>();
            for (X509Certificate issuer : ((X509TrustManager) factory.getTrustManagers()[0]).getAcceptedIssuers()) {
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(issuer.getEncoded());
                anchors.add(HexFormat.of().formatHex(digest));
            }
            return "anchors\t" + keyStore.size() + "\t" + String.join(",", anchors);
        } catch (Exception failure) {
            StringBuilder chain = new StringBuilder();
            for (Throwable cause = failure; cause != null; cause = cause.getCause())
                chain.append(chain.length() == 0 ? "" : " <- ").append(cause);
            return "error\t" + chain.toString().replace('\n', ' ');
        }
    }
}
