package io.text2video.worker.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A safetensors file that is written a tensor at a time, in any order, so that none but the one at hand is in memory. Of a
 * file that is not finished nothing may be read. Belongs to one thread.
 */
public final class SafetensorsStream implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;
    private final Map<String, Place> unwritten = new HashMap<>();

    private record Place(long offset, long bytes) {}

    /**
     * Creates the file and writes its header.
     *
     * @param file which must not exist
     * @param slots all that will be written; the widest elements come first, so that each is aligned to its own size
     * @throws IllegalArgumentException when two share a name
     * @throws IOException when the file exists or cannot be written
     */
    public SafetensorsStream(Path file, Map<String, String> metadata, List<TensorSlot> slots) throws IOException {
        List<TensorSlot> ordered = slots.stream()
                .sorted(Comparator.comparingInt(
                                (TensorSlot slot) -> -slot.dtype().bytes())
                        .thenComparing(TensorSlot::name))
                .toList();
        byte[] header = SafetensorsWriter.header(metadata, ordered);
        this.file = file;
        this.channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        long offset = header.length;
        for (TensorSlot slot : ordered) {
            unwritten.put(slot.name(), new Place(offset, slot.byteLength()));
            offset += slot.byteLength();
        }
        writeAt(0, ByteBuffer.wrap(header));
    }

    /**
     * Writes one tensor.
     *
     * @param data its elements, row-major and little-endian
     */
    public void write(String name, ByteBuffer data) throws IOException {
        writeAt(take(name, data.remaining()).offset(), data.duplicate());
    }

    /** Copies one tensor as it is stored elsewhere, within the system's kernel where that can. */
    public void copy(String name, TensorInfo from) throws IOException {
        Place place = take(name, from.byteLength());
        try (FileChannel source = FileChannel.open(from.file(), StandardOpenOption.READ)) {
            channel.position(place.offset());
            long done = 0;
            while (done < place.bytes()) {
                long count = source.transferTo(from.offset() + done, place.bytes() - done, channel);
                if (count <= 0) {
                    throw new IOException(from.file() + " became shorter while it was read");
                }
                done += count;
            }
        }
    }

    /**
     * Waits until the file is on the disk.
     *
     * @throws IllegalStateException when a tensor was not written
     */
    public void finish() throws IOException {
        if (!unwritten.isEmpty()) {
            throw new IllegalStateException(file + " lacks " + unwritten.keySet());
        }
        channel.force(true);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private Place take(String name, long bytes) {
        Place place = unwritten.remove(name);
        if (place == null || place.bytes() != bytes) {
            throw new IllegalArgumentException("%s of %d bytes was announced as %s".formatted(name, bytes, place));
        }
        return place;
    }

    private void writeAt(long offset, ByteBuffer data) throws IOException {
        long at = offset;
        while (data.hasRemaining()) {
            at += channel.write(data, at);
        }
    }
}
