package io.text2video.worker.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files byte by byte, so that they can be wrong. */
final class CraftedSafetensors {
    private CraftedSafetensors() {}

    static Path write(Path file, String header, int dataLength) throws IOException {
        return Files.write(file, bytes(header.getBytes(StandardCharsets.UTF_8), dataLength));
    }

    static byte[] bytes(byte[] header, int dataLength) {
        return ByteBuffer.allocate(Long.BYTES + header.length + dataLength)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .array();
    }

    static String tensor(String name, String dtype, String shape, long begin, long end) {
        return "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                .formatted(name, dtype, shape, begin, end);
    }
}
