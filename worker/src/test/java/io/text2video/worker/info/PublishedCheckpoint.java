package io.text2video.worker.info;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A published model as the hub's cache lays it out: configs, and links to safetensors files of full length that hold a
 * header and then nothing, so that they take no room. Configs and shapes are diffusers'; see
 * src/test/reference/README.md.
 */
public final class PublishedCheckpoint {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonNode all;
    private final JsonNode model;
    private final String dtype;
    private final Path directory;
    private final Path blobs;

    private PublishedCheckpoint(Path parent, String name, String dtype) throws IOException {
        this.all = JSON.readTree(Path.of("src/test/resources/published.json").toFile());
        this.model = all.path("models").path(name);
        this.dtype = dtype;
        this.directory = Files.createDirectories(parent.resolve(name));
        this.blobs = Files.createDirectories(parent.resolve("blobs"));
    }

    /**
     * Writes the model.
     *
     * @param dtype the safetensors format's name of a type of two bytes
     */
    public static PublishedCheckpoint write(Path parent, String name, String dtype) throws IOException {
        PublishedCheckpoint checkpoint = new PublishedCheckpoint(parent, name, dtype);
        checkpoint.write();
        return checkpoint;
    }

    /** Where it is. */
    public Path directory() {
        return directory;
    }

    /** What torch counts: values of parameters and of buffers that are saved. */
    long values(String component) {
        return network(component).path("values").asLong();
    }

    private void write() throws IOException {
        String scheduler = model.at("/scheduler/_class_name").asText();
        json("model_index.json")
                .put("_class_name", model.path("pipeline").asText())
                .set("scheduler", pair("diffusers", scheduler))
                .set("text_encoder", pair("transformers", "T5EncoderModel"))
                .set("tokenizer", pair("transformers", "T5Tokenizer"))
                .set("transformer", pair("diffusers", "CogVideoXTransformer3DModel"))
                .set("vae", pair("diffusers", "AutoencoderKLCogVideoX"))
                .write();
        json("scheduler/scheduler_config.json").setAll(model.path("scheduler")).write();
        json("text_encoder/config.json").setAll(all.at("/text_encoder/config")).write();
        json("transformer/config.json").setAll(model.at("/transformer/config")).write();
        json("vae/config.json").setAll(model.at("/vae/config")).write();
        weights("text_encoder", "model", 2);
        weights("transformer", "diffusion_pytorch_model", 2);
        weights("vae", "diffusion_pytorch_model", 1);
    }

    private JsonNode network(String component) {
        return component.equals("transformer") ? model.path(component) : all.path(component);
    }

    private void weights(String component, String file, int shards) throws IOException {
        JsonNode network = network(component);
        List<Map.Entry<String, JsonNode>> tensors = new ArrayList<>();
        for (Map.Entry<String, JsonNode> tensor : network.path("tensors").properties()) {
            int layers = tensor.getKey().contains("#") ? network.path("layers").asInt() : 1;
            for (int i = 0; i < layers; i++) {
                tensors.add(Map.entry(tensor.getKey().replace("#", Integer.toString(i)), tensor.getValue()));
            }
        }
        Path folder = directory.resolve(component);
        if (shards == 1) {
            sparse(folder.resolve(file + ".safetensors"), tensors);
            return;
        }
        ObjectNode places = JSON.createObjectNode();
        for (int i = 0; i < shards; i++) {
            String name = "%s-%05d-of-%05d.safetensors".formatted(file, i + 1, shards);
            var part = tensors.subList(tensors.size() * i / shards, tensors.size() * (i + 1) / shards);
            sparse(folder.resolve(name), part);
            part.forEach(tensor -> places.put(tensor.getKey(), name));
        }
        JSON.writeValue(
                folder.resolve(file + ".safetensors.index.json").toFile(),
                JSON.createObjectNode().set("weight_map", places));
    }

    private void sparse(Path link, List<Map.Entry<String, JsonNode>> tensors) throws IOException {
        ObjectNode header = JSON.createObjectNode();
        long end = 0;
        for (Map.Entry<String, JsonNode> tensor : tensors) {
            long start = end;
            long values = 1;
            for (JsonNode dimension : tensor.getValue()) {
                values *= dimension.asLong();
            }
            end += 2 * values;
            header.putObject(tensor.getKey())
                    .put("dtype", dtype)
                    .<ObjectNode>set("shape", tensor.getValue())
                    .putArray("data_offsets")
                    .add(start)
                    .add(end);
        }
        byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
        Path blob = blobs.resolve(directory.relativize(link).toString().replace('/', '-'));
        try (RandomAccessFile file = new RandomAccessFile(blob.toFile(), "rw")) {
            file.write(ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(text.length)
                    .array());
            file.write(text);
            file.setLength(Long.BYTES + text.length + end);
        }
        Files.createSymbolicLink(link, blob);
    }

    private Config json(String file) {
        return new Config(directory.resolve(file), JSON.createObjectNode());
    }

    private static JsonNode pair(String library, String className) {
        return JSON.createArrayNode().add(library).add(className);
    }

    private record Config(Path file, ObjectNode content) {
        Config put(String field, String value) {
            content.put(field, value);
            return this;
        }

        Config set(String field, JsonNode value) {
            content.set(field, value);
            return this;
        }

        Config setAll(JsonNode values) {
            content.setAll((ObjectNode) values);
            return this;
        }

        void write() throws IOException {
            Files.createDirectories(file.getParent());
            JSON.writeValue(file.toFile(), content);
        }
    }
}
