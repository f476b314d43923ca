package io.text2video.worker.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The header of one safetensors file: an unsigned 64-bit little-endian length, so many bytes of JSON, then the data.
 * Immutable, holds no open file. What a header claims is checked against the file's size before it is believed, so a
 * corrupt or hostile file costs at most the memory of its own bytes.
 */
public final class SafetensorsFile {
    /** Bytes; the limit of the format's own implementation. */
    static final long LARGEST_HEADER = 100_000_000;

    static final int LENGTH_BYTES = Long.BYTES;

    /** {@code PK\003\004}, little-endian. */
    private static final int ZIP_MAGIC = 0x04034b50;

    private static final int PICKLE_PROTOCOL = 0x80;

    private final Path path;
    private final Map<String, String> metadata;
    private final Map<String, TensorInfo> tensors;

    SafetensorsFile(Path path, Map<String, String> metadata, Map<String, TensorInfo> tensors) {
        this.path = path;
        this.metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        this.tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    }

    /**
     * Reads and checks the header; the data is not touched.
     *
     * @throws InvalidSafetensorsException when the file is not a well-formed safetensors file
     * @throws IOException when the file cannot be read
     */
    public static SafetensorsFile read(Path path) throws IOException {
        // A directory or a device can be opened for reading too, and says nothing sensible about its size.
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new InvalidSafetensorsException(path, "is not a regular file");
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            long fileSize = channel.size();
            requireLength(path, fileSize);
            ByteBuffer start = readFully(path, channel, 0, LENGTH_BYTES);
            int headerLength = headerLength(path, start, fileSize);
            byte[] header = readFully(path, channel, LENGTH_BYTES, headerLength).array();
            return parse(path, start, header, fileSize);
        }
    }

    /**
     * The same of a file that is in memory.
     *
     * @param path what messages call it
     * @throws InvalidSafetensorsException when it is not a well-formed safetensors file
     */
    public static SafetensorsFile parse(Path path, byte[] file) throws InvalidSafetensorsException {
        requireLength(path, file.length);
        ByteBuffer start = ByteBuffer.wrap(file, 0, LENGTH_BYTES).slice().order(ByteOrder.LITTLE_ENDIAN);
        int headerLength = headerLength(path, start, file.length);
        byte[] header = Arrays.copyOfRange(file, LENGTH_BYTES, LENGTH_BYTES + headerLength);
        return parse(path, start, header, file.length);
    }

    public Path path() {
        return path;
    }

    /** The {@code __metadata__} of the file; empty where it has none. Unmodifiable. */
    public Map<String, String> metadata() {
        return metadata;
    }

    /** Tensors by name, in the header's order. Unmodifiable. */
    public Map<String, TensorInfo> tensors() {
        return tensors;
    }

    private static void requireLength(Path path, long fileSize) throws InvalidSafetensorsException {
        if (fileSize < LENGTH_BYTES) {
            throw new InvalidSafetensorsException(
                    path, "has " + fileSize + " bytes, fewer than the " + LENGTH_BYTES + " of the header's length");
        }
    }

    private static int headerLength(Path path, ByteBuffer start, long fileSize) throws InvalidSafetensorsException {
        long headerLength = start.getLong(0);
        if (headerLength < 0 || headerLength > LARGEST_HEADER) {
            throw new InvalidSafetensorsException(
                    path,
                    "claims a header of " + Long.toUnsignedString(headerLength) + " bytes; at most " + LARGEST_HEADER
                            + " are allowed" + otherFormat(start));
        }
        if (headerLength > fileSize - LENGTH_BYTES) {
            throw new InvalidSafetensorsException(
                    path,
                    "claims a header of " + headerLength + " bytes but has " + fileSize + " in all"
                            + otherFormat(start));
        }
        return (int) headerLength;
    }

    private static SafetensorsFile parse(Path path, ByteBuffer start, byte[] header, long fileSize)
            throws InvalidSafetensorsException {
        if (header.length > 0 && header[0] != '{' && !otherFormat(start).isEmpty()) {
            throw new InvalidSafetensorsException(
                    path, "has a header that does not start with '{'" + otherFormat(start));
        }
        return SafetensorsHeader.parse(path, header, fileSize - LENGTH_BYTES - header.length);
    }

    /** Names the formats that most often hide behind a wrong suffix. Only a hint: a valid length may begin alike. */
    private static String otherFormat(ByteBuffer start) {
        int magic = start.getInt(0);
        if (magic == ZIP_MAGIC) {
            return "; it is a zip archive, as torch.save writes, and only safetensors are read";
        }
        boolean pickle = (magic & 0xff) == PICKLE_PROTOCOL && start.get(1) >= 2 && start.get(1) <= 5;
        return pickle ? "; it is a pickle, which can run code as it loads, and only safetensors are read" : "";
    }

    private static ByteBuffer readFully(Path path, FileChannel channel, long position, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new InvalidSafetensorsException(path, "was cut while it was read");
            }
        }
        return buffer.flip();
    }
}
