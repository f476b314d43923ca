package io.text2video.worker.tokenizer;

import ai.djl.sentencepiece.SpProcessor;
import ai.djl.sentencepiece.SpTokenizer;
import io.text2video.worker.config.InvalidCheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code spiece.model}: the SentencePiece library brings a text into normal form, and {@link UnigramVocabulary} cuts it.
 * The library's processor only reads once it is loaded. Special tokens are not in the model, so the text is split at them
 * first, as {@code PreTrainedTokenizer.tokenize} of transformers does.
 */
final class SentencePieceModel implements TokenModel {
    private final SpTokenizer tokenizer;
    private final SpProcessor processor;
    private final UnigramVocabulary vocabulary;
    private final Map<String, Integer> specials;
    private final Pattern split;

    private SentencePieceModel(SpTokenizer tokenizer, UnigramVocabulary vocabulary, Map<String, Integer> specials) {
        this.tokenizer = tokenizer;
        this.processor = tokenizer.getProcessor();
        this.vocabulary = vocabulary;
        this.specials = specials;
        // Sentinels take the spaces around them; Python's strip() also counts U+001C to U+001F as spaces.
        String space = "[\\s\\x1c-\\x1f]*";
        this.split = Pattern.compile(
                "(</s>|<pad>|<unk>)|" + space + "(<extra_id_\\d+>)" + space, Pattern.UNICODE_CHARACTER_CLASS);
    }

    static SentencePieceModel open(Path file) throws IOException {
        Map<String, Integer> specials = SpecialTokens.read(file.toAbsolutePath().getParent());
        byte[] model = Files.readAllBytes(file);
        UnigramVocabulary vocabulary;
        try {
            vocabulary = UnigramVocabulary.parse(model);
        } catch (IOException e) {
            throw new InvalidCheckpointException(file, "is not a SentencePiece model that T5 uses: " + e.getMessage());
        }
        if (!vocabulary.spelling(T5Tokenizer.PAD).equals("<pad>")
                || !vocabulary.spelling(T5Tokenizer.END).equals("</s>")
                || !vocabulary.spelling(T5Tokenizer.UNKNOWN).equals("<unk>")) {
            throw new InvalidCheckpointException(file, "is not a T5 vocabulary: ids 0 to 2 are not <pad>, </s>, <unk>");
        }
        try {
            return new SentencePieceModel(new SpTokenizer(model), vocabulary, specials);
        } catch (RuntimeException e) {
            throw new InvalidCheckpointException(file, "is not a SentencePiece model: " + e.getMessage());
        }
    }

    @Override
    public List<Token> encode(String text) {
        List<Token> tokens = new ArrayList<>();
        Matcher matcher = split.matcher(text);
        int end = 0;
        while (matcher.find()) {
            String special = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
            Integer id = specials.get(special);
            if (id != null) {
                addPlain(tokens, text.substring(end, matcher.start()));
                tokens.add(new Token(id, special));
                end = matcher.end();
            }
        }
        addPlain(tokens, text.substring(end));
        return tokens;
    }

    private void addPlain(List<Token> tokens, String text) {
        if (text.isEmpty()) {
            return;
        }
        // The native pieces joined are the text in the model's normal form, which is all that is taken from them.
        tokens.addAll(vocabulary.cut(String.join("", processor.tokenize(text))));
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
