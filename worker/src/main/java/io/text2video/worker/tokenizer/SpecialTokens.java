package io.text2video.worker.tokenizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.text2video.worker.config.InvalidCheckpointException;
import io.text2video.worker.files.PythonJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The tokens that stand beside a SentencePiece vocabulary, by their spelling in a text. */
final class SpecialTokens {
    private static final JsonMapper JSON = PythonJson.mapper().build();

    private SpecialTokens() {}

    /** T5's three by their fixed ids, and the sentinels as the files beside {@code spiece.model} list them. */
    static Map<String, Integer> read(Path tokenizerDirectory) throws IOException {
        Map<String, Integer> ids = new LinkedHashMap<>();
        ids.put("<pad>", T5Tokenizer.PAD);
        ids.put("</s>", T5Tokenizer.END);
        ids.put("<unk>", T5Tokenizer.UNKNOWN);
        Path config = tokenizerDirectory.resolve("tokenizer_config.json");
        if (Files.exists(config)) {
            JsonNode json = parse(config);
            // transformers cuts texts around special tokens in another way then; ids would differ silently.
            if (json.path("legacy").isBoolean() && !json.path("legacy").booleanValue()) {
                throw new InvalidCheckpointException(config, "legacy", "false", "is not supported");
            }
            for (Map.Entry<String, JsonNode> entry :
                    json.path("added_tokens_decoder").properties()) {
                put(config, ids, entry.getValue().path("content").asText(), id(config, entry.getKey()));
            }
        }
        Path added = tokenizerDirectory.resolve("added_tokens.json");
        if (Files.exists(added)) {
            for (Map.Entry<String, JsonNode> entry : parse(added).properties()) {
                put(added, ids, entry.getKey(), id(added, entry.getValue().asText()));
            }
        }
        return ids;
    }

    private static void put(Path file, Map<String, Integer> ids, String token, int id)
            throws InvalidCheckpointException {
        if (!ids.containsKey(token) && !token.matches("<extra_id_\\d+>")) {
            throw new InvalidCheckpointException(file, token, Integer.toString(id), "is no special token of T5");
        }
        Integer before = ids.putIfAbsent(token, id);
        if (before != null && before != id) {
            throw new InvalidCheckpointException(
                    file, token, Integer.toString(id), "has the id " + before + " elsewhere");
        }
    }

    private static int id(Path file, String text) throws InvalidCheckpointException {
        if (!text.matches("\\d{1,9}")) {
            throw new InvalidCheckpointException(file, "has a token of the id " + text);
        }
        return Integer.parseInt(text);
    }

    private static JsonNode parse(Path file) throws IOException {
        try {
            return JSON.readTree(Files.readAllBytes(file));
        } catch (JsonProcessingException e) {
            throw new InvalidCheckpointException(file, "is not JSON: " + e.getOriginalMessage());
        }
    }
}
