package io.text2video.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A certificate authority that nobody else knows, and a server's key that it has signed, made by the JDK's keytool. */
final class PrivateCa {
    /** Of both key stores. */
    static final String PASSWORD = "store-canary-4711";

    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final Path directory;

    PrivateCa(Path directory) throws IOException, InterruptedException, GeneralSecurityException {
        this.directory = directory;
        List<String> key = List.of("-genkeypair", "-keyalg", "EC", "-validity", "2");
        keytool("ca.p12", key, "-alias", "ca", "-dname", "CN=Private CA", "-ext", "bc:c");
        keytool("ca.p12", List.of("-exportcert", "-rfc"), "-alias", "ca", "-file", file("ca.pem"));
        keytool("server.p12", key, "-alias", "server", "-dname", "CN=localhost");
        keytool("server.p12", List.of("-certreq"), "-alias", "server", "-file", file("server.csr"));
        String names = "san=dns:localhost,ip:127.0.0.1";
        List<String> signed = List.of("-gencert", "-rfc", "-validity", "2", "-ext", names);
        keytool("ca.p12", signed, "-alias", "ca", "-infile", file("server.csr"), "-outfile", file("server.pem"));
        List<String> taken = List.of("-importcert", "-noprompt");
        keytool("server.p12", taken, "-alias", "ca", "-file", file("ca.pem"));
        keytool("server.p12", taken, "-alias", "server", "-file", file("server.pem"));
        writeServerKey();
    }

    /** In the other form that servers take, which keytool does not write. */
    private void writeServerKey() throws IOException, GeneralSecurityException {
        char[] password = PASSWORD.toCharArray();
        byte[] key = KeyStore.getInstance(serverKeyStore().toFile(), password)
                .getKey("server", password)
                .getEncoded();
        String pem = Base64.getMimeEncoder().encodeToString(key);
        Files.writeString(serverKey(), "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n".formatted(pem));
    }

    /** Its certificate, PEM. */
    Path certificate() {
        return directory.resolve("ca.pem");
    }

    /** The server's key and certificate, PKCS #12, for {@code localhost} and 127.0.0.1. */
    Path serverKeyStore() {
        return directory.resolve("server.p12");
    }

    /** The same certificate, PEM. */
    Path serverCertificate() {
        return directory.resolve("server.pem");
    }

    /** Its key, PEM. */
    Path serverKey() {
        return directory.resolve("server.key");
    }

    private String file(String name) {
        return directory.resolve(name).toString();
    }

    private void keytool(String store, List<String> what, String... more) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(what);
        command.addAll(List.of(more));
        command.addAll(List.of("-keystore", file(store), "-storetype", "PKCS12", "-storepass", PASSWORD));
        Path log = directory.resolve("keytool.log");
        Process keytool = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!keytool.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            throw new IOException("keytool failed: " + Files.readString(log));
        }
    }
}
