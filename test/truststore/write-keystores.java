import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Security;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import javax.crypto.spec.SecretKeySpec;

/**
 * Writes keystores of any type with the real Java. The argument names a file of plans, one a line: path, type, variant
 * (a lone dash for none), password, then one field for each entry, separated by tabs. An entry is "cert", "key" or
 * "secret", its alias, and the files of its certificates, separated by '|'.
 */
class WriteKeystores {
    public static void main(String[] args) throws Exception {
        System.setProperty("org.bouncycastle.bks.enable_v1", "true");
        try {
            Class<?> provider = Class.forName("org.bouncycastle.jce.provider.BouncyCastleProvider");
            Security.addProvider((Provider) provider.getDeclaredConstructor().newInstance());
        } catch (ClassNotFoundException absent) {
            // the types of the JDK do without
        }
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        PrivateKey key = generator.generateKeyPair().getPrivate();
        for (String plan : Files.readAllLines(Path.of(args[0]))) write(plan.split("\t", -1), key);
    }

    private static void write(String[] plan, PrivateKey key) throws Exception {
        char[] password = plan[3].toCharArray();
        KeyStore store = KeyStore.getInstance(plan[1]);
        store.load(null, null);
        for (int i = 4; i < plan.length; i++) {
            String[] entry = plan[i].split("\\|", -1);
            List<Certificate> chain = new ArrayList<>();
            for (int j = 2; j < entry.length; j++) chain.add(read(entry[j]));
            Certificate[] certificates = chain.toArray(new Certificate[0]);
            switch (entry[0]) {
                case "cert" -> store.setCertificateEntry(entry[1], certificates[0]);
                case "key" -> store.setKeyEntry(entry[1], key, password, certificates);
                default -> store.setKeyEntry(entry[1], new SecretKeySpec(new byte[16], "AES"), password, null);
            }
        }
        try (OutputStream out = Files.newOutputStream(Path.of(plan[0]))) {
            if (plan[2].equals("-")) store.store(out, password);
            else store.store(bcfks(plan[2], out, password));
        }
    }

    private static Certificate read(String file) throws Exception {
        byte[] der = Files.readAllBytes(Path.of(file));
        return CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    }

    /** Parameters of a BCFKS store: words that name the key derivation, the cipher and the MAC, joined by commas. */
    private static KeyStore.LoadStoreParameter bcfks(String variant, OutputStream out, char[] password) throws Exception {
        Class<?> type = Class.forName("org.bouncycastle.jcajce.BCFKSLoadStoreParameter$Builder");
        Object builder = type.getConstructor(OutputStream.class, char[].class).newInstance(out, password);
        for (String word : variant.split(",")) {
            if (word.startsWith("scrypt:")) {
                String[] n = word.substring(7).split(":");
                Class<?> scrypt = Class.forName("org.bouncycastle.crypto.util.ScryptConfig$Builder");
                Object config = scrypt.getConstructor(int.class, int.class, int.class)
                    .newInstance(Integer.valueOf(n[0]), Integer.valueOf(n[1]), Integer.valueOf(n[2]));
                scrypt.getMethod("withSaltLength", int.class).invoke(config, 20);
                set(builder, "withStorePBKDFConfig", "crypto.util.PBKDFConfig", scrypt.getMethod("build").invoke(config));
            } else if (word.startsWith("pbkdf2:")) {
                Class<?> pbkdf2 = Class.forName("org.bouncycastle.crypto.util.PBKDF2Config");
                Class<?> pbkdf2Builder = Class.forName("org.bouncycastle.crypto.util.PBKDF2Config$Builder");
                Object config = pbkdf2Builder.getConstructor().newInstance();
                pbkdf2Builder.getMethod("withIterationCount", int.class).invoke(config, 1000);
                pbkdf2Builder.getMethod("withSaltLength", int.class).invoke(config, 20);
                Object prf = pbkdf2.getField(word.substring(7)).get(null);
                for (Method method : pbkdf2Builder.getMethods())
                    if (method.getName().equals("withPRF")) method.invoke(config, prf);
                set(builder, "withStorePBKDFConfig", "crypto.util.PBKDFConfig", pbkdf2Builder.getMethod("build").invoke(config));
            } else {
                String kind = word.startsWith("AES") ? "EncryptionAlgorithm" : "MacAlgorithm";
                String parameter = "jcajce.BCFKSLoadStoreParameter$" + kind;
                Object value = Class.forName("org.bouncycastle." + parameter).getField(word).get(null);
                set(builder, "withStore" + kind, parameter, value);
            }
        }
        return (KeyStore.LoadStoreParameter) type.getMethod("build").invoke(builder);
    }

    private static void set(Object builder, String method, String parameter, Object value) throws Exception {
        builder.getClass().getMethod(method, Class.forName("org.bouncycastle." + parameter)).invoke(builder, value);
    }
}
