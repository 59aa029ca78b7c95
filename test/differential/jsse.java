import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.Principal;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Asks the trust manager of this JVM, line by line. A question: manager, endpoint identification, protocol, authType,
 * host, time in ms, anchors, chain (base64 DER joined by commas), separated by tabs. An answer: `ok`, `refused`,
 * `unparsable` (a certificate of the chain) or `store` (an anchor), then the exceptions from outside in.
 */
class Jsse {
  private static final String[] SCHEMES = {
    "SHA256withECDSA", "SHA384withECDSA", "SHA512withECDSA", "Ed25519", "Ed448", "RSASSA-PSS", "RSASSA-PSS",
    "RSASSA-PSS", "SHA256withRSA", "SHA384withRSA", "SHA512withRSA", "SHA256withDSA", "SHA1withECDSA", "SHA1withRSA",
    "SHA1withDSA"
  };
  private static final String[] SCHEMES_OF_TLS_12 = {
    "SHA256withECDSA", "SHA384withECDSA", "SHA512withECDSA", "Ed25519", "Ed448", "RSASSA-PSS", "RSASSA-PSS",
    "RSASSA-PSS", "SHA256withRSA", "SHA384withRSA", "SHA512withRSA", "SHA256withDSA", "SHA224withECDSA",
    "SHA224withRSA", "SHA224withDSA", "SHA1withECDSA", "SHA1withRSA", "SHA1withDSA"
  };
  private static final int MANAGER = 0, ENDPOINT = 1, PROTOCOL = 2, AUTH_TYPE = 3, HOST = 4, AT = 5, ANCHORS = 6,
      CHAIN = 7;

