package io.text2video.worker.video;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** An MP4 file's outermost boxes (ISO/IEC 14496-12, 4.2): each is its length, its name and its content. */
final class Mp4Boxes {
    private static final int HEADER = 8;
    private static final long LENGTH_FOLLOWS = 1;

    private Mp4Boxes() {}

    /**
     * Checks that the file is whole. The muxer does not tell when its last writes fail, as they do on a full disk.
     *
     * @throws IOException when it is cut off
     */
    static void requireWhole(Path file) throws IOException {
        Set<String> names = new HashSet<>();
        try (FileChannel channel = FileChannel.open(file)) {
            long size = channel.size();
            long at = 0;
            while (at + HEADER <= size) {
                ByteBuffer header = read(channel, at, HEADER);
                long length = Integer.toUnsignedLong(header.getInt());
                names.add(StandardCharsets.US_ASCII.decode(header).toString());
                if (length == LENGTH_FOLLOWS) {
                    length = read(channel, at + HEADER, Long.BYTES).getLong();
                }
                if (length < HEADER || length > size - at) {
                    break;
                }
                at += length;
            }
            if (at != size || !names.containsAll(Set.of("ftyp", "moov", "mdat"))) {
                throw new IOException("the video file is cut off after %d bytes".formatted(size));
            }
        }
    }

    private static ByteBuffer read(FileChannel channel, long position, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new IOException("the video file is cut off at %d".formatted(position));
            }
        }
        return buffer.flip();
    }
}
