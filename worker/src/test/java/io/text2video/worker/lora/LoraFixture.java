package io.text2video.worker.lora;

import io.text2video.worker.Reference;
import io.text2video.worker.weights.SafetensorsDtype;
import io.text2video.worker.weights.SafetensorsFile;
import io.text2video.worker.weights.SafetensorsWriter;
import io.text2video.worker.weights.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** LoRA files of the tests: those that diffusers wrote, and changed copies of them. */
public final class LoraFixture {
    /** What diffusers wrote and computed; see src/test/reference/README.md. */
    public static final Path FOLDER = Path.of("src/test/resources/reference/2b-lora");

    /** Attention alone; alpha 8, but 3 for one layer; rank 4, but 2 for another. */
    public static final Path ATTENTION = FOLDER.resolve("attention.safetensors");

    /** Every linear and the patches' convolution, rank-stabilised, in bf16. */
    public static final Path EVERYWHERE = FOLDER.resolve("everywhere.safetensors");

    private LoraFixture() {}

    public static Reference predictions() {
        return Reference.open(FOLDER.resolve("lora.safetensors"));
    }

    /** A copy of a file with other names and other metadata, and more tensors. */
    public static Path rewritten(
            Path file,
            Path out,
            Map<String, String> metadata,
            UnaryOperator<String> rename,
            SafetensorsWriter.Entry... more)
            throws IOException {
        List<SafetensorsWriter.Entry> entries = new ArrayList<>(Arrays.asList(more));
        try (FileChannel channel = FileChannel.open(file)) {
            for (TensorInfo tensor : SafetensorsFile.read(file).tensors().values()) {
                String name = rename.apply(tensor.name());
                if (!name.isEmpty()) {
                    ByteBuffer data = ByteBuffer.allocate((int) tensor.byteLength());
                    channel.read(data, tensor.offset());
                    entries.add(new SafetensorsWriter.Entry(name, tensor.dtype(), tensor.shape(), data.flip()));
                }
            }
        }
        SafetensorsWriter.write(out, metadata, entries);
        return out;
    }

    /** A tensor of equal numbers. */
    public static SafetensorsWriter.Entry filled(String name, float value, long... shape) {
        int elements = (int) Arrays.stream(shape).reduce(1, Math::multiplyExact);
        ByteBuffer data = ByteBuffer.allocate(Float.BYTES * elements).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < elements; i++) {
            data.putFloat(value);
        }
        return new SafetensorsWriter.Entry(name, SafetensorsDtype.F32, shape, data.flip());
    }

    /** The names of the attention LoRA's layers. */
    public static List<String> attentionLayers() {
        List<String> layers = new ArrayList<>();
        for (int block = 0; block < 2; block++) {
            for (String part : List.of("to_q", "to_k", "to_v", "to_out.0")) {
                layers.add("transformer_blocks.%d.attn1.%s".formatted(block, part));
            }
        }
        return layers;
    }
}
