// Reads base64 lines; answers "ok", or what CertificateFactory throws, cause after cause.
import java.io.*;
import java.security.cert.*;
import java.util.Base64;

public class Oracle {
  public static void main(String[] arguments) throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, "UTF-8");
    for (String line; (line = in.readLine()) != null; ) {
      String answer;
      try {
        // as JSSE does for every certificate of the message
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(Base64.getDecoder().decode(line)));
        answer = "ok";
      } catch (CertificateException e) {
        StringBuilder chain = new StringBuilder("refused");
        for (Throwable each = e; each != null; each = each.getCause()) chain.append("\t").append(each);
        answer = chain.toString();
      } catch (Throwable e) {
        answer = "thrown\t" + e;
      }
      out.println(answer.replace("\n", "\\n").replace("\r", "\\r"));
    }
    out.flush();
  }
}
