package io.text2video.worker.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Checks a content against its ETag. The hub's are the SHA-256 of a large file, and of a small one git's hash: the
 * SHA-1 of {@code "blob <size>\0"} and the content. An ETag of another form, as a mirror may give, cannot be checked.
 */
final class BlobHash {
    private static final int BUFFER = 1 << 20;

    private BlobHash() {}

    static boolean matches(Path file, String etag) throws IOException {
        if (etag.matches("[0-9a-f]{64}")) {
            return etag.equals(hash(file, digest("SHA-256")));
        }
        if (etag.matches("[0-9a-f]{40}")) {
            MessageDigest digest = digest("SHA-1");
            digest.update(("blob " + Files.size(file) + "\0").getBytes(StandardCharsets.US_ASCII));
            return etag.equals(hash(file, digest));
        }
        return true;
    }

    private static String hash(Path file, MessageDigest digest) throws IOException {
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(file)) {
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                digest.update(buffer, 0, length);
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedIOException("interrupted");
                }
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
