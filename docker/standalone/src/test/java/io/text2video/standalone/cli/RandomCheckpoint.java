package io.text2video.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.text2video.worker.weights.SafetensorsDtype;
import io.text2video.worker.weights.SafetensorsWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * A CogVideoX-2b of other widths and of random weights, on disk: large enough for its tensors to show beside the process.
 * Names, configs and shapes are those of the published one, whose widths are put in place of each other.
 *
 * @param heads of the transformer, 64 wide each
 * @param layers of the transformer
 * @param textHeads of the text encoder, 64 wide each
 * @param vaeWidths of the VAE's blocks, for 128, 256 and 512
 * @param dtype F32 or F16
 */
record RandomCheckpoint(int heads, int layers, int textHeads, List<Integer> vaeWidths, SafetensorsDtype dtype) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path PUBLISHED = Path.of("../../worker/src/test/resources/published.json");
    private static final Path TOKENIZER = Path.of("../../models/cogvideox-tiny/tokenizer");
    private static final int HEAD = 64;
    private static final int TEXT_LAYERS = 2;
    private static final int PUBLISHED_WIDTH = 1920;
    private static final int PUBLISHED_TEXT_WIDTH = 4096;

    Path write(Path directory) throws IOException {
        JsonNode all = JSON.readTree(PUBLISHED.toFile());
        JsonNode model = all.at("/models/CogVideoX-2b");
        int width = heads * HEAD;
        int text = textHeads * HEAD;
        ObjectNode index = JSON.createObjectNode().put("_class_name", "CogVideoXPipeline");
        component(index, "scheduler", "CogVideoXDDIMScheduler");
        component(index, "text_encoder", "T5EncoderModel");
        component(index, "tokenizer", "T5Tokenizer");
        component(index, "transformer", "CogVideoXTransformer3DModel");
        component(index, "vae", "AutoencoderKLCogVideoX");
        write(directory.resolve("model_index.json"), index);
        write(directory.resolve("scheduler/scheduler_config.json"), model.path("scheduler"));
        write(
                directory.resolve("text_encoder/config.json"),
                ((ObjectNode) all.at("/text_encoder/config").deepCopy())
                        .put("d_model", text)
                        .put("d_ff", 2 * text)
                        .put("num_heads", textHeads)
                        .put("num_layers", TEXT_LAYERS));
        write(
                directory.resolve("transformer/config.json"),
                ((ObjectNode) model.at("/transformer/config").deepCopy())
                        .put("num_attention_heads", heads)
                        .put("text_embed_dim", text)
                        .put("num_layers", layers));
        ObjectNode vae = all.at("/vae/config").deepCopy();
        vae.put("norm_num_groups", 8).put("sample_height", 192).put("sample_width", 160);
        vae.putArray("block_out_channels")
                .add(vaeWidths.get(0))
                .add(vaeWidths.get(1))
                .add(vaeWidths.get(1))
                .add(vaeWidths.get(2));
        write(directory.resolve("vae/config.json"), vae);
        weights(
                directory.resolve("text_encoder/model.safetensors"),
                all.path("text_encoder"),
                TEXT_LAYERS,
                Map.of(PUBLISHED_TEXT_WIDTH, text, 10240, 2 * text, 64, textHeads));
        weights(
                directory.resolve("transformer/diffusion_pytorch_model.safetensors"),
                model.path("transformer"),
                layers,
                Map.of(
                        PUBLISHED_WIDTH,
                        width,
                        2 * PUBLISHED_WIDTH,
                        2 * width,
                        4 * PUBLISHED_WIDTH,
                        4 * width,
                        6 * PUBLISHED_WIDTH,
                        6 * width,
                        PUBLISHED_TEXT_WIDTH,
                        text));
        weights(
                directory.resolve("vae/diffusion_pytorch_model.safetensors"),
                all.path("vae"),
                1,
                Map.of(128, vaeWidths.get(0), 256, vaeWidths.get(1), 512, vaeWidths.get(2)));
        Path tokenizer = Files.createDirectories(directory.resolve("tokenizer"));
        try (Stream<Path> files = Files.list(TOKENIZER)) {
            for (Path file : files.toList()) {
                Files.copy(file, tokenizer.resolve(file.getFileName()));
            }
        }
        return directory;
    }

    private static void component(ObjectNode index, String name, String className) {
        index.putArray(name)
                .add(name.startsWith("t") && !name.equals("transformer") ? "transformers" : "diffusers")
                .add(className);
    }

    private static void write(Path file, JsonNode content) throws IOException {
        Files.createDirectories(file.getParent());
        JSON.writeValue(file.toFile(), content);
    }

    /** @param widths this one's by the published one's */
    private void weights(Path file, JsonNode network, int count, Map<Integer, Integer> widths) throws IOException {
        Random random = new Random(1);
        List<SafetensorsWriter.Entry> entries = new ArrayList<>();
        for (Map.Entry<String, JsonNode> tensor : network.path("tensors").properties()) {
            long[] shape = new long[tensor.getValue().size()];
            int values = 1;
            for (int i = 0; i < shape.length; i++) {
                int published = tensor.getValue().get(i).asInt();
                shape[i] = widths.getOrDefault(published, published);
                values = Math.multiplyExact(values, (int) shape[i]);
            }
            for (int layer = 0; layer < (tensor.getKey().contains("#") ? count : 1); layer++) {
                String name = tensor.getKey().replace("#", Integer.toString(layer));
                entries.add(new SafetensorsWriter.Entry(name, dtype, shape, values(values, random)));
            }
        }
        SafetensorsWriter.write(file, Map.of(), entries);
    }

    /** From −1/32 to 1/32, in either type exactly. */
    private ByteBuffer values(int count, Random random) {
        ByteBuffer bytes = ByteBuffer.allocate(count * dtype.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            int sign = random.nextInt(1 << 11);
            if (dtype == SafetensorsDtype.F32) {
                bytes.putFloat((sign - (1 << 10)) / 32768f);
            } else {
                // Sign, an exponent of 2 to the −6, and ten digits.
                bytes.putShort((short) ((sign & 1) << 15 | 9 << 10 | sign >> 1));
            }
        }
        return bytes.flip();
    }
}
