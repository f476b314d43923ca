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
 * {@code spiece.model} by the SentencePiece library, whose processor only reads once it is loaded. Special tokens are
 * not in the model, so the text is split at them first, as {@code PreTrainedTokenizer.tokenize} of transformers does.
 */
final class SentencePieceModel implements TokenModel {
    private final SpTokenizer tokenizer;
    private final SpProcessor processor;
    private final Map<String, Integer> specials;
    private final Pattern split;

    private SentencePieceModel(SpTokenizer tokenizer, Map<String, Integer> specials) {
        this.tokenizer = tokenizer;
        this.processor = tokenizer.getProcessor();
        this.specials = specials;
        // Sentinels take the spaces around them; Python's strip() also counts U+001C to U+001F as spaces.
        String space = "[\\s\\x1c-\\x1f]*";
        this.split = Pattern.compile(
                "(</s>|<pad>|<unk>)|" + space + "(<extra_id_\\d+>)" + space, Pattern.UNICODE_CHARACTER_CLASS);
    }

    static SentencePieceModel open(Path file) throws IOException {
        Map<String, Integer> specials = SpecialTokens.read(file.toAbsolutePath().getParent());
        byte[] model = Files.readAllBytes(file);
        try {
            SentencePieceModel opened = new SentencePieceModel(new SpTokenizer(model), specials);
            if (opened.processor.getId("</s>") == T5Tokenizer.END
                    && opened.processor.getId("<pad>") == T5Tokenizer.PAD) {
                return opened;
            }
            opened.close();
        } catch (RuntimeException e) {
            throw new InvalidCheckpointException(file, "is not a SentencePiece model: " + e.getMessage());
        }
        throw new InvalidCheckpointException(file, "is not a T5 vocabulary: <pad> is not 0 or </s> not 1");
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
        int[] ids = processor.encode(text);
        String[] pieces = processor.tokenize(text);
        for (int i = 0; i < ids.length; i++) {
            tokens.add(new Token(ids[i], pieces[i]));
        }
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
