package io.text2video.worker.tokenizer;

import io.text2video.worker.config.InvalidCheckpointException;
import io.text2video.worker.config.ModelIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The tokenizer of a checkpoint, as transformers' {@code T5Tokenizer} (4.57). Owns native memory until closed; safe
 * across threads, but no call may run while another closes it.
 */
public final class T5Tokenizer implements AutoCloseable {
    /** Fixed by T5's vocabulary, and by its {@code config.json} as {@code pad_token_id} and {@code eos_token_id}. */
    static final int PAD = 0;

    static final int END = 1;
    static final int UNKNOWN = 2;

    /** How SentencePiece spells a space. */
    private static final char SPACE = '\u2581';

    private final TokenModel model;

    private T5Tokenizer(TokenModel model) {
        this.model = model;
    }

    /**
     * Loads the tokenizer of a checkpoint, in the class that its {@code model_index.json} names.
     *
     * @throws InvalidCheckpointException when there is neither of a tokenizer's files, or it is not a T5 vocabulary
     * @throws IOException when a file cannot be read
     */
    public static T5Tokenizer of(Path modelDirectory) throws IOException {
        return open(
                modelDirectory.resolve("tokenizer"),
                ModelIndex.read(modelDirectory).fastTokenizer());
    }

    /**
     * Loads {@code spiece.model}, or {@code tokenizer.json} where there is no such file.
     *
     * @param fast whether {@code tokenizer.json} comes first, as it does in {@code T5TokenizerFast}
     */
    static T5Tokenizer open(Path tokenizerDirectory, boolean fast) throws IOException {
        Path sentencePiece = tokenizerDirectory.resolve("spiece.model");
        Path json = tokenizerDirectory.resolve("tokenizer.json");
        if (Files.exists(sentencePiece) && !(fast && Files.exists(json))) {
            return new T5Tokenizer(SentencePieceModel.open(sentencePiece));
        }
        if (Files.exists(json)) {
            return new T5Tokenizer(TokenizerJsonModel.open(json));
        }
        throw new InvalidCheckpointException(tokenizerDirectory, "holds neither spiece.model nor tokenizer.json");
    }

    /**
     * Encodes a text.
     *
     * @param maxLength most ids, {@code </s>} included
     * @return the ids, unpadded, {@code </s>} last
     */
    public long[] encode(String text, int maxLength) {
        return tokenize(text, maxLength).ids();
    }

    /** Encodes a text to exactly {@code length} ids: those of {@link #encode} and then zeros. */
    public long[] encodePadded(String text, int length) {
        return Arrays.copyOf(encode(text, length), length);
    }

    /**
     * Encodes and says what the limit cut.
     *
     * @param maxLength most ids, {@code </s>} included
     */
    public Encoding tokenize(String text, int maxLength) {
        if (maxLength < 1) {
            throw new IllegalArgumentException("maxLength must be positive, but is " + maxLength);
        }
        List<Token> all = model.encode(text);
        // Cut first and end second, so that a literal </s> where the text is cut, or at its end, is not doubled.
        int kept = all.size() < maxLength ? all.size() : maxLength - 1;
        List<Token> tokens = new ArrayList<>(all.subList(0, kept));
        List<Token> cut = all.subList(kept, all.size());
        if (tokens.isEmpty() || tokens.get(kept - 1).id() != END) {
            tokens.add(new Token(END, "</s>"));
        }
        if (!cut.isEmpty() && cut.get(cut.size() - 1).id() == END) {
            cut = cut.subList(0, cut.size() - 1);
        }
        return new Encoding(
                tokens.stream().mapToLong(Token::id).toArray(),
                tokens.stream().map(Token::piece).toList(),
                cut.size(),
                cut.stream()
                        .map(Token::piece)
                        .collect(Collectors.joining())
                        .replace(SPACE, ' ')
                        .strip());
    }

    @Override
    public void close() {
        model.close();
    }
}
