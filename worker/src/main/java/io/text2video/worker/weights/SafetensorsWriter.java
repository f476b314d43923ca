package io.text2video.worker.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes safetensors files. Stateless and safe across threads, but not for two of them on one path. */
public final class SafetensorsWriter {
    private static final int ALIGNMENT = 8;

    private SafetensorsWriter() {}

    /**
     * One tensor to write.
     *
     * @param data the elements from the buffer's position to its limit, row-major and little-endian; written through a
     *     duplicate, so that the position stays
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier into write() that nobody compares
    public record Entry(String name, SafetensorsDtype dtype, long[] shape, ByteBuffer data) {
        public Entry {
            shape = shape.clone();
            long bytes = new TensorSlot(name, dtype, shape).byteLength();
            if (bytes != data.remaining()) {
                throw new IllegalArgumentException(name + " of " + dtype + Arrays.toString(shape) + " needs " + bytes
                        + " bytes, but the buffer has " + data.remaining());
            }
        }

        private TensorSlot slot() {
            return new TensorSlot(name, dtype, shape);
        }
    }

    /**
     * Writes beside {@code out} and then moves into place, so that a reader sees the old file or the whole new one.
     * Wide elements come first, which aligns each tensor to its element's size; the data section is 8-byte aligned.
     *
     * @throws IllegalArgumentException when two entries share a name or one takes the format's reserved name
     * @throws IOException when the file cannot be written
     */
    public static void write(Path out, Map<String, String> metadata, Collection<Entry> entries) throws IOException {
        List<Entry> ordered = ordered(entries);
        byte[] header = header(metadata, ordered.stream().map(Entry::slot).toList());
        Path target = out.toAbsolutePath();
        Path temporary = Files.createTempFile(target.getParent(), "." + target.getFileName(), ".part");
        try {
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                writeFully(channel, ByteBuffer.wrap(header));
                for (Entry entry : ordered) {
                    writeFully(channel, entry.data().duplicate());
                }
                channel.force(true);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /**
     * The same file in memory.
     *
     * @throws IllegalArgumentException as {@link #write} does, and when it exceeds 2 GiB
     */
    public static byte[] bytes(Map<String, String> metadata, Collection<Entry> entries) throws IOException {
        List<Entry> ordered = ordered(entries);
        byte[] header = header(metadata, ordered.stream().map(Entry::slot).toList());
        long size = header.length
                + ordered.stream().mapToLong(entry -> entry.data().remaining()).sum();
        if (size > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(size + " bytes do not fit an array; write them to a file");
        }
        ByteBuffer file = ByteBuffer.allocate((int) size).put(header);
        ordered.forEach(entry -> file.put(entry.data().duplicate()));
        return file.array();
    }

    private static List<Entry> ordered(Collection<Entry> entries) {
        return entries.stream()
                .sorted(Comparator.comparingInt((Entry entry) -> -entry.dtype().bytes())
                        .thenComparing(Entry::name))
                .toList();
    }

    /** Everything before the data: the header's length, then the header. The tensors follow in the order given. */
    static byte[] header(Map<String, String> metadata, List<TensorSlot> slots) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(new byte[Long.BYTES]);
        Set<String> names = new HashSet<>(Set.of(SafetensorsHeader.METADATA));
        try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeObjectFieldStart(SafetensorsHeader.METADATA);
                for (Map.Entry<String, String> item : metadata.entrySet()) {
                    json.writeStringField(item.getKey(), item.getValue());
                }
                json.writeEndObject();
            }
            long offset = 0;
            for (TensorSlot entry : slots) {
                if (!names.add(entry.name())) {
                    throw new IllegalArgumentException(
                            "two tensors, or the format itself, claim the name " + entry.name());
                }
                json.writeObjectFieldStart(entry.name());
                json.writeStringField("dtype", entry.dtype().name());
                json.writeFieldName("shape");
                json.writeArray(entry.shape(), 0, entry.shape().length);
                json.writeFieldName("data_offsets");
                long end = offset + entry.byteLength();
                json.writeArray(new long[] {offset, end}, 0, 2);
                json.writeEndObject();
                offset = end;
            }
            json.writeEndObject();
        }
        // The format lets spaces trail the header; they align what follows.
        while (bytes.size() % ALIGNMENT != 0) {
            bytes.write(' ');
        }
        byte[] header = bytes.toByteArray();
        ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length - Long.BYTES);
        return header;
    }

    private static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }
}
