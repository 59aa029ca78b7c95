// Reads lines "time TAB chain TAB root TAB lists TAB responses" in base64, comma-separated; answers "ok" or the message
// of the exception. A response is for the leaf, as a server staples it.
import java.io.*;
import java.security.cert.*;
import java.util.*;

public class Oracle {
  public static void main(String[] arguments) throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, "UTF-8");
    for (String line; (line = in.readLine()) != null; ) {
      String answer;
      try {
        check(line.split("\t", -1));
        answer = "ok";
      } catch (CertPathValidatorException e) {
        answer = "refused\t" + e.getMessage() + "\t" + e.getIndex();
      } catch (Exception e) {
        answer = "thrown\t" + e;
      }
      out.println(answer.replace("\n", "\\n"));
    }
    out.flush();
  }

  static void check(String[] fields) throws Exception {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<X509Certificate> chain = new ArrayList<>();
    for (byte[] der : decode(fields[1]))
      chain.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der)));
    X509Certificate root =
        (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(decode(fields[2]).get(0)));
    List<CRL> lists = new ArrayList<>();
    for (byte[] der : decode(fields[3])) lists.add(factory.generateCRL(new ByteArrayInputStream(der)));
    PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
    parameters.setDate(new Date(Long.parseLong(fields[0])));
    parameters.setRevocationEnabled(true);
    parameters.addCertStore(
        CertStore.getInstance("Collection", new CollectionCertStoreParameters(lists)));
    CertPathValidator validator = CertPathValidator.getInstance("PKIX");
    List<byte[]> responses = decode(fields[4]);
    if (!responses.isEmpty()) {
      // as PKIXValidator does with stapled responses
      PKIXRevocationChecker checker = (PKIXRevocationChecker) validator.getRevocationChecker();
      checker.setOcspResponses(Map.of(chain.get(0), responses.get(0)));
      parameters.addCertPathChecker(checker);
    }
    validator.validate(factory.generateCertPath(chain), parameters);
  }

  static List<byte[]> decode(String field) {
    List<byte[]> values = new ArrayList<>();
    if (!field.isEmpty())
      for (String each : field.split(",")) values.add(Base64.getDecoder().decode(each));
    return values;
  }
}
