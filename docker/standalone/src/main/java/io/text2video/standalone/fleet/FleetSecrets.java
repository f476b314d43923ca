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
import java.util.Optional;
import java.util.Properties;

/** The secrets of one embedded fleet: made at its first start and kept, readable by its owner alone. */
public record FleetSecrets(String s3AccessKey, String s3SecretKey, String webhookSecret) {
    private static final String ACCESS_KEY = "s3.access-key";
    private static final String SECRET_KEY = "s3.secret-key";
    private static final String WEBHOOK_SECRET = "webhook.secret";

    /** Of the fleet with this data directory. */
    public static FleetSecrets in(Path data) throws IOException {
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

    /**
     * With those in the place of its own that the environment has.
     *
     * @throws IOException when it has one of the store's two keys alone
     */
    public FleetSecrets orGiven(FleetConfiguration given) throws IOException {
        Optional<String> access = given.given(ACCESS_KEY);
        Optional<String> secret = given.given(SECRET_KEY);
        if (access.isPresent() != secret.isPresent()) {
            throw new IOException("%s is set without %s: set both, or none for keys of the fleet's own"
                    .formatted(
                            FleetConfiguration.variable(access.isPresent() ? ACCESS_KEY : SECRET_KEY),
                            FleetConfiguration.variable(access.isPresent() ? SECRET_KEY : ACCESS_KEY)));
        }
        return new FleetSecrets(
                access.orElse(s3AccessKey),
                secret.orElse(s3SecretKey),
                given.given(WEBHOOK_SECRET).orElse(webhookSecret));
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