  public static void main(String[] arguments) throws Exception {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    out.print("ready " + System.getProperty("java.version") + "\n");
    out.flush();
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line; (line = lines.readLine()) != null; ) {
      out.print(answer(factory, line.split("\t", -1)) + "\n");
      if (!lines.ready()) out.flush();
    }
    out.flush();
  }

  private static String answer(CertificateFactory factory, String[] question) {
    List<X509Certificate> anchors;
    List<X509Certificate> chain;
    try {
      anchors = certificates(factory, question[ANCHORS]);
    } catch (CertificateException error) {
      return "store" + exceptions(error);
    }
    try {
      chain = certificates(factory, question[CHAIN]);
    } catch (CertificateException error) {
      return "unparsable" + exceptions(error);
    }
    try {
      manager(question, anchors).checkServerTrusted(
          chain.toArray(new X509Certificate[0]), question[AUTH_TYPE], new Engine(question));
      return "ok";
    } catch (Exception | StackOverflowError error) {
      return "refused" + exceptions(error);
    }
  }

  private static X509ExtendedTrustManager manager(String[] question, List<X509Certificate> anchors) throws Exception {
    TrustManagerFactory factory = TrustManagerFactory.getInstance(question[MANAGER]);
    if (question[MANAGER].equals("PKIX") && !anchors.isEmpty()) {
      Set<TrustAnchor> set = new LinkedHashSet<>();
      for (X509Certificate anchor : anchors) set.add(new TrustAnchor(anchor, null));
      PKIXBuilderParameters parameters = new PKIXBuilderParameters(set, new X509CertSelector());
      parameters.setDate(new Date(Long.parseLong(question[AT])));
      parameters.setRevocationEnabled(false);
      keepOrder(parameters, set);
      factory.init(new CertPathTrustManagerParameters(parameters));
    } else {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      for (int i = 0; i < anchors.size(); i++) store.setCertificateEntry("a" + i, anchors.get(i));
      factory.init(store);
    }
    return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
  }

  /** The JVM's own set of anchors is ordered by addresses, so that two runs may differ; here it is the store's order. */
  private static void keepOrder(PKIXBuilderParameters parameters, Set<TrustAnchor> anchors) throws Exception {
    Field field = PKIXParameters.class.getDeclaredField("unmodTrustAnchors");
    field.setAccessible(true);
    field.set(parameters, Collections.unmodifiableSet(anchors));
  }

  private static List<X509Certificate> certificates(CertificateFactory factory, String list)
      throws CertificateException {
    List<X509Certificate> certificates = new ArrayList<>();
    if (!list.isEmpty())
      for (String each : list.split(","))
        certificates.add((X509Certificate) factory.generateCertificate(
            new ByteArrayInputStream(Base64.getDecoder().decode(each))));
    return certificates;
  }

  private static String exceptions(Throwable outermost) {
    StringBuilder text = new StringBuilder();
    for (Throwable each = outermost; each != null; each = each.getCause())
      text.append("\t").append(escape(each.toString()));
    return text.toString();
  }

  private static String escape(String text) {
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t");
  }

  /** The session of a handshake that is under way. */
  private static final class Session extends ExtendedSSLSession {
    private final String[] question;

    Session(String[] question) {
      this.question = question;
    }

    public String[] getLocalSupportedSignatureAlgorithms() {
      return question[PROTOCOL].equals("TLSv1.3") ? SCHEMES : SCHEMES_OF_TLS_12;
    }

    public String[] getPeerSupportedSignatureAlgorithms() { return null; }
    public List<SNIServerName> getRequestedServerNames() { return List.of(); }
    public List<byte[]> getStatusResponses() { return List.of(); }
    public String getPeerHost() { return question[HOST]; }
    public String getProtocol() { return question[PROTOCOL]; }
    public byte[] getId() { return new byte[0]; }
    public SSLSessionContext getSessionContext() { return null; }
    public long getCreationTime() { return 0; }
    public long getLastAccessedTime() { return 0; }
    public void invalidate() {}
    public boolean isValid() { return true; }
    public void putValue(String name, Object value) {}
    public Object getValue(String name) { return null; }
    public void removeValue(String name) {}
    public String[] getValueNames() { return new String[0]; }
    public Certificate[] getPeerCertificates() { return null; }
    public Certificate[] getLocalCertificates() { return null; }
    public Principal getPeerPrincipal() { return null; }
    public Principal getLocalPrincipal() { return null; }
    public String getCipherSuite() { return "TLS_AES_128_GCM_SHA256"; }
    public int getPeerPort() { return 443; }
    public int getPacketBufferSize() { return 0; }
    public int getApplicationBufferSize() { return 0; }
  }

  /** The engine that a trust manager asks about its handshake. */
  private static final class Engine extends SSLEngine {
    private final Session session;
    private final SSLParameters parameters = new SSLParameters();

    Engine(String[] question) {
      super(question[HOST], 443);
      session = new Session(question);
      parameters.setEndpointIdentificationAlgorithm(question[ENDPOINT]);
    }

    public SSLSession getHandshakeSession() { return session; }
    public SSLParameters getSSLParameters() { return parameters; }
    public SSLSession getSession() { return session; }
    public SSLEngineResult wrap(ByteBuffer[] sources, int offset, int length, ByteBuffer target) { return null; }
    public SSLEngineResult unwrap(ByteBuffer source, ByteBuffer[] targets, int offset, int length) { return null; }
    public Runnable getDelegatedTask() { return null; }
    public void closeInbound() {}
    public boolean isInboundDone() { return false; }
    public void closeOutbound() {}
    public boolean isOutboundDone() { return false; }
    public String[] getSupportedCipherSuites() { return new String[0]; }
    public String[] getEnabledCipherSuites() { return new String[0]; }
    public void setEnabledCipherSuites(String[] suites) {}
    public String[] getSupportedProtocols() { return new String[0]; }
    public String[] getEnabledProtocols() { return new String[0]; }
    public void setEnabledProtocols(String[] protocols) {}
    public void beginHandshake() {}
    public SSLEngineResult.HandshakeStatus getHandshakeStatus() { return null; }
    public void setUseClientMode(boolean mode) {}
    public boolean getUseClientMode() { return true; }
    public void setNeedClientAuth(boolean need) {}
    public boolean getNeedClientAuth() { return false; }
    public void setWantClientAuth(boolean want) {}
    public boolean getWantClientAuth() { return false; }
    public void setEnableSessionCreation(boolean flag) {}
    public boolean getEnableSessionCreation() { return true; }
  }
}
