package io.text2video.standalone.fleet;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Properties;

/** The secrets of one embedded fleet: made at its first start and kept, readable by its owner alone. */
record FleetSecrets(String s3AccessKey, String s3SecretKey, String webhookSecret) {
    private static final String ACCESS_KEY = "s3.access-key";
    private static final String SECRET_KEY = "s3.secret-key";
    private static final String WEBHOOK_SECRET = "webhook.secret";

    static FleetSecrets in(Path data) throws IOException {
        Path file = data.resolve("secrets.properties");
        var properties = new Properties();
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            }
        } else {
            properties.setProperty(ACCESS_KEY, HexFormat.of().formatHex(random(10)));
            properties.setProperty(SECRET_KEY, HexFormat.of().formatHex(random(20)));
            properties.setProperty(
                    WEBHOOK_SECRET, "whsec_" + Base64.getEncoder().encodeToString(random(24)));
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try (Writer writer = Files.newBufferedWriter(file)) {
                properties.store(writer, "Secrets of the embedded fleet");
            }
        }
        return new FleetSecrets(
                properties.getProperty(ACCESS_KEY),
                properties.getProperty(SECRET_KEY),
                properties.getProperty(WEBHOOK_SECRET));
    }

    private static byte[] random(int bytes) {
        byte[] random = new byte[bytes];
        new SecureRandom().nextBytes(random);
        return random;
    }

    @Override
    public String toString() {
        return "FleetSecrets[redacted]";
    }
}
