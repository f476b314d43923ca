package io.text2video.worker.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, which every Java platform has. */
public final class Digests {
    private static final int PIECES = 64;
    private static final int PIECE = 4096;

    private Digests() {}

    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Of bytes, as hex digits. */
    public static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(sha256().digest(bytes));
    }

    /**
     * Of a file's size, and of {@link #PIECES} pieces spread over it with its start and its end: all of a small file, and of
     * weights enough to tell them from other ones, in some milliseconds.
     */
    public static String sample(Path file) throws IOException {
        MessageDigest digest = sha256();
        try (FileChannel channel = FileChannel.open(file)) {
            long size = channel.size();
            digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, size));
            if (size <= (long) PIECES * PIECE) {
                read(channel, 0, (int) size, digest);
            } else {
                for (int i = 0; i < PIECES; i++) {
                    read(channel, (long) ((double) (size - PIECE) * i / (PIECES - 1)), PIECE, digest);
                }
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void read(FileChannel channel, long position, int length, MessageDigest digest) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate(length);
        while (piece.hasRemaining() && channel.read(piece, position + piece.position()) >= 0) {
            // Until it is full, or the file shrank.
        }
        digest.update(piece.flip());
    }
}
