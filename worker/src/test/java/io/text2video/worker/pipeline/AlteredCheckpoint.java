package io.text2video.worker.pipeline;

import io.text2video.worker.Reference;
import io.text2video.worker.weights.SafetensorsFile;
import io.text2video.worker.weights.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** A copy of cogvideox-tiny with other weights: well-formed, and of values that make no video, or not in fp16. */
public final class AlteredCheckpoint {
    private static final short MINUS_SIXTEEN = (short) 0xCC00;

    /** Of fp16: the exponent's bits, what doubles a number 14 times, and the largest number but for its sign. */
    private static final int EXPONENT = 0x7C00;

    private static final int DOUBLED = 14 << 10;
    private static final int LARGEST = 0x7BFF;

    private AlteredCheckpoint() {}

    /** Its queries are 16,384 times as large, before a norm makes them what they were: too much for fp16 alone. */
    public static Path overflowing(Path directory) throws IOException {
        copy(directory);
        Path transformer = directory.resolve("transformer/diffusion_pytorch_model.safetensors");
        for (String name : List.of("weight", "bias")) {
            rewrite(transformer, "transformer_blocks.0.attn1.to_q." + name, AlteredCheckpoint::enlarge);
        }
        return directory;
    }

    /** Its decoder makes pixels of about −16, whatever the latents are. */
    static Path black(Path directory) throws IOException {
        copy(directory);
        Path vae = directory.resolve("vae/diffusion_pytorch_model.safetensors");
        rewrite(vae, "decoder.conv_out.conv.weight", value -> (short) 0);
        rewrite(vae, "decoder.conv_out.conv.bias", value -> MINUS_SIXTEEN);
        return directory;
    }

    private static void copy(Path target) throws IOException {
        try (Stream<Path> files = Files.walk(Reference.TINY_CHECKPOINT)) {
            for (Path file : files.toList()) {
                Files.copy(
                        file,
                        target.resolve(
                                Reference.TINY_CHECKPOINT.relativize(file).toString()));
            }
        }
    }

    @FunctionalInterface
    private interface Change {
        /** Of a number of fp16, as it is stored. */
        short apply(short value);
    }

    private static short enlarge(short value) {
        int magnitude = value & 0x7FFF;
        int larger = (magnitude & EXPONENT) == 0 ? magnitude : Math.min(magnitude + DOUBLED, LARGEST);
        return (short) (value & 0x8000 | larger);
    }

    private static void rewrite(Path file, String tensor, Change change) throws IOException {
        TensorInfo info = SafetensorsFile.read(file).tensors().get(tensor);
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.toIntExact(info.byteLength())).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            channel.read(bytes, info.offset());
            for (int at = 0; at < bytes.limit(); at += Short.BYTES) {
                bytes.putShort(at, change.apply(bytes.getShort(at)));
            }
            channel.write(bytes.flip(), info.offset());
        }
    }
}
